package dev.souk.kit.bus;

import dev.souk.contracts.Fault;
import java.time.Duration;

/**
 * How much of something may run at once, learned from what becomes of it: a fifth less when some was too much, slowly more
 * while as much is wanted and served (additive increase, multiplicative decrease). As TCP does (RFC 5681), it gives way once
 * in a round trip: what began before tells nothing new. A burst that is refused in part is one sign, not a thousand. Used
 * from one event loop.
 */
public final class AdaptiveLimit {
    private static final double LESS = 0.8;

    private final int least;
    private final int most;
    private final double more;
    private double limit;
    private int running;
    /** How much ran at once at most since the last decrease: what is told last that it is too much is little. */
    private int peak;

    private long lastDecrease = System.nanoTime();

    /**
     * Begins with the most.
     *
     * @param more what is added while as much as may run has been served once
     */
    public AdaptiveLimit(int least, int most, int more) {
        this.least = least;
        this.most = most;
        this.more = more;
        this.limit = most;
    }

    /** Whether one more could run. */
    public boolean hasRoom() {
        return running < (int) limit;
    }

    /** One more wants to run. @return whether there is room; it must {@link #leave} then */
    public boolean enter() {
        if (!hasRoom()) {
            return false;
        }
        running++;
        peak = Math.max(peak, running);
        return true;
    }

    /** One that ran does not any more. */
    public void leave() {
        running--;
    }

    /**
     * Tells what became of one that runs. It was too much if it took too long, if those who should have served it said so, or
     * if they did not answer in time; a refusal of another kind tells nothing.
     *
     * @param began when it did, as {@link System#nanoTime}
     * @param within what it should have taken at most
     * @param failure why it was not served; null if it was
     * @return whether it was too much
     */
    public boolean learn(long began, Duration within, Throwable failure) {
        if (isCongestion(failure) || System.nanoTime() - began > within.toNanos()) {
            tooMuch(began);
            return true;
        }
        if (failure == null) {
            served();
        }
        return false;
    }

    private static boolean isCongestion(Throwable failure) {
        return failure instanceof Fault fault
                && (fault.code() == Fault.Code.OVERLOADED || fault.code() == Fault.Code.TIMEOUT);
    }

    private void served() {
        if (running * 2 >= (int) limit) {
            limit = Math.min(most, limit + more / limit);
        }
    }

    private void tooMuch(long began) {
        if (began - lastDecrease >= 0) {
            limit = Math.max(least, Math.min(limit, peak) * LESS);
            lastDecrease = System.nanoTime();
            peak = running;
        }
    }
}
