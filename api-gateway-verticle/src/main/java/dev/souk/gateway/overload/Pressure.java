package dev.souk.gateway.overload;

import dev.souk.gateway.contract.Priority;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How far the gateway has fallen behind, told by a clock that ticks on its own event loop: when a tick comes late, so does
 * every request that has arrived. The level rises while one tick after another is late and falls more slowly while they are not
 * (additive increase and decrease), and each priority has a band of it in which more and more of its requests are shed.
 *
 * <p>While the services refuse orders, those who only look give way too, up to three in five: a shop that nobody can
 * look at sells nothing either. Used from one event loop.
 */
final class Pressure {
    static final Duration TICK = Duration.ofMillis(20);
    /** A pause of the garbage collector or of a machine that has other things to do is shorter, or comes alone. */
    static final Duration LATE = Duration.ofMillis(50);

    /** From nothing to all of it in 20 late ticks, and back in 100 that are in time: two seconds. */
    private static final double RISE = 0.05;

    private static final double FALL = 0.01;

    private static final double MOST_YIELDING = 0.6;

    private final RandomGenerator random;
    private double level;
    /** The part of browsing that gives way to the checkout. */
    private double yielding;

    private boolean wasCheckoutRefused;
    private boolean wasLate;
    private long lastTick;

    Pressure(RandomGenerator random) {
        this.random = random;
    }

    /** Begins to observe the calling event loop. @return the timer that does it */
    long observe(Vertx vertx) {
        lastTick = System.nanoTime();
        return vertx.setPeriodic(TICK.toMillis(), id -> tick(System.nanoTime()));
    }

    private void tick(long now) {
        record(Duration.ofNanos(now - lastTick).minus(TICK));
        lastTick = now;
    }

    /** Takes note of how late a tick came. */
    void record(Duration late) {
        boolean isLate = late.compareTo(LATE) > 0;
        level = isLate && wasLate ? Math.min(1, level + RISE) : Math.max(0, level - FALL);
        wasLate = isLate;
        yielding = wasCheckoutRefused ? Math.min(MOST_YIELDING, yielding + RISE) : Math.max(0, yielding - FALL);
        wasCheckoutRefused = false;
    }

    /** Takes note of an order that could not be taken, for there was too much to do. */
    void checkoutRefused() {
        wasCheckoutRefused = true;
    }

    /** Whether this one request of that priority is not let in now. */
    boolean sheds(Priority priority) {
        return switch (priority) {
            case BROWSING -> isIn(0.1, 0.4) || yielding > 0 && random.nextDouble() < yielding;
            case ORDINARY -> isIn(0.3, 0.7);
            case CHECKOUT -> isIn(0.6, 1);
            case RELEASE, CONTROL -> false;
        };
    }

    /** As likely as the level is far in the band. */
    private boolean isIn(double from, double to) {
        return level > from && random.nextDouble() < (level - from) / (to - from);
    }
}
