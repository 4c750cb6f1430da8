package dev.souk.certification.model;

import dev.souk.certification.model.KeptOrder.Happening;
import dev.souk.certification.model.KeptOrder.Lease;
import dev.souk.certification.model.KeptOrder.Saga;
import dev.souk.contracts.Orders.Status;
import dev.souk.order.Checkout;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.Checkout.Progress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The order service's database: each method does what one of its statements does, at once and whole. */
final class OrderTables {
    static final String PRODUCT = "product";
    static final String NOTIFICATION = "notification";

    private static final long RELAY_LEASE = 4_000;
    /** Where the versions of a checkout that had ended begin again. */
    private static final long AFTER_END = 1L << 32;

    private final World world;
    private final long leaseTime;
    private final Map<Integer, KeptOrder> byKey = new LinkedHashMap<>();
    private final List<Delivery> deliveries = new ArrayList<>();
    private String relayOwner = "";
    private long relayUntil;

    /** An event that a receiver is still to be told. */
    record Delivery(String receiver, Happening event) {}

    OrderTables(World world, long leaseTime) {
        this.world = world;
        this.leaseTime = leaseTime;
    }

    Iterable<KeptOrder> orders() {
        return byKey.values();
    }

    Optional<KeptOrder> find(Wish wish) {
        return Optional.ofNullable(byKey.get(wish.key()));
    }

    List<Delivery> deliveries() {
        return deliveries;
    }

    boolean hasSagas() {
        for (KeptOrder order : byKey.values()) {
            if (order.saga().isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** The lease of the first step; empty if the key was used before. */
    Optional<Lease> place(KeptOrder order, String owner) {
        if (byKey.putIfAbsent(order.wish.key(), order) != null) {
            world.saw(Sight.PLACED_TWICE);
            return Optional.empty();
        }
        world.name(order.id, order.toString());
        write(order, Status.PENDING);
        return Optional.of(hold(new Lease(order, Checkout.begin(), owner, 1, 1)));
    }

    Optional<Lease> advance(Lease held, Progress to) {
        return isHeld(held) ? Optional.of(hold(held.next(to))) : Optional.empty();
    }

    /** False if the lease is not the newest. */
    boolean leave(Lease held, Ending ending) {
        if (!isHeld(held)) {
            return false;
        }
        KeptOrder order = held.order();
        order.endSaga();
        if (order.status() == Status.PENDING) {
            order.leave(ending);
            write(order, ending.status());
        }
        return true;
    }

    void park(Lease held, long pause) {
        if (isHeld(held)) {
            Lease left = held.order().saga().orElseThrow().lease();
            held.order().keep(new Saga(left, true, world.now() + pause));
        }
    }

    Optional<Lease> turnBack(KeptOrder order, String owner) {
        return order.saga()
                .map(Saga::lease)
                .filter(lease -> !lease.progress().isTurned())
                .map(lease -> {
                    world.saw(Sight.TURNED_BACK);
                    return hold(new Lease(order, Checkout.cancelled(lease.progress()), owner, lease.version() + 1, 1));
                });
    }

    /** Cancels a confirmed order and begins to undo its checkout. */
    Optional<Lease> cancel(KeptOrder order, String owner) {
        if (order.status() != Status.CONFIRMED) {
            return Optional.empty();
        }
        world.saw(Sight.CANCELLED_AFTER_END);
        write(order, Status.CANCELLED);
        return Optional.of(hold(new Lease(order, Checkout.cancelledAfterEnd(), owner, AFTER_END, 1)));
    }

    boolean ship(KeptOrder order) {
        if (order.status() != Status.CONFIRMED) {
            return false;
        }
        world.saw(Sight.SHIPPED);
        write(order, Status.SHIPPED);
        return true;
    }

    List<Lease> takeOver(String owner) {
        List<Lease> taken = new ArrayList<>();
        for (KeptOrder order : byKey.values()) {
            order.saga().filter(saga -> saga.until() < world.now()).ifPresent(saga -> {
                world.saw(Sight.TAKEN_OVER);
                Progress at = saga.lease().progress();
                Progress from = world.has(Plant.FORWARD_AGAIN) ? new Progress(at.step(), Optional.empty()) : at;
                taken.add(hold(saga.lease().takenOver(owner, from)));
            });
        }
        return taken;
    }

    boolean leadRelay(String owner) {
        if (!relayOwner.equals(owner) && relayUntil >= world.now()) {
            return false;
        }
        relayOwner = owner;
        relayUntil = world.now() + RELAY_LEASE;
        return true;
    }

    /** What may be delivered now: of each order and receiver the earliest. */
    List<Delivery> next() {
        return deliveries.stream()
                .filter(delivery -> deliveries.stream()
                        .noneMatch(earlier -> earlier.receiver().equals(delivery.receiver())
                                && earlier.event().order() == delivery.event().order()
                                && earlier.event().seq() < delivery.event().seq()))
                .toList();
    }

    void acknowledge(Delivery delivery) {
        deliveries.remove(delivery);
    }

    private boolean isHeld(Lease lease) {
        return lease.order()
                .saga()
                .filter(saga -> isHeld(saga, lease) || world.has(Plant.NO_COMPARE_AND_SET))
                .isPresent();
    }

    private static boolean isHeld(Saga saga, Lease lease) {
        return !saga.isParked()
                && saga.lease().version() == lease.version()
                && saga.lease().owner().equals(lease.owner());
    }

    private Lease hold(Lease lease) {
        lease.order().keep(new Saga(lease, false, world.now() + leaseTime));
        return lease;
    }

    private void write(KeptOrder order, Status status) {
        world.note("orders", () -> order + " is " + status);
        Happening event = order.become(status, world.newId());
        deliveries.add(new Delivery(NOTIFICATION, event));
        if (status == Status.CONFIRMED) {
            deliveries.add(new Delivery(PRODUCT, event));
        }
    }
}
