package dev.souk.user;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When one signing key follows another, so that whoever checks a token has its key, at every moment. A new key is
 * published for the {@link #lead} before it signs, which is longer than gateways and instances of this service may go
 * without a look at the keys; an old one stays published until the last token that it signed is over.
 *
 * @param rotation how long each key signs; empty for as long as the shop stands
 * @param tokenLifetime for how long a token is good
 */
record KeySchedule(Optional<Duration> rotation, Duration tokenLifetime) {
    /** Twice the time that a gateway goes without asking for the keys, be there an unknown one or not. */
    private static final Duration LONGEST_LEAD = Duration.ofMinutes(10);
    /**
     * Where keys rotate sooner than that, gateways ask when they meet an unknown one: they were answered two seconds ago
     * at most, or ask now, with what was read for another two seconds.
     */
    private static final Duration SHORTEST_LEAD = Duration.ofSeconds(6);
    /** What clocks may differ by, and what gateways forgive. */
    private static final Duration MARGIN = Duration.ofSeconds(30);

    private static final Duration SELDOMEST_LOOK = Duration.ofSeconds(5);

    /** How long a key is published before it signs. */
    Duration lead() {
        return rotation.map(age -> least(LONGEST_LEAD, greatest(SHORTEST_LEAD, age)))
                .orElse(LONGEST_LEAD);
    }

    /** How long what was read of the keys may be used. */
    Duration goodFor() {
        return lead().dividedBy(3);
    }

    /** How often to look for new keys. */
    Duration lookEvery() {
        return least(SELDOMEST_LOOK, lead().dividedBy(6));
    }

    /**
     * When the key that follows this one is to sign; empty if it is too early to make it. Where one was made already and is
     * gone, an operator has withdrawn it, and another takes its place.
     */
    Optional<Instant> next(SigningKey newest, Instant now) {
        Instant soonest = now.plus(lead());
        if (newest.publishedUntil().isPresent()) {
            return Optional.of(soonest);
        }
        return rotation.map(age -> newest.signsFrom().plus(age))
                .filter(due -> !due.isAfter(soonest))
                .map(due -> soonest);
    }

    /** Until when a key is published that signs up to a time. */
    Instant publishedUntil(Instant signsUntil) {
        return signsUntil.plus(tokenLifetime).plus(MARGIN);
    }

    private static Duration least(Duration one, Duration other) {
        return Stream.of(one, other).min(Comparator.naturalOrder()).orElseThrow();
    }

    private static Duration greatest(Duration one, Duration other) {
        return Stream.of(one, other).max(Comparator.naturalOrder()).orElseThrow();
    }
}
