package dev.souk.product;

/** How the pieces of a reservation move when it takes its next step: each one leaves one place and comes to another. */
public enum Settling {
    /** What is held is sold. */
    SELL(ReservationState.COMMITTED, 0, -1, 1),
    /** What is held is available again. */
    GIVE_BACK(ReservationState.RELEASED, 1, -1, 0),
    /** What was sold is available again. */
    TAKE_BACK(ReservationState.RELEASED, 1, 0, -1);

    private final ReservationState end;
    private final int available;
    private final int reserved;
    private final int sold;

    Settling(ReservationState end, int available, int reserved, int sold) {
        this.end = end;
        this.available = available;
        this.reserved = reserved;
        this.sold = sold;
    }

    /** Where the reservation stands afterwards. */
    public ReservationState end() {
        return end;
    }

    /** By how much a piece changes what is available: 1, 0 or -1. */
    public int available() {
        return available;
    }

    /** By how much a piece changes what is reserved: 1, 0 or -1. */
    public int reserved() {
        return reserved;
    }

    /** By how much a piece changes what is sold: 1, 0 or -1. */
    public int sold() {
        return sold;
    }
}
