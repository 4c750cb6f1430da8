package dev.souk.order;

import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * An order as this service keeps it. It owns its transitions: {@code PENDING} to {@code CONFIRMED} or {@code REJECTED},
 * nothing else.
 *
 * @param claim what the client asked for, under which key
 * @param reason null unless rejected
 */
record PlacedOrder(
        UUID id,
        UUID userId,
        Claim claim,
        String paymentMethod,
        Status status,
        Reason reason,
        List<Line> lines,
        Money total,
        Instant createdAt,
        Instant updatedAt) {

    PlacedOrder {
        lines = List.copyOf(lines);
        if ((status == Status.REJECTED) != (reason != null)) {
            throw new IllegalArgumentException("reason: a rejected order has one, no other has");
        }
    }

    /** A new order at these prices. @throws ArithmeticException, IllegalArgumentException if they cannot be added up */
    static PlacedOrder pending(UUID id, UUID userId, Claim claim, String paymentMethod, List<Line> lines, Instant now) {
        Money total = lines.stream().map(Line::lineTotal).reduce(Money::plus).orElseThrow();
        return new PlacedOrder(id, userId, claim, paymentMethod, Status.PENDING, null, lines, total, now, now);
    }

    PlacedOrder confirm(Instant now) {
        return end(Status.CONFIRMED, null, now);
    }

    PlacedOrder reject(Reason why, Instant now) {
        return end(Status.REJECTED, why, now);
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
            case CONFIRMED -> new OrderEvent.Confirmed();
            case REJECTED -> new OrderEvent.Rejected(reason);
        };
    }

    Orders.Order toContract() {
        return new Orders.Order(id, userId, status, reason, lines, total, createdAt, updatedAt);
    }

    private PlacedOrder end(Status end, Reason why, Instant now) {
        if (!isPending()) {
            throw new IllegalStateException("order " + id + " is " + status + " and cannot become " + end);
        }
        return new PlacedOrder(id, userId, claim, paymentMethod, end, why, lines, total, createdAt, now);
    }
}
