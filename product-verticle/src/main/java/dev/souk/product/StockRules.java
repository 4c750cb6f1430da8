package dev.souk.product;

import static dev.souk.contracts.Fault.Code.IDEMPOTENCY_KEY_REUSED;
import static dev.souk.contracts.Fault.Code.STOCK_NEGATIVE;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Products.AdjustStock;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.StockLevel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Every decision about stock, as functions of what is stored and locked at that moment and of what is asked. They touch
 * nothing: {@link StockService} asks them inside a transaction and stores what they say.
 */
public final class StockRules {
    private StockRules() {}

    /** How much of each product the lines ask for; a product that stands in several of them is asked for in all. */
    public static Map<UUID, Long> wanted(List<Quantity> lines) {
        Map<UUID, Long> wanted = new LinkedHashMap<>();
        lines.forEach(line -> wanted.merge(line.productId(), (long) line.quantity(), Long::sum));
        return wanted;
    }

    /**
     * Whether an order that asks for the first time gets its stock: all of it or nothing.
     *
     * @param available how much there is of each product that can be ordered; one that is missing here is out of stock
     */
    public static Reservation reserve(Map<UUID, Long> available, Map<UUID, Long> wanted) {
        List<UUID> shortOf = wanted.entrySet().stream()
                .filter(line -> available.getOrDefault(line.getKey(), 0L) < line.getValue())
                .map(Map.Entry::getKey)
                .toList();
        return shortOf.isEmpty() ? new Reservation.Reserved() : new Reservation.OutOfStock(shortOf);
    }

    /**
     * The same for several orders, one after the other: what one gets is not there for the next.
     *
     * @param orders what each order asks for, in the order of their coming
     */
    public static Map<UUID, Reservation> reserveInTurn(Map<UUID, Long> available, Map<UUID, Map<UUID, Long>> orders) {
        Map<UUID, Long> left = new HashMap<>(available);
        Map<UUID, Reservation> outcomes = new LinkedHashMap<>();
        orders.forEach((orderId, wanted) -> {
            Reservation outcome = reserve(left, wanted);
            outcomes.put(orderId, outcome);
            if (outcome instanceof Reservation.Reserved) {
                wanted.forEach((productId, quantity) -> left.merge(productId, -quantity, Long::sum));
            }
        });
        return outcomes;
    }

    /** The answer to an order that asks again, or too late. It changes nothing. */
    public static Reservation reserveAgain(KeptReservation kept) {
        return switch (kept.state()) {
            case HELD, COMMITTED -> new Reservation.Reserved();
            case REFUSED -> new Reservation.OutOfStock(kept.shortOf());
            case RELEASED -> new Reservation.Closed();
        };
    }

    /**
     * What the confirmation of its order does to a reservation; empty if nothing: it is sold already, or it came back and is
     * not sold any more.
     *
     * @throws IllegalStateException if there never was a hold: such an order cannot have been confirmed
     */
    public static Optional<Settling> commit(ReservationState state) {
        return switch (state) {
            case HELD -> Optional.of(Settling.SELL);
            case COMMITTED, RELEASED -> Optional.empty();
            case REFUSED -> throw new IllegalStateException("an order was confirmed without its stock");
        };
    }

    /** What a release does to a reservation; empty if nothing is held or sold. */
    public static Optional<Settling> release(ReservationState state) {
        return switch (state) {
            case HELD -> Optional.of(Settling.GIVE_BACK);
            case COMMITTED -> Optional.of(Settling.TAKE_BACK);
            case REFUSED, RELEASED -> Optional.empty();
        };
    }

    /**
     * What becomes of a reservation whose time is over.
     *
     * @param standing where its order stands, as the order service says; empty if it never heard of it
     */
    public static Expiry expire(ReservationState state, Optional<Orders.Status> standing) {
        if (state != ReservationState.HELD) {
            return Expiry.IS_SETTLED;
        }
        return standing.map(StockRules::expireHeld).orElse(Expiry.GIVE_BACK);
    }

    private static Expiry expireHeld(Orders.Status standing) {
        return switch (standing) {
            case REJECTED, CANCELLED -> Expiry.GIVE_BACK;
            case PENDING, CONFIRMED, SHIPPED, DELIVERED -> Expiry.STAYS_HELD;
        };
    }

    /** The stock after so much was added or taken. @throws Fault {@code STOCK_NEGATIVE} if there is not that much */
    public static StockLevel adjust(StockLevel stock, long delta) {
        long available = Math.addExact(stock.available(), delta);
        if (available < 0) {
            throw Fault.of(STOCK_NEGATIVE, "Only " + stock.available() + " are available.");
        }
        return new StockLevel(available, stock.reserved(), stock.sold());
    }

    /** The first answer to the key. @throws Fault {@code IDEMPOTENCY_KEY_REUSED} if something else is asked with it */
    public static StockLevel adjustAgain(KeptAdjustment kept, AdjustStock request) {
        if (kept.delta() != request.delta() || !Objects.equals(kept.reason(), request.reason())) {
            throw Fault.of(IDEMPOTENCY_KEY_REUSED, "This idempotency key was used for another change of this stock.");
        }
        return kept.result();
    }
}
