package dev.souk.certification.model;

import dev.souk.certification.model.OrderTables.Delivery;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Brings the events of orders to their receivers, at least once. It looks who leads and then delivers: one that sleeps in
 * between delivers what another delivers too.
 */
final class EventRelay {
    private static final long LIMIT = 5_000;

    private final World world;
    private final OrderTables tables;
    private final Instance instance;
    private final Map<String, Services<EventReceiver>> receivers;
    private final Set<Delivery> underWay = new HashSet<>();
    private int life;

    EventRelay(World world, OrderTables tables, Instance instance, Map<String, Services<EventReceiver>> receivers) {
        this.world = world;
        this.tables = tables;
        this.instance = instance;
        this.receivers = receivers;
    }

    void deliver() {
        if (life != instance.life()) {
            life = instance.life();
            underWay.clear();
        }
        world.transact(
                instance,
                () -> tables.leadRelay(instance.owner()),
                leads -> {
                    if (leads) {
                        world.transact(instance, tables::next, next -> next.forEach(this::deliverOnce), () -> {});
                    }
                },
                () -> {});
    }

    private void deliverOnce(Delivery delivery) {
        if (!underWay.add(delivery)) {
            return;
        }
        if (world.has(Plant.DELIVERED_WHEN_SENT)) {
            tables.acknowledge(delivery);
        }
        EventReceiver receiver = receivers.get(delivery.receiver()).pick();
        instance.<Boolean>call(
                receiver.instance(),
                () -> delivery.event() + " for " + delivery.receiver(),
                LIMIT,
                reply -> receiver.apply(delivery.event(), reply),
                applied -> world.<Boolean>transact(
                        instance,
                        () -> {
                            tables.acknowledge(delivery);
                            return true;
                        },
                        marked -> ended(delivery),
                        () -> ended(delivery)),
                () -> underWay.remove(delivery));
    }

    /** The next of the same order may leave at once. */
    private void ended(Delivery delivery) {
        underWay.remove(delivery);
        deliver();
    }
}
