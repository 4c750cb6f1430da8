package dev.souk.product;

/** What becomes of a reservation whose time is over. */
public enum Expiry {
    /** No order stands behind it any more. */
    GIVE_BACK,
    /** Its order stands: it stays held for another while. */
    STAYS_HELD,
    /** It was sold or released in the meantime: there is nothing to decide. */
    IS_SETTLED
}
