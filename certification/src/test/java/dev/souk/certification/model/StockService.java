package dev.souk.certification.model;

import dev.souk.certification.model.Instance.Reply;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Reservation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** One instance of the product service. */
final class StockService {
    private static final long SWEEP = 1_000;
    private static final long LIMIT = 2_000;

    private final World world;
    private final StockTables tables;
    private final Instance instance;
    private final Supplier<OrderService> orders;

    /** @param orders whom to ask where an order stands */
    StockService(World world, StockTables tables, Instance instance, Supplier<OrderService> orders) {
        this.world = world;
        this.tables = tables;
        this.instance = instance;
        this.orders = orders;
    }

    Instance instance() {
        return instance;
    }

    void start() {
        instance.begin(() -> instance.tick(1 + world.schedule.below((int) SWEEP), SWEEP, this::sweep));
    }

    void reserve(UUID orderId, List<Quantity> lines, Reply<Reservation> reply) {
        world.transact(instance, () -> tables.reserve(orderId, lines), reply, () -> reply.accept(null));
    }

    void release(UUID orderId, Reply<Boolean> reply) {
        world.transact(
                instance,
                () -> {
                    tables.release(orderId);
                    return true;
                },
                reply,
                () -> reply.accept(null));
    }

    private void sweep() {
        tables.expired().forEach(this::lookInto);
    }

    private void lookInto(UUID orderId) {
        if (world.has(Plant.EXPIRY_BY_TIME_ALONE)) {
            expire(orderId, Optional.empty());
            return;
        }
        OrderService asked = orders.get();
        instance.<Optional<Status>>call(
                asked.instance(),
                () -> "where does " + world.nameOf(orderId) + " stand",
                LIMIT,
                reply -> asked.standing(orderId, reply),
                standing -> expire(orderId, standing),
                () -> {});
    }

    private void expire(UUID orderId, Optional<Status> standing) {
        world.<Boolean>transact(
                instance,
                () -> {
                    tables.expire(orderId, standing);
                    return true;
                },
                done -> {},
                () -> {});
    }
}
