package dev.souk.order;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Lets requests wait for the end of an order's checkout: told at once when it ends in this instance, and looked up slowly
 * in case it ends in another. Used from one event loop.
 */
final class OrderEnds {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final OrderRepository orders;
    private final Map<UUID, List<Promise<PlacedOrder>>> waiting = new HashMap<>();

    OrderEnds(Vertx vertx, OrderRepository orders) {
        this.vertx = vertx;
        this.orders = orders;
    }

    /** The order when its checkout is over, or as it was given when the time is. */
    Future<PlacedOrder> await(PlacedOrder order, Duration limit) {
        Promise<PlacedOrder> end = listen(order);
        lookAgain(order, end, System.nanoTime() + limit.toNanos());
        return end.future();
    }

    /** Succeeds when the order's checkout is over in this instance, or the time is; looks nothing up. */
    Future<Void> awaitHere(PlacedOrder order, Duration limit) {
        Promise<PlacedOrder> end = listen(order);
        long timer = vertx.setTimer(limit.toMillis(), id -> end.tryComplete(order));
        return end.future().onComplete(done -> vertx.cancelTimer(timer)).mapEmpty();
    }

    private Promise<PlacedOrder> listen(PlacedOrder order) {
        Promise<PlacedOrder> end = Promise.promise();
        waiting.computeIfAbsent(order.id(), id -> new ArrayList<>()).add(end);
        end.future().onComplete(done -> forget(order.id(), end));
        return end;
    }

    /** The checkout of an order has ended in this instance, and left it so. */
    void ended(PlacedOrder order) {
        List<Promise<PlacedOrder>> waiters = waiting.remove(order.id());
        if (waiters != null) {
            waiters.forEach(waiter -> waiter.tryComplete(order));
        }
    }

    private void lookAgain(PlacedOrder order, Promise<PlacedOrder> end, long until) {
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        long pause = Math.clamp(left, 1, LOOK_AGAIN.toMillis());
        vertx.setTimer(pause, id -> {
            if (end.future().isComplete()) {
                return;
            }
            boolean isLast = System.nanoTime() - until >= 0;
            orders.findSettled(order.id()).onComplete(found -> {
                if (found.succeeded() && found.result().isPresent()) {
                    end.tryComplete(found.result().get());
                } else if (isLast) {
                    // Under way, or not to be seen: it is stored, and its end can be asked for.
                    end.tryComplete(order);
                } else {
                    lookAgain(order, end, until);
                }
            });
        });
    }

    private void forget(UUID orderId, Promise<PlacedOrder> end) {
        waiting.computeIfPresent(orderId, (id, waiters) -> {
            waiters.remove(end);
            return waiters.isEmpty() ? null : waiters;
        });
    }
}
