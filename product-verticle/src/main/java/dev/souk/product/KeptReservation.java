package dev.souk.product;

import java.util.List;
import java.util.UUID;

/**
 * What is kept of an order's reservation.
 *
 * @param shortOf the products that were missing, if it was refused
 */
public record KeptReservation(ReservationState state, List<UUID> shortOf) {
    public KeptReservation {
        shortOf = List.copyOf(shortOf);
    }
}
