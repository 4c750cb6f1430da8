package dev.souk.product;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Event;
import dev.souk.contracts.Fault;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.GroupCommit;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.event.Inbox.Received;
import dev.souk.product.StockStore.LockedStock;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How many pieces of each product there are, and whose they are. Each command takes effect once for its order or key,
 * however often and late it comes; {@link StockRules} decides, this class stores.
 */
final class StockService {
    private static final String CONFIRMED = EventFormat.type(OrderEvent.Confirmed.class);

    private final StockRepository stock;
    private final Clock clock;
    private final Duration timeToLive;
    private final GroupCommit<Products.Reserve, Reservation> reserving;
    private final GroupCommit<UUID, Done> releasing;

    /** @param timeToLive after how long a hold that is neither sold nor given back is looked into */
    StockService(StockRepository stock, Clock clock, Duration timeToLive) {
        this.stock = stock;
        this.clock = clock;
        this.timeToLive = timeToLive;
        this.reserving = stock.groupCommit("reserve-stock", this::reserveAll);
        this.releasing = stock.groupCommit("release-stock", this::releaseAll);
    }

    Future<Reservation> reserve(Products.Reserve request, CallContext context) {
        ProductRules.id(request.orderId(), "/orderId");
        ProductRules.lines(request.lines());
        return reserving.submit(request, context.deadline());
    }

    /** A release of an order that is not known leaves a tombstone, on which a reserve that comes later ends. */
    Future<Done> release(Products.Release request, CallContext context) {
        return releasing.submit(ProductRules.id(request.orderId(), "/orderId"), context.deadline());
    }

    /**
     * Sells what the orders that were confirmed hold; other events have no effect. Fails if one of these orders never
     * reserved anything, which cannot be and must not go unseen.
     */
    Future<Void> apply(StockStore tables, List<Received> events) {
        Set<UUID> confirmed = events.stream()
                .map(Received::event)
                .filter(event -> event.type().equals(CONFIRMED))
                .map(Event::aggregateId)
                .collect(Collectors.toSet());
        return tables.lock(confirmed)
                .map(known -> settlings(requireAll(confirmed, known), StockRules::commit))
                .compose(settlings -> tables.last(tables.settle(settlings, clock.instant())));
    }

    Future<StockLevel> adjust(Products.AdjustStock request, CallContext context) {
        Caller admin = context.requireAdmin();
        UUID productId = ProductRules.id(request.productId(), "/productId");
        ProductRules.idempotencyKey(request.idempotencyKey());
        ProductRules.delta(request.delta());
        ProductRules.reason(request.reason());
        return stock.transaction(
                "adjust-stock",
                tables -> tables.lockStock(productId)
                        .map(StockService::orNotFound)
                        .compose(locked -> adjust(tables, locked, request, admin)));
    }

    Future<StockLevel> level(Products.GetStock request, CallContext context) {
        context.requireAdmin();
        return stock.find(ProductRules.id(request.productId(), "/productId")).map(StockService::orNotFound);
    }

    /** A double of an order gets the outcome of the first, and needs no lock for that. */
    private Future<List<Reservation>> reserveAll(StockStore tables, List<Products.Reserve> requests) {
        Map<UUID, Map<UUID, Long>> wanted = new LinkedHashMap<>();
        requests.forEach(request -> wanted.putIfAbsent(request.orderId(), StockRules.wanted(request.lines())));
        Set<UUID> productIds = wanted.values().stream()
                .flatMap(lines -> lines.keySet().stream())
                .collect(Collectors.toSet());
        Instant now = clock.instant();
        Future<Set<UUID>> doubles = tables.claim(wanted.keySet(), ReservationState.HELD, now, now.plus(timeToLive));
        Future<Map<UUID, Long>> available = tables.lockAvailable(productIds);
        return Future.all(doubles, available)
                .compose(locked -> tables.find(doubles.result()))
                .compose(known -> reserveUnknown(tables, wanted, known, available.result()))
                .map(outcomes -> requests.stream()
                        .map(request -> outcomes.get(request.orderId()))
                        .toList());
    }

