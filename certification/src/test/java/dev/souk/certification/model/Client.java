package dev.souk.certification.model;

import dev.souk.certification.model.OrderService.Placement;
import dev.souk.contracts.Orders.Status;
import dev.souk.order.Checkout.Ending;
import java.util.Optional;
import java.util.UUID;

/**
 * Whoever wants one thing: places it, asks again with the same key until the answer is an end, and may change their mind
 * at any moment. Remembers what it was told.
 */
final class Client {
    private static final long LIMIT = 6_000;
    private static final long PAUSE = 1_000;

    private final World world;
    private final Instance instance;
    private final Services<OrderService> orders;
    private final Wish wish;
    private Optional<UUID> orderId = Optional.empty();
    private Optional<Ending> told = Optional.empty();
    private boolean isToldCancelled;

    Client(World world, Instance instance, Services<OrderService> orders, Wish wish) {
        this.world = world;
        this.instance = instance;
        this.orders = orders;
        this.wish = wish;
    }

    Wish wish() {
        return wish;
    }

    Optional<UUID> orderId() {
        return orderId;
    }

    Optional<Ending> told() {
        return told;
    }

    boolean isToldCancelled() {
        return isToldCancelled;
    }

    void place() {
        OrderService asked = orders.pick();
        instance.<Placement>call(
                asked.instance(),
                () -> "place order " + wish.key(),
                LIMIT,
                reply -> asked.place(wish, reply),
                this::placed,
                this::placeAgain);
    }

    private void placeAgain() {
        instance.later(PAUSE, this::place);
    }

    private void placed(Placement answer) {
        world.note(instance.name(), () -> "is told " + answer.end().map(Ending::status));
        if (orderId.filter(known -> !known.equals(answer.orderId())).isPresent()) {
            throw new Broken("4. kept: one key is two orders");
        }
        orderId = Optional.of(answer.orderId());
        if (answer.end().isEmpty()) {
            world.saw(Sight.TOLD_PENDING);
            placeAgain();
            return;
        }
        if (told.filter(known -> !known.equals(answer.end().get())).isPresent()) {
            throw new Broken("4. kept: a replay differs from the first answer");
        }
        told = answer.end();
    }

    void cancel() {
        OrderService asked = orders.pick();
        instance.<Status>call(
                asked.instance(),
                () -> "cancel order " + wish.key(),
                LIMIT,
                reply -> asked.cancel(wish, reply),
                status -> isToldCancelled |= status == Status.CANCELLED,
                () -> {});
    }

    void ship() {
        OrderService asked = orders.pick();
        instance.<Boolean>call(
                asked.instance(),
                () -> "ship order " + wish.key(),
                LIMIT,
                reply -> asked.ship(wish, reply),
                shipped -> {},
                () -> {});
    }
}
