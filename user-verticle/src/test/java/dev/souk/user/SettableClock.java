package dev.souk.user;

import dev.souk.kit.node.ServiceContext;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/** Stands still until a test moves it. */
final class SettableClock extends Clock {
    private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

    void pass(Duration time) {
        now = now.plus(time);
    }

    /** The same but for its clock, which is this one. */
    ServiceContext in(ServiceContext given) {
        return new ServiceContext(
                given.vertx(),
                given.node(),
                given.environment(),
                given.bus(),
                given.discovery(),
                given.readiness(),
                given.meters(),
                this,
                given.ids(),
                given.random(),
                given.announce());
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
