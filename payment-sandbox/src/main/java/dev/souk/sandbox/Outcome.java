package dev.souk.sandbox;

/** What a request ends with. */
public sealed interface Outcome {
    /** @param again whether this is a repeat of an earlier answer */
    record Charged(Entry.Charge charge, boolean again) implements Outcome {}

    record Declined(Entry.Decline decline) implements Outcome {}

    /** A refund for this key came first: it is never charged. */
    record ChargeVoided() implements Outcome {}

    /** @param again whether this is a repeat of an earlier answer */
    record Refunded(Entry.Refund refund, boolean again) implements Outcome {}

    /** There is nothing to give back, and there never will be. */
    record NothingCharged() implements Outcome {}

    /** The key stands for something else. */
    record KeyReused() implements Outcome {}

    /** The first request with this key is still being worked on. */
    record InProgress() implements Outcome {}

    /** The provider stumbled, and nothing happened. */
    record Stumbled() implements Outcome {}

    /** It happened, but nobody is told. */
    record Unanswered() implements Outcome {}
}
