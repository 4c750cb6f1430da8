package dev.souk.certification.model;

import dev.souk.certification.model.Instance.Reply;
import dev.souk.contracts.Orders.Status;
import dev.souk.order.Checkout.Ending;
import java.util.Optional;
import java.util.UUID;

/** One instance of the order service, as others see it. */
final class OrderService {
    private static final long TICK = 500;

    private final World world;
    private final OrderTables tables;
    private final Instance instance;
    private final CheckoutWork work;
    private final EventRelay relay;

    /** What a client is told of the order that it placed; empty while the end is not known. */
    record Placement(UUID orderId, Optional<Ending> end) {}

    OrderService(World world, OrderTables tables, Instance instance, CheckoutWork work, EventRelay relay) {
        this.world = world;
        this.tables = tables;
        this.instance = instance;
        this.work = work;
        this.relay = relay;
    }

    Instance instance() {
        return instance;
    }

    void start() {
        instance.begin(() -> instance.tick(1 + world.schedule.below((int) TICK), TICK, this::tick));
    }

    private void tick() {
        if (!tables.deliveries().isEmpty()) {
            relay.deliver();
        }
        if (tables.hasSagas()) {
            work.takeOver();
        }
    }

    void place(Wish wish, Reply<Placement> reply) {
        world.transact(
                instance,
                () -> tables.find(wish),
                found -> found.ifPresentOrElse(order -> awaitEnd(order, reply), () -> store(wish, reply)),
                () -> reply.accept(null));
    }

    private void store(Wish wish, Reply<Placement> reply) {
        KeptOrder order = new KeptOrder(world.newId(), wish);
        world.transact(
                instance,
                () -> tables.place(order, instance.owner()),
                placed -> {
                    if (placed.isEmpty()) {
                        place(wish, reply);
                        return;
                    }
                    work.run(placed.get());
                    awaitEnd(order, reply);
                },
                () -> reply.accept(null));
    }

    private void awaitEnd(KeptOrder order, Reply<Placement> reply) {
        long patience = world.schedule.oneOf(20L, 300L, 5_000L);
        instance.later(
                patience,
                () -> world.transact(
                        instance,
                        order::left,
                        left -> reply.accept(new Placement(order.id, left)),
                        () -> reply.accept(null)));
    }

    /** Answers with where the order stands when nothing is under way. */
    void cancel(Wish wish, Reply<Status> reply) {
        world.transact(
                instance,
                () -> tables.find(wish),
                found -> found.ifPresent(order -> cancel(order, reply)),
                () -> reply.accept(null));
    }

    private void cancel(KeptOrder order, Reply<Status> reply) {
        world.transact(instance, order::status, status -> cancel(order, status, reply), () -> reply.accept(null));
    }

    /** @param status where it stood when somebody looked */
    private void cancel(KeptOrder order, Status status, Reply<Status> reply) {
        switch (status) {
            case PENDING ->
                world.transact(
                        instance,
                        () -> tables.turnBack(order, instance.owner()),
                        turned -> {
                            turned.ifPresent(work::run);
                            awaitCancelled(order, reply);
                        },
                        () -> reply.accept(null));
            case CONFIRMED ->
                world.transact(
                        instance,
                        () -> tables.cancel(order, instance.owner()),
                        begun -> begun.ifPresentOrElse(
                                lease -> {
                                    work.run(lease);
                                    awaitCancelled(order, reply);
                                },
                                () -> cancel(order, reply)),
                        () -> reply.accept(null));
            case CANCELLED -> awaitCancelled(order, reply);
            case REJECTED, SHIPPED, DELIVERED -> reply.accept(status);
        }
    }

    private void awaitCancelled(KeptOrder order, Reply<Status> reply) {
        instance.later(
                world.schedule.oneOf(50L, 1_000L, 5_000L),
                () -> world.transact(
                        instance,
                        () -> order.isSettled() ? order.status() : Status.PENDING,
                        status -> {
                            if (status == Status.CONFIRMED) {
                                cancel(order, reply);
                            } else {
                                reply.accept(status);
                            }
                        },
                        () -> reply.accept(null)));
    }

    void ship(Wish wish, Reply<Boolean> reply) {
        world.transact(
                instance, () -> tables.find(wish).map(tables::ship).orElse(false), reply, () -> reply.accept(null));
    }

    /** Where an order stands; nothing for one that is not known. */
    void standing(UUID orderId, Reply<Optional<Status>> reply) {
        world.transact(
                instance,
                () -> {
                    for (KeptOrder order : tables.orders()) {
                        if (order.id.equals(orderId)) {
                            return Optional.of(order.status());
                        }
                    }
                    return Optional.<Status>empty();
                },
                reply,
                () -> reply.accept(null));
    }
}
