package dev.souk.certification.model;

import dev.souk.contracts.Orders.Status;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.Checkout.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** An order as the order service's database has it: its row, its history, and the row of its checkout. */
final class KeptOrder {
    final UUID id;
    final Wish wish;
    final List<Happening> history = new ArrayList<>();
    private Status status;
    private Optional<Ending> left = Optional.empty();
    private Optional<Saga> saga = Optional.empty();

    /** One event of its history. */
    record Happening(UUID id, KeptOrder order, int seq, Status type) {
        @Override
        public String toString() {
            return type + " (" + seq + ") of " + order;
        }
    }

    /** The right to take one step of one checkout. */
    record Lease(KeptOrder order, Progress progress, String owner, long version, int attempts) {
        Lease next(Progress to) {
            return new Lease(order, to, owner, version + 1, 1);
        }

        Lease takenOver(String by, Progress from) {
            return new Lease(order, from, by, version + 1, attempts + 1);
        }
    }

    /** @param isParked whether nobody holds the lease */
    record Saga(Lease lease, boolean isParked, long until) {}

    KeptOrder(UUID id, Wish wish) {
        this.id = id;
        this.wish = wish;
    }

    Status status() {
        return status;
    }

    Optional<Ending> left() {
        return left;
    }

    Optional<Saga> saga() {
        return saga;
    }

    boolean isSettled() {
        return status != Status.PENDING && saga.isEmpty();
    }

    void keep(Saga changed) {
        saga = Optional.of(changed);
    }

    void endSaga() {
        saga = Optional.empty();
    }

    void leave(Ending ending) {
        left = Optional.of(ending);
    }

    /** The order's new state and its event, which are written together. */
    Happening become(Status next, UUID eventId) {
        status = next;
        Happening event = new Happening(eventId, this, history.size() + 1, next);
        history.add(event);
        return event;
    }

    @Override
    public String toString() {
        return "order " + wish.key();
    }
}
