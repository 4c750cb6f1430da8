package dev.souk.sandbox;

import java.util.random.RandomGenerator;

/**
 * How the provider misbehaves at the moment.
 *
 * @param errorRate the share of requests that get a 500, half of them before and half of them after the effect
 * @param hangRate the share that has its effect and is never answered
 * @param latencyMs how long each request waits before anything happens, in milliseconds
 * @param down whether connections are closed without an answer
 */
record Faults(double errorRate, double hangRate, int latencyMs, boolean down) {
    static final int MOST_LATENCY_MS = 30_000;
    static final Faults NONE = new Faults(0, 0, 0, false);

    /** What happens to one request. */
    enum Fate {
        SERVED,
        ERROR_BEFORE,
        ERROR_AFTER,
        HANG
    }

    Faults {
        requireShare(errorRate, "errorRate");
        requireShare(hangRate, "hangRate");
        if (latencyMs < 0 || latencyMs > MOST_LATENCY_MS) {
            throw new IllegalArgumentException("latencyMs must be from 0 to " + MOST_LATENCY_MS);
        }
    }

    Fate draw(RandomGenerator random) {
        if (random.nextDouble() < hangRate) {
            return Fate.HANG;
        }
        if (random.nextDouble() < errorRate) {
            return random.nextBoolean() ? Fate.ERROR_BEFORE : Fate.ERROR_AFTER;
        }
        return Fate.SERVED;
    }

    private static void requireShare(double value, String name) {
        // Not a number is in no range.
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1");
        }
    }
}
