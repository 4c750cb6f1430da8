package dev.souk.certification.model;

import dev.souk.contracts.Orders;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.product.Expiry;
import dev.souk.product.KeptReservation;
import dev.souk.product.ReservationState;
import dev.souk.product.Settling;
import dev.souk.product.StockRules;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The product service's database, changed only as {@link StockRules} says: each method is one of its transactions. */
final class StockTables {
    private final World world;
    private final long timeToLive;
    private final Map<UUID, StockLevel> levels = new LinkedHashMap<>();
    private final Map<UUID, Row> reservations = new LinkedHashMap<>();

    /** @param lines what was taken for it; nothing if it never held any */
    record Row(KeptReservation kept, Map<UUID, Long> lines, long expiresAt) {
        ReservationState state() {
            return kept.state();
        }

        Row become(ReservationState state) {
            return new Row(new KeptReservation(state, kept.shortOf()), lines, expiresAt);
        }
    }

    StockTables(World world, long timeToLive) {
        this.world = world;
        this.timeToLive = timeToLive;
    }

    void stock(UUID productId, long pieces) {
        levels.put(productId, new StockLevel(pieces, 0, 0));
    }

    Map<UUID, StockLevel> levels() {
        return levels;
    }

    Map<UUID, Row> reservations() {
        return reservations;
    }

    Optional<ReservationState> state(UUID orderId) {
        return Optional.ofNullable(reservations.get(orderId)).map(Row::state);
    }

    Reservation reserve(UUID orderId, List<Quantity> lines) {
        Row known = reservations.get(orderId);
        if (known != null && !world.has(Plant.RESERVE_AGAIN)) {
            if (known.state() == ReservationState.RELEASED) {
                world.saw(Sight.RESERVED_AFTER_RELEASE);
            }
            return StockRules.reserveAgain(known.kept());
        }
        Map<UUID, Long> wanted = StockRules.wanted(lines);
        Map<UUID, Long> available = new HashMap<>();
        levels.forEach((productId, level) -> available.put(productId, level.available()));
        Reservation outcome =
                StockRules.reserveInTurn(available, Map.of(orderId, wanted)).get(orderId);
        switch (outcome) {
            case Reservation.Reserved reserved -> {
                wanted.forEach((productId, quantity) -> move(productId, -quantity, quantity, 0));
                keep(orderId, ReservationState.HELD, List.of(), wanted);
            }
            case Reservation.OutOfStock shortage -> {
                world.saw(Sight.OUT_OF_STOCK);
                keep(orderId, ReservationState.REFUSED, shortage.productIds(), Map.of());
            }
            case Reservation.Closed closed -> throw new Broken("a new order cannot be closed");
        }
        return outcome;
    }

    void release(UUID orderId) {
        Row known = reservations.get(orderId);
        if (known != null) {
            StockRules.release(known.state()).ifPresent(settling -> settle(orderId, known, settling));
            return;
        }
        world.saw(Sight.RELEASED_BEFORE_RESERVED);
        if (!world.has(Plant.NO_TOMBSTONE_ON_RELEASE)) {
            keep(orderId, ReservationState.RELEASED, List.of(), Map.of());
        }
    }

    void commit(UUID orderId) {
        Row known = reservations.get(orderId);
        if (known == null) {
            throw new Broken("an order was confirmed and never asked for stock");
        }
        if (known.state() == ReservationState.RELEASED) {
            world.saw(Sight.COMMITTED_AFTER_RELEASE);
        }
        StockRules.commit(known.state()).ifPresent(settling -> settle(orderId, known, settling));
    }

    /** The orders that hold stock longer than a checkout takes. */
    List<UUID> expired() {
        return reservations.entrySet().stream()
                .filter(entry -> entry.getValue().state() == ReservationState.HELD
                        && entry.getValue().expiresAt() <= world.now())
                .map(Map.Entry::getKey)
                .toList();
    }

    void expire(UUID orderId, Optional<Orders.Status> standing) {
        Row known = reservations.get(orderId);
        Expiry decision = StockRules.expire(known.state(), standing);
        switch (decision) {
            case GIVE_BACK -> {
                world.saw(Sight.EXPIRY_GAVE_BACK);
                settle(orderId, known, Settling.GIVE_BACK);
            }
            case STAYS_HELD -> {
                world.saw(Sight.EXPIRY_LEFT_HELD);
                reservations.put(orderId, new Row(known.kept(), known.lines(), world.now() + timeToLive));
            }
            case IS_SETTLED -> {}
        }
    }

    private void keep(UUID orderId, ReservationState state, List<UUID> shortOf, Map<UUID, Long> lines) {
        world.note("stock", () -> world.nameOf(orderId) + ": reservation is " + state);
        reservations.put(orderId, new Row(new KeptReservation(state, shortOf), lines, world.now() + timeToLive));
    }

    private void settle(UUID orderId, Row known, Settling settling) {
        if (settling == Settling.TAKE_BACK) {
            world.saw(Sight.TAKEN_BACK);
        }
        world.note("stock", () -> world.nameOf(orderId) + ": " + settling);
        known.lines()
                .forEach((productId, quantity) -> move(
                        productId,
                        settling.available() * quantity,
                        settling.reserved() * quantity,
                        settling.sold() * quantity));
        reservations.put(orderId, known.become(settling.end()));
    }

    private void move(UUID productId, long available, long reserved, long sold) {
        levels.computeIfPresent(
                productId,
                (id, level) -> new StockLevel(
                        level.available() + available, level.reserved() + reserved, level.sold() + sold));
    }
}
