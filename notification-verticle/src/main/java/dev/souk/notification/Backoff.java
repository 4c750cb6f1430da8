package dev.souk.notification;

import java.time.Duration;

/** Pauses between attempts, each twice the one before. */
record Backoff(Duration first, Duration longest) {
    private static final int MOST_DOUBLINGS = 30;

    /** @param failures how many attempts have failed, from 1 */
    Duration after(int failures) {
        long millis = first.toMillis() << Math.clamp(failures - 1L, 0, MOST_DOUBLINGS);
        return Duration.ofMillis(Math.min(millis, longest.toMillis()));
    }
}
