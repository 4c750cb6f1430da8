package dev.souk.kit.bus;

import java.time.Duration;

/**
 * The moment after which nobody waits for an answer. Kept on this JVM's monotonic clock and handed on as the time that
 * remains, so that clocks of different machines are never compared.
 */
public record Deadline(long nanoTime) {

    /** A deadline that lies so far from now. */
    public static Deadline in(Duration remaining) {
        return new Deadline(System.nanoTime() + remaining.toNanos());
    }

    /** How long until then; zero when it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime()));
    }

    public boolean hasPassed() {
        return nanoTime - System.nanoTime() <= 0;
    }
}
