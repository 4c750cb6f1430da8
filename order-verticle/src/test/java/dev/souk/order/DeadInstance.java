package dev.souk.order;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Products.Quantity;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.Outbox;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.Checkout.Move;
import dev.souk.order.Checkout.Progress;
import dev.souk.order.SagaRepository.Lease;
import dev.souk.order.Step.Verdict;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** An instance that dies, or sleeps, wherever a test wants it to: it writes and calls as the real one does. */
final class DeadInstance {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final OrderShop shop;
    private final Caller customer;
    private final UUID productId;
    private final Context context;
    private final SagaRepository sagas;
    private final OrderStore store;
    private final EndingStore endings;

    /** Its orders are for two of this product. */
    DeadInstance(OrderShop shop, Caller customer, UUID productId, Duration lease) {
        this.shop = shop;
        this.customer = customer;
        this.productId = productId;
        this.context = shop.context().vertx().getOrCreateContext();
        Database database = on(() -> shop.context()
                .openDatabase(OrderConfig.from(shop.context().environment()).database()));
        String owner = "dead-instance";
        Outbox outbox = shop.context().outbox(database, "order", owner, OrderVerticle.HISTORY, OrderVerticle.ROUTES);
        HistoryStore history = new HistoryStore(
                outbox, OrderVerticle.ROUTES, "dead-node", shop.context().ids());
        this.sagas = new SagaRepository(database, owner, lease);
        this.store = new OrderStore(database, sagas, history);
        this.endings = new EndingStore(database, owner, history);
    }

    SagaRepository sagas() {
        return sagas;
    }

    EndingStore endings() {
        return endings;
    }

    /** Stores an order and gets no further. */
    PlacedOrder places() {
        PlacedOrder order = newOrder(UUID.randomUUID().toString());
        on(() -> place(order));
        return order;
    }

    /** To be called on its event loop. */
    Future<Boolean> place(PlacedOrder order) {
        return store.place(order, LIMIT, Deadline.in(LIMIT));
    }

    Lease firstLease(PlacedOrder order) {
        return Lease.first(order.id(), sagas.owner());
    }

    /** Leaves an order whose checkout is at this step. */
    PlacedOrder leaves(String step, boolean hadEffect) {
        PlacedOrder order = places();
        reach(order, step);
        if (hadEffect) {
            take(Checkout.stepOf(at(step)), order);
        }
        return order;
    }

    /** Leaves an order that is cancelled while its checkout is at this step, whose effect it may or may not have had. */
    PlacedOrder leavesCancelled(String step, boolean hadEffect, boolean wasUndone) {
        PlacedOrder order = leaves(step, hadEffect);
        on(() -> sagas.turnBack(order.id()));
        if (wasUndone) {
            undo(Checkout.stepOf(at(step)), order);
        }
        return order;
    }

    /** Leaves an order that was not paid, and whose stock is to be released. */
    PlacedOrder leavesDeclined(boolean wasUndone) {
        PlacedOrder order = places();
        Lease lease = reach(order, "charge");
        Move.Go back = (Move.Go) Checkout.taken(lease.progress(), new Verdict.Refuse(Reason.PAYMENT_DECLINED));
        on(() -> sagas.advance(lease, back.to()));
        if (wasUndone) {
            undo(Checkout.stepOf(back.to()), order);
        }
        return order;
    }

    /** Leaves an order that was confirmed, then cancelled, and not given back any further than this. */
    PlacedOrder leavesGivingBack(boolean wasUndone) {
        PlacedOrder order = leaves("charge", true);
        Lease lease = firstLease(order).next(at("charge"));
        PlacedOrder confirmed =
                order.leave(Ending.CONFIRMED, shop.context().clock().instant());
        on(() -> endings.leave(confirmed, lease));
        PlacedOrder cancelled = confirmed.cancel(shop.context().clock().instant());
        on(() -> store.cancel(cancelled, Lease.undoing(order.id(), sagas.owner())));
        if (wasUndone) {
            undo(Checkout.stepOf(at("charge")), order);
        }
        return cancelled;
    }

    /** Works on its event loop, as an instance does, and waits for the end of it. */
    <T> T on(Supplier<Future<T>> work) {
        return ServiceFixture.await(
                Future.future(done -> context.runOnContext(begun -> work.get().onComplete(done))));
    }

    private Lease reach(PlacedOrder order, String step) {
        Lease lease = firstLease(order);
        while (!lease.progress().step().equals(step)) {
            Lease held = lease;
            take(Checkout.stepOf(held.progress()), order);
            Move.Go next = (Move.Go) Checkout.taken(held.progress(), new Verdict.Proceed());
            lease = on(() -> sagas.advance(held, next.to()));
        }
        return lease;
    }

    private <Q> void take(Step<Q, ?, ?> step, PlacedOrder order) {
        on(() -> shop.context().bus().call(step.operation(), step.request().apply(order), call()));
    }

    private <U> void undo(Step<?, ?, U> step, PlacedOrder order) {
        on(() -> shop.context().bus().call(step.undo(), step.undoRequest().apply(order), call()));
    }

    private static CallContext call() {
        return CallContext.ofService("dead", LIMIT);
    }

    private static Progress at(String step) {
        return new Progress(step, Optional.empty());
    }

    /** An order that is not stored. */
    PlacedOrder newOrder(String key) {
        Money price = new Money(120_000, "USD");
        Line line = new Line(productId, "LAPTOP", "The LAPTOP", 2, price, price.times(2));
        Claim claim = Claim.of(OrderShop.order(key, new Quantity(productId, 2)), "request-1");
        return PlacedOrder.pending(
                shop.context().ids().get(),
                customer.userId(),
                claim,
                "pm_card_visa",
                List.of(line),
                shop.context().clock().instant());
    }
}
