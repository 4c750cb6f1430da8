package dev.souk.order;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Cancel;
import dev.souk.contracts.Orders.Deliver;
import dev.souk.contracts.Orders.Order;
import dev.souk.contracts.Orders.Ship;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.order.PlacedOrder.IllegalTransition;
import dev.souk.order.SagaRepository.Lease;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * What happens to an order after it was placed. Two that want different things of one order at the same moment are
 * parted by the order's own state: one changes it, the other finds it changed.
 */
final class OrderLife {
    /** What the answer itself may take on its way back, out of the caller's time. */
    private static final Duration ANSWER_MARGIN = Duration.ofMillis(400);

    private final Bus bus;
    private final OrderRepository orders;
    private final OrderStore store;
    private final SagaRepository sagas;
    private final CheckoutRunner runner;
    private final OrderEnds ends;
    private final Clock clock;

    OrderLife(
            Bus bus,
            OrderRepository orders,
            OrderStore store,
            SagaRepository sagas,
            CheckoutRunner runner,
            OrderEnds ends,
            Clock clock) {
        this.bus = bus;
        this.orders = orders;
        this.store = store;
        this.sagas = sagas;
        this.runner = runner;
        this.ends = ends;
        this.clock = clock;
    }

    /** See {@link dev.souk.contracts.Orders#SHIP}. */
    Future<Order> ship(Ship request, CallContext context) {
        context.requireAdmin();
        return change(request.orderId(), PlacedOrder::ship);
    }

    /** See {@link dev.souk.contracts.Orders#DELIVER}. */
    Future<Order> deliver(Deliver request, CallContext context) {
        context.requireAdmin();
        return change(request.orderId(), PlacedOrder::deliver);
    }

    /** See {@link dev.souk.contracts.Orders#CANCEL}. */
    Future<Order> cancel(Cancel request, CallContext context) {
        Caller caller = context.requireCaller();
        return findFor(caller, request.orderId()).compose(order -> switch (order.status()) {
            case PENDING -> turnBack(order).compose(turned -> awaitEnd(order, request, context));
            case CONFIRMED ->
                giveBack(order).compose(given -> given ? awaitEnd(order, request, context) : cancel(request, context));
            case CANCELLED -> awaitEnd(order, request, context);
            case REJECTED, SHIPPED, DELIVERED -> Future.failedFuture(notCancellable(order));
        });
    }

    private Future<Order> change(UUID orderId, BiFunction<PlacedOrder, Instant, PlacedOrder> transition) {
        return find(orderId).compose(order -> {
            PlacedOrder changed = changed(order, transition);
            return store.change(changed, order.status())
                    .compose(isChanged ->
                            isChanged ? Future.succeededFuture(tell(changed)) : change(orderId, transition));
        });
    }

    private PlacedOrder changed(PlacedOrder order, BiFunction<PlacedOrder, Instant, PlacedOrder> transition) {
        try {
            return transition.apply(order, clock.instant());
        } catch (IllegalTransition e) {
            throw Fault.of(Fault.Code.ILLEGAL_TRANSITION, "The order is " + order.status() + ".");
        }
    }

    /** Takes the checkout away from whoever works on it and undoes it. Nothing to do if it has turned back already, or ended. */
    private Future<Void> turnBack(PlacedOrder order) {
        return sagas.turnBack(order.id()).map(lease -> {
            lease.ifPresent(held -> runner.run(order, held));
            return null;
        });
    }

    private Future<Boolean> giveBack(PlacedOrder order) {
        PlacedOrder cancelled = order.cancel(clock.instant());
        Lease lease = Lease.undoing(order.id(), sagas.owner());
        return store.cancel(cancelled, lease).onSuccess(isCancelled -> {
            if (isCancelled) {
                tell(cancelled);
                runner.run(cancelled, lease);
            }
        });
    }

    private Future<Order> awaitEnd(PlacedOrder order, Cancel request, CallContext context) {
        Duration left = context.deadline().remaining().minus(ANSWER_MARGIN);
        // Listening begins before the look: what ends in between is heard.
        Future<PlacedOrder> end = ends.await(order, left.isNegative() ? Duration.ZERO : left);
        return orders.findSettled(order.id())
                .compose(settled -> settled.isPresent()
                        ? Future.succeededFuture(settled)
                        : end.compose(waited -> orders.findSettled(order.id())))
                .compose(settled -> settled.map(ended -> cancelled(ended, request, context))
                        .orElseGet(() -> Future.failedFuture(Fault.of(
                                Fault.Code.TIMEOUT, "The cancellation is under way; ask again to see its end."))));
    }

    private Future<Order> cancelled(PlacedOrder ended, Cancel request, CallContext context) {
        return switch (ended.status()) {
            case CANCELLED -> Future.succeededFuture(ended.toContract());
            // It was confirmed in the very moment at which it was to be turned back.
            case CONFIRMED -> cancel(request, context);
            case PENDING, REJECTED, SHIPPED, DELIVERED -> Future.failedFuture(notCancellable(ended));
        };
    }

    private Future<PlacedOrder> findFor(Caller caller, UUID orderId) {
        return caller.isAdmin()
                ? find(orderId)
                : orders.findOf(caller.userId(), orderId).map(OrderLife::orNotFound);
    }

    private Future<PlacedOrder> find(UUID orderId) {
        return orders.find(orderId).map(OrderLife::orNotFound);
    }

    private Order tell(PlacedOrder order) {
        bus.signal(Orders.CHANGED, new Orders.Changed(order.id()));
        return order.toContract();
    }

    private static PlacedOrder orNotFound(Optional<PlacedOrder> found) {
        return found.orElseThrow(() -> Fault.notFound("order"));
    }

    private static Fault notCancellable(PlacedOrder order) {
        return Fault.of(Fault.Code.ORDER_NOT_CANCELLABLE, "The order is " + order.status() + ".");
    }
}
