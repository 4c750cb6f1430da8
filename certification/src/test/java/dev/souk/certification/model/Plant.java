package dev.souk.certification.model;

/** A bug that is planted into a run, to see that it is found. */
enum Plant {
    NONE,
    /** A release of an order that is not known is forgotten. */
    NO_TOMBSTONE_ON_RELEASE,
    /** A charge whose outcome is not known is taken for none. */
    NO_REFUND_OF_THE_UNKNOWN,
    /** Whoever ever held a checkout may move it. */
    NO_COMPARE_AND_SET,
    /** Receivers apply whatever comes. */
    NO_INBOX,
    /** Stock that is held for long is given back without a question. */
    EXPIRY_BY_TIME_ALONE,
    /** Whoever takes a checkout over goes forward, though it has turned back. */
    FORWARD_AGAIN,
    /** The provider forgets a refund that comes before its charge. */
    NO_TOMBSTONE_AT_PROVIDER,
    /** The provider is asked with another key each time. */
    ANOTHER_KEY_EACH_TIME,
    /** An event counts as delivered as soon as it is sent. */
    DELIVERED_WHEN_SENT,
    /** A reserve that comes again takes again. */
    RESERVE_AGAIN
}
