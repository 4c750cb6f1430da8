package dev.souk.product;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.Settlement;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.CallContext;
import dev.souk.product.StockRepository.LockedStock;
import dev.souk.product.StockRepository.Transaction;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * How many pieces of each product there are, and whose they are. Each command takes effect once for its order or key,
 * however often and late it comes; {@link StockRules} decides, this class stores.
 */
final class StockService {
    private final StockRepository stock;
    private final Clock clock;

    StockService(StockRepository stock, Clock clock) {
        this.stock = stock;
        this.clock = clock;
    }

    Future<Reservation> reserve(Products.Reserve request, CallContext context) {
        UUID orderId = ProductRules.id(request.orderId(), "/orderId");
        Map<UUID, Long> wanted = StockRules.wanted(ProductRules.lines(request.lines()));
        return stock.transaction(tables -> tables.claim(orderId, ReservationState.HELD, clock.instant())
                .compose(known -> known.map(StockRules::reserveAgain)
                        .map(Future::succeededFuture)
                        .orElseGet(() -> reserve(tables, orderId, wanted))));
    }

    Future<Settlement> commit(Products.Commit request, CallContext context) {
        UUID orderId = ProductRules.id(request.orderId(), "/orderId");
        return stock.transaction(tables -> tables.lock(orderId)
                .map(known -> known.orElseThrow(() -> Fault.notFound("reservation")))
                .compose(known -> settle(tables, orderId, StockRules.commit(known.state()))));
    }

    /** A release of an order that is not known leaves a tombstone, on which a reserve that comes later ends. */
    Future<Settlement> release(Products.Release request, CallContext context) {
        UUID orderId = ProductRules.id(request.orderId(), "/orderId");
        return stock.transaction(tables -> tables.claim(orderId, ReservationState.RELEASED, clock.instant())
                .map(known -> known.map(KeptReservation::state).orElse(ReservationState.RELEASED))
                .compose(state -> settle(tables, orderId, StockRules.release(state))));
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

    private Future<Reservation> reserve(Transaction tables, UUID orderId, Map<UUID, Long> wanted) {
        return tables.lockAvailable(wanted.keySet())
                .map(available -> StockRules.reserve(available, wanted))
                .compose(outcome -> keep(tables, orderId, wanted, outcome).map(outcome));
    }

    private static Future<Void> keep(Transaction tables, UUID orderId, Map<UUID, Long> wanted, Reservation outcome) {
        return switch (outcome) {
            case Reservation.Reserved reserved -> tables.take(orderId, wanted);
            case Reservation.OutOfStock out -> tables.refuse(orderId, out.productIds());
            case Reservation.Closed closed -> Future.succeededFuture();
        };
    }

    private Future<Settlement> settle(Transaction tables, UUID orderId, Settling settling) {
        Future<Void> moved = switch (settling) {
            case SELL -> tables.sell(orderId, clock.instant());
            case GIVE_BACK -> tables.giveBack(orderId, clock.instant());
            case STAYS_SOLD, STAYS_RELEASED -> Future.succeededFuture();
        };
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
