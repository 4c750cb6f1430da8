package dev.souk.gateway.limit;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/** A clock that stands still until it is told otherwise. */
final class ManualTime implements TimeMeter {
    private long nanos = Duration.ofDays(1).toNanos();

    void pass(Duration duration) {
        nanos += duration.toNanos();
    }

    @Override
    public long currentTimeNanos() {
        return nanos;
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
