package dev.souk.product;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.Settlement;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.GroupCommit;
import dev.souk.product.StockRepository.LockedStock;
import dev.souk.product.StockRepository.Transaction;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * How many pieces of each product there are, and whose they are. Each command takes effect once for its order or key,
 * however often and late it comes; {@link StockRules} decides, this class stores.
 */
final class StockService {
    private static final int MOST_IN_BATCH = 512;
    private static final int MOST_WAITING = 4_096;

    private final StockRepository stock;
    private final Clock clock;
    private final GroupCommit<Products.Reserve, Reservation> reserving =
            new GroupCommit<>(MOST_IN_BATCH, MOST_WAITING, this::reserveAll);
    private final GroupCommit<UUID, Optional<Settlement>> committing =
            new GroupCommit<>(MOST_IN_BATCH, MOST_WAITING, this::commitAll);

    StockService(StockRepository stock, Clock clock) {
        this.stock = stock;
        this.clock = clock;
    }

    Future<Reservation> reserve(Products.Reserve request, CallContext context) {
        ProductRules.id(request.orderId(), "/orderId");
        ProductRules.lines(request.lines());
        return reserving.submit(request, context.deadline());
    }

    Future<Settlement> commit(Products.Commit request, CallContext context) {
        UUID orderId = ProductRules.id(request.orderId(), "/orderId");
        return committing
                .submit(orderId, context.deadline())
                .map(known -> known.orElseThrow(() -> Fault.notFound("reservation")));
    }

    /** A release of an order that is not known leaves a tombstone, on which a reserve that comes later ends. */
    Future<Settlement> release(Products.Release request, CallContext context) {
        UUID orderId = ProductRules.id(request.orderId(), "/orderId");
        SortedSet<UUID> one = new TreeSet<>(Set.of(orderId));
        return stock.transaction(tables -> tables.claim(one, ReservationState.RELEASED, clock.instant())
                .map(known -> known.containsKey(orderId) ? known.get(orderId).state() : ReservationState.RELEASED)
                .map(StockRules::release)
                .compose(settling -> giveBack(tables, orderId, settling)));
    }

    Future<StockLevel> adjust(Products.AdjustStock request, CallContext context) {
        Caller admin = context.requireAdmin();
        UUID productId = ProductRules.id(request.productId(), "/productId");
        ProductRules.idempotencyKey(request.idempotencyKey());
        ProductRules.delta(request.delta());
        ProductRules.reason(request.reason());
        return stock.transaction(tables -> tables.lockStock(productId)
                .map(StockService::orNotFound)
                .compose(locked -> adjust(tables, locked, request, admin)));
    }

    Future<StockLevel> level(Products.GetStock request, CallContext context) {
        context.requireAdmin();
        return stock.find(ProductRules.id(request.productId(), "/productId")).map(StockService::orNotFound);
    }

    /** All of these in one transaction, each with its own outcome; a double of an order gets the outcome of the first. */
    private Future<List<Reservation>> reserveAll(List<Products.Reserve> requests) {
        Map<UUID, Map<UUID, Long>> wanted = new LinkedHashMap<>();
        requests.forEach(request -> wanted.putIfAbsent(request.orderId(), StockRules.wanted(request.lines())));
        return stock.transaction(
                        tables -> tables.claim(new TreeSet<>(wanted.keySet()), ReservationState.HELD, clock.instant())
                                .compose(known -> reserveUnknown(tables, wanted, known)))
                .map(outcomes -> requests.stream()
                        .map(request -> outcomes.get(request.orderId()))
                        .toList());
    }

    private Future<Map<UUID, Reservation>> reserveUnknown(
            Transaction tables, Map<UUID, Map<UUID, Long>> wanted, Map<UUID, KeptReservation> known) {
        Map<UUID, Map<UUID, Long>> unknown = new LinkedHashMap<>(wanted);
        unknown.keySet().removeAll(known.keySet());
        Set<UUID> productIds = unknown.values().stream()
                .flatMap(lines -> lines.keySet().stream())
                .collect(Collectors.toSet());
        return tables.lockAvailable(productIds)
                .map(available -> StockRules.reserveInTurn(available, unknown))
                .compose(outcomes -> keep(tables, unknown, outcomes).map(outcomes))
                .map(outcomes -> {
                    Map<UUID, Reservation> all = new HashMap<>(outcomes);
                    known.forEach((orderId, kept) -> all.put(orderId, StockRules.reserveAgain(kept)));
                    return all;
                });
    }

    private static Future<Void> keep(
            Transaction tables, Map<UUID, Map<UUID, Long>> wanted, Map<UUID, Reservation> outcomes) {
        Map<UUID, Map<UUID, Long>> taken = new LinkedHashMap<>();
        Map<UUID, List<UUID>> refused = new LinkedHashMap<>();
        outcomes.forEach((orderId, outcome) -> {
            switch (outcome) {
                case Reservation.Reserved reserved -> taken.put(orderId, wanted.get(orderId));
                case Reservation.OutOfStock shortage -> refused.put(orderId, shortage.productIds());
                case Reservation.Closed closed -> throw new IllegalStateException("a new order cannot be closed");
            }
        });
        return tables.take(taken).compose(done -> tables.refuse(refused));
    }

    /** All of these in one transaction; empty for an order that is not known. */
    private Future<List<Optional<Settlement>>> commitAll(List<UUID> orderIds) {
        return stock.transaction(tables -> tables.lock(new TreeSet<>(orderIds)).compose(known -> {
            Map<UUID, Settling> settlings = known.entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey,
                            order -> StockRules.commit(order.getValue().state())));
            Set<UUID> sold = settlings.keySet().stream()
                    .filter(orderId -> settlings.get(orderId) == Settling.SELL)
                    .collect(Collectors.toSet());
            return tables.sell(sold, clock.instant())
                    .map(moved -> orderIds.stream()
                            .map(orderId ->
                                    Optional.ofNullable(settlings.get(orderId)).map(Settling::answer))
                            .toList());
        }));
    }

    private Future<Settlement> giveBack(Transaction tables, UUID orderId, Settling settling) {
        Future<Void> moved =
                settling == Settling.GIVE_BACK ? tables.giveBack(orderId, clock.instant()) : Future.succeededFuture();
        return moved.map(settling.answer());
    }

    /** The lock on the stock lets requests with one key pass one after the other. */
    private Future<StockLevel> adjust(
            Transaction tables, LockedStock locked, Products.AdjustStock request, Caller admin) {
        return tables.findAdjustment(request.productId(), request.idempotencyKey())
                .compose(known -> known.map(kept -> StockRules.adjustAgain(kept, request))
                        .map(Future::succeededFuture)
                        .orElseGet(() -> adjustOnce(tables, locked, request, admin)));
    }

    private Future<StockLevel> adjustOnce(
            Transaction tables, LockedStock locked, Products.AdjustStock request, Caller admin) {
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
