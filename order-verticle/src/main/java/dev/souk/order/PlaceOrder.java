package dev.souk.order;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Place;
import dev.souk.contracts.Orders.Placement;
import dev.souk.kit.bus.AdaptiveLimit;
import dev.souk.kit.bus.Bulkhead;
import dev.souk.kit.bus.CallContext;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Places orders: key, user and prices are looked up side by side, then the order is stored, and its checkout runs. To a
 * replay only the key matters. A refusal before the order is stored leaves nothing behind and binds no key.
 */
final class PlaceOrder {
    /** What the answer itself may take on its way back, out of the caller's time. */
    private static final Duration ANSWER_MARGIN = Duration.ofMillis(400);

    /** What runs at once at most: enough to keep many processors and the database busy. */
    private static final int MOST_AT_ONCE = 256;

    private static final int LEAST_AT_ONCE = 16;
    private static final int MORE_AT_ONCE = 2;

    /** Up to here an order waits for nobody outside of the shop: when this takes longer, there are too many at once. */
    private static final Duration STORED_WITHIN = Duration.ofMillis(100);

    /** An order that takes longer waits for somebody else, and gives up its place: slow payments hold nobody up. */
    private static final Duration PLACE_KEPT = Duration.ofMillis(250);

    private static final int MOST_WAITING = 4_096;

    /** Of more orders than can be placed, those that came so much later are placed instead of the others. */
    private static final Duration SPAN = Duration.ofMillis(500);

    private final AdaptiveLimit limit = new AdaptiveLimit(LEAST_AT_ONCE, MOST_AT_ONCE, MORE_AT_ONCE);
    private final Bulkhead bulkhead = Bulkhead.newestFirst("orders", limit, MOST_WAITING, SPAN);
    private final AccountCheck accounts;
    private final OrderPricing pricing;
    private final OrderRepository orders;
    private final OrderStore store;
    private final CheckoutRunner runner;
    private final OrderEnds ends;
    private final Clock clock;
    private final Supplier<UUID> ids;

    PlaceOrder(
            AccountCheck accounts,
            OrderPricing pricing,
            OrderRepository orders,
            OrderStore store,
            CheckoutRunner runner,
            OrderEnds ends,
            Clock clock,
            Supplier<UUID> ids) {
        this.accounts = accounts;
        this.pricing = pricing;
        this.orders = orders;
        this.store = store;
        this.runner = runner;
        this.ends = ends;
        this.clock = clock;
        this.ids = ids;
    }

    /** See {@link dev.souk.contracts.Orders#PLACE}. */
    Future<Placement> place(Place request, CallContext context) {
        Caller caller = context.requireCaller();
        PlacementRules.check(request);
        Claim claim = Claim.of(request, context.requestId());
        return bulkhead.run(context.deadline(), () -> replayOrPlace(request, caller, claim, context))
                .compose(answer -> answer);
    }

    /**
     * In its turn, so that an order for which there is no time costs nothing but a place in the line. Succeeds, with the
     * answer to come, when the order has ended or will take its time.
     */
    private Future<Future<Placement>> replayOrPlace(Place request, Caller caller, Claim claim, CallContext context) {
        long began = System.nanoTime();
        Future<?> user = accounts.require(caller, context);
        Future<List<Line>> lines = pricing.price(request.items(), context);
        return orders.findByKey(caller.userId(), claim.key())
                .compose(first -> first.isPresent()
                        ? Future.succeededFuture(replay(first.get(), request, claim, context))
                        : Future.all(user, lines)
                                .map(both -> PlacedOrder.pending(
                                        ids.get(),
                                        caller.userId(),
                                        claim,
                                        request.paymentMethod(),
                                        lines.result(),
                                        clock.instant()))
                                .compose(order -> store(order, request, context, began)))
                .onFailure(failure -> limit.learn(began, STORED_WITHIN, failure));
    }

    private Future<Future<Placement>> store(PlacedOrder order, Place request, CallContext context, long began) {
        Duration patience = patience(request, context);
        return store.place(order, patience, context.deadline()).compose(isPlaced -> {
            limit.learn(began, STORED_WITHIN, null);
            if (!isPlaced) {
                return Future.succeededFuture(replayWinner(order, request, context));
            }
            Future<Placement> answer = await(order, patience)
                    .map(ended -> new Placement(ended.answer(), order.claim().requestId(), false));
            Future<Void> soon = ends.awaitHere(order, PLACE_KEPT);
            // Never fails: what it cannot finish is taken up again later. The end is heard of from whoever brings it
            // about.
            runner.begin(order);
            return soon.map(ended -> answer);
        });
    }

    /** Another request with the same key was faster. */
    private Future<Placement> replayWinner(PlacedOrder loser, Place request, CallContext context) {
        return orders.findByKey(loser.userId(), loser.claim().key())
                .map(Optional::orElseThrow)
                .compose(first -> replay(first, request, loser.claim(), context));
    }

    private Future<Placement> replay(PlacedOrder first, Place request, Claim claim, CallContext context) {
        if (!first.claim().asksTheSameAs(claim)) {
            return Future.failedFuture(Fault.of(
                    Fault.Code.IDEMPOTENCY_KEY_REUSED, "This Idempotency-Key was used before with another body."));
        }
        Future<PlacedOrder> answer =
                first.isPending() ? join(first, patience(request, context)) : Future.succeededFuture(first);
        return answer.map(order -> new Placement(order.answer(), first.claim().requestId(), true));
    }

    /** A first request that is still being answered is not joined; one that was answered provisionally, or died, is. */
    private Future<PlacedOrder> join(PlacedOrder first, Duration patience) {
        return orders.isBeingAnswered(first.id())
                .compose(isAnswered -> isAnswered
                        ? Future.failedFuture(Fault.of(
                                Fault.Code.REQUEST_IN_PROGRESS,
                                "The first request with this Idempotency-Key is running."))
                        : await(first, patience));
    }

    private Future<PlacedOrder> await(PlacedOrder order, Duration patience) {
        return patience.isZero() ? Future.succeededFuture(order) : ends.await(order, patience);
    }

    /** How long the request waits for the order's end. */
    private static Duration patience(Place request, CallContext context) {
        return Boolean.TRUE.equals(request.respondAsync()) ? Duration.ZERO : timeLeft(context);
    }

    private static Duration timeLeft(CallContext context) {
        Duration left = context.deadline().remaining().minus(ANSWER_MARGIN);
        return left.isNegative() ? Duration.ZERO : left;
    }
}
