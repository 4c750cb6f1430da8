package dev.souk.sandbox;

/** What has become of a charge's key. A key without a standing is not known. */
public sealed interface Standing {
    /** It holds its money. */
    record Charged(Entry.Charge charge) implements Standing {}

    record Declined(Entry.Decline decline) implements Standing {}

    /** Charged once and given back once: final. */
    record Refunded(Entry.Charge charge, Entry.Refund refund) implements Standing {}

    /** Closed before anything was charged: final. */
    record Voided(Entry.Void tombstone) implements Standing {}
}
