package dev.souk.product;

/** Where an order's hold on stock stands. */
public enum ReservationState {
    /** All lines are taken out of what is available. */
    HELD,
    /** There was not enough; nothing was taken and nothing ever will be. Final. */
    REFUSED,
    /** What was held is sold. */
    COMMITTED,
    /** What was held or sold is available again, or the release came before anything was held. Final. */
    RELEASED
}
