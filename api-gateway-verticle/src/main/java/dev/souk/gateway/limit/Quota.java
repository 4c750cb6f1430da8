package dev.souk.gateway.limit;

import io.github.bucket4j.BucketConfiguration;
import java.time.Duration;
import java.util.Objects;

/**
 * How much of something one client may do: so much in a window on average, and so much at once after a rest.
 *
 * @param name what it is called in the headers
 * @param permits how many a window gives back, evenly over its time
 * @param burst how many can be saved up
 */
record Quota(String name, long permits, Duration window, long burst) {
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    Quota {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(window, "window");
    }

    static Quota aSecond(String name, long permits) {
        return new Quota(name, permits, Duration.ofSeconds(1), 2 * permits);
    }

    static Quota aMinute(String name, long permits) {
        return new Quota(name, permits, Duration.ofMinutes(1), permits);
    }

    /** The part of one gateway out of several that a client spreads its requests over. */
    Quota sharedBy(int gateways) {
        return new Quota(name, permits, window.multipliedBy(gateways), Math.max(1, burst / gateways));
    }

    BucketConfiguration configuration() {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(burst).refillGreedy(permits, window))
                .build();
    }

    /** As the header {@code RateLimit-Policy} has it: the burst, and how long an empty one takes to fill. */
    String policy() {
        return "\"" + name + "\";q=" + burst + ";w=" + seconds(window.toNanos() / permits * burst);
    }

    /** As the header {@code RateLimit} has it. */
    String state(long remaining, long nanosToFull) {
        return "\"" + name + "\";r=" + remaining + ";t=" + seconds(nanosToFull);
    }

    /** Whole seconds, rounded up. */
    static long seconds(long nanos) {
        return Math.ceilDiv(nanos, NANOS);
    }
}
