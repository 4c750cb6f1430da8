package dev.souk.order;

import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products.Quantity;
import dev.souk.order.Checkout.Ending;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An order as this service keeps it. It owns its transitions: {@code PENDING} to {@code CONFIRMED}, {@code REJECTED} or
 * {@code CANCELLED}, from there {@code CONFIRMED} to {@code CANCELLED} or {@code SHIPPED}, {@code SHIPPED} to
 * {@code DELIVERED}, nothing else.
 *
 * @param claim what the client asked for, under which key
 * @param reason null unless rejected
 * @param left how its checkout left it; empty while it is pending
 */
public record PlacedOrder(
        UUID id,
        UUID userId,
        Claim claim,
        String paymentMethod,
        Status status,
        Reason reason,
        List<Line> lines,
        Money total,
        Instant createdAt,
        Instant updatedAt,
        Optional<Left> left) {

    /** How a checkout left its order, and when. */
    record Left(Ending ending, Instant at) {}

    public PlacedOrder {
        lines = List.copyOf(lines);
        if ((status == Status.REJECTED) != (reason != null)) {
            throw new IllegalArgumentException("reason: a rejected order has one, no other has");
        }
        if ((status == Status.PENDING) != left.isEmpty()) {
            throw new IllegalArgumentException("left: a pending order has no end yet, every other has");
        }
    }

    /** A new order at these prices. @throws ArithmeticException, IllegalArgumentException if they cannot be added up */
    static PlacedOrder pending(UUID id, UUID userId, Claim claim, String paymentMethod, List<Line> lines, Instant now) {
        Money total = lines.stream().map(Line::lineTotal).reduce(Money::plus).orElseThrow();
        return new PlacedOrder(
                id, userId, claim, paymentMethod, Status.PENDING, null, lines, total, now, now, Optional.empty());
    }

    /** The order as its checkout leaves it; one that was cancelled since stays cancelled. */
    PlacedOrder leave(Ending ending, Instant now) {
        if (status == Status.CANCELLED && ending.equals(Ending.CANCELLED)) {
            return this;
        }
        return isPending()
                ? with(ending.status(), ending.reason(), now, Optional.of(new Left(ending, now)))
                : illegal(ending.status());
    }

    /** A confirmed order that is given back. A pending one is cancelled by its checkout. */
    PlacedOrder cancel(Instant now) {
        return status == Status.CONFIRMED ? with(Status.CANCELLED, null, now, left) : illegal(Status.CANCELLED);
    }

    PlacedOrder ship(Instant now) {
        return status == Status.CONFIRMED ? with(Status.SHIPPED, null, now, left) : illegal(Status.SHIPPED);
    }

    PlacedOrder deliver(Instant now) {
        return status == Status.SHIPPED ? with(Status.DELIVERED, null, now, left) : illegal(Status.DELIVERED);
    }

    boolean isPending() {
        return status == Status.PENDING;
    }

    /** What a product service needs to know of the lines. */
    List<Quantity> quantities() {
        return lines.stream()
                .map(line -> new Quantity(line.productId(), line.quantity()))
                .toList();
    }

    /** The event that brought the order to where it stands. */
    OrderEvent event() {
        return switch (status) {
            case PENDING -> new OrderEvent.Placed(userId, lines, total);
            case CONFIRMED -> new OrderEvent.Confirmed(userId, total);
            case REJECTED -> new OrderEvent.Rejected(userId, reason);
            case CANCELLED -> new OrderEvent.Cancelled(userId, total);
            case SHIPPED -> new OrderEvent.Shipped(userId);
            case DELIVERED -> new OrderEvent.Delivered(userId);
        };
    }

    Orders.Order toContract() {
        return new Orders.Order(id, userId, status, reason, lines, total, createdAt, updatedAt);
    }

    /** What its idempotency key answers with: the order as its checkout left it, or as it stands if it has not ended. */
    Orders.Order answer() {
        return left.map(end -> new Orders.Order(
                        id, userId, end.ending().status(), end.ending().reason(), lines, total, createdAt, end.at()))
                .orElseGet(this::toContract);
    }

    private PlacedOrder with(Status next, Reason why, Instant now, Optional<Left> end) {
        return new PlacedOrder(id, userId, claim, paymentMethod, next, why, lines, total, createdAt, now, end);
    }

    private PlacedOrder illegal(Status next) {
        throw new IllegalTransition(this, next);
    }

    /** The order does not stand where this could happen to it. */
    static final class IllegalTransition extends RuntimeException {
        private static final long serialVersionUID = 1L;

        IllegalTransition(PlacedOrder order, Status next) {
            super("order " + order.id() + " is " + order.status() + " and cannot become " + next);
        }
    }
}
