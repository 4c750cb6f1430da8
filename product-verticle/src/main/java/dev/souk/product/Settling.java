package dev.souk.product;

import dev.souk.contracts.Products.Settlement;

/** What a commit or a release does to a reservation, and the answer it gives. */
enum Settling {
    /** What is held is sold. */
    SELL(Settlement.State.COMMITTED),
    /** What is held is available again. */
    GIVE_BACK(Settlement.State.RELEASED),
    /** Nothing is moved: it was sold before. */
    STAYS_SOLD(Settlement.State.COMMITTED),
    /** Nothing is moved: nothing is held. */
    STAYS_RELEASED(Settlement.State.RELEASED);

    private final Settlement.State end;

    Settling(Settlement.State end) {
        this.end = end;
    }

    Settlement answer() {
        return new Settlement(end);
    }
}