    private static Future<Map<UUID, Reservation>> reserveUnknown(
            StockStore tables,
            Map<UUID, Map<UUID, Long>> wanted,
            Map<UUID, KeptReservation> known,
            Map<UUID, Long> available) {
        Map<UUID, Map<UUID, Long>> unknown = new LinkedHashMap<>(wanted);
        unknown.keySet().removeAll(known.keySet());
        Map<UUID, Reservation> outcomes = StockRules.reserveInTurn(available, unknown);
        return keep(tables, unknown, outcomes).map(kept -> {
            Map<UUID, Reservation> all = new HashMap<>(outcomes);
            known.forEach((orderId, reservation) -> all.put(orderId, StockRules.reserveAgain(reservation)));
            return all;
        });
    }

    private static Future<Void> keep(
            StockStore tables, Map<UUID, Map<UUID, Long>> wanted, Map<UUID, Reservation> outcomes) {
        Map<UUID, Map<UUID, Long>> taken = new LinkedHashMap<>();
        Map<UUID, List<UUID>> refused = new LinkedHashMap<>();
        outcomes.forEach((orderId, outcome) -> {
            switch (outcome) {
                case Reservation.Reserved reserved -> taken.put(orderId, wanted.get(orderId));
                case Reservation.OutOfStock shortage -> refused.put(orderId, shortage.productIds());
                case Reservation.Closed closed -> throw new IllegalStateException("a new order cannot be closed");
            }
        });
        return tables.last(
                Future.all(tables.take(taken), tables.refuse(refused)).mapEmpty());
    }

    private Future<List<Done>> releaseAll(StockStore tables, List<UUID> orderIds) {
        Instant now = clock.instant();
        return tables.claim(Set.copyOf(orderIds), ReservationState.RELEASED, now, now)
                .compose(tables::lock)
                .map(known -> settlings(known, StockRules::release))
                .compose(settlings -> tables.last(tables.settle(settlings, now)))
                .map(settled -> Collections.nCopies(orderIds.size(), Done.DONE));
    }

    /** What is to be done to those of them to which anything is. */
    private static Map<UUID, Settling> settlings(
            Map<UUID, KeptReservation> known, Function<ReservationState, Optional<Settling>> rule) {
        Map<UUID, Settling> settlings = new HashMap<>();
        known.forEach(
                (orderId, kept) -> rule.apply(kept.state()).ifPresent(settling -> settlings.put(orderId, settling)));
        return settlings;
    }

    private static Map<UUID, KeptReservation> requireAll(Set<UUID> orderIds, Map<UUID, KeptReservation> known) {
        orderIds.stream()
                .filter(orderId -> !known.containsKey(orderId))
                .findAny()
                .ifPresent(orderId -> {
                    throw new IllegalStateException(
                            "the order " + orderId + " was confirmed and never asked for stock");
                });
        return known;
    }

    /** The lock on the stock lets requests with one key pass one after the other. */
    private Future<StockLevel> adjust(
            StockStore tables, LockedStock locked, Products.AdjustStock request, Caller admin) {
        return tables.findAdjustment(request.productId(), request.idempotencyKey())
                .compose(known -> known.map(kept -> StockRules.adjustAgain(kept, request))
                        .map(Future::succeededFuture)
                        .orElseGet(() -> adjustOnce(tables, locked, request, admin)));
    }

    private Future<StockLevel> adjustOnce(
            StockStore tables, LockedStock locked, Products.AdjustStock request, Caller admin) {
        if (!locked.listed()) {
            throw Fault.notFound("product");
        }
        StockLevel result = StockRules.adjust(locked.level(), request.delta());
        return tables.adjust(request, result, admin.userId(), clock.instant()).map(result);
    }

    private static <T> T orNotFound(Optional<T> found) {
        return found.orElseThrow(() -> Fault.notFound("product"));
    }
}
