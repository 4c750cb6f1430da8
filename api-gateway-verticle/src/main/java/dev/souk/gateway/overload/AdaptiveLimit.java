package dev.souk.gateway.overload;

/**
 * How many requests of one operation may run at once, learned from what becomes of them: a fifth less when some were too
 * much, slowly more while as many are wanted and served (additive increase, multiplicative decrease). As TCP does (RFC 5681),
 * it gives way once in a round trip: what was let in before tells nothing new. A burst that is refused in part is one sign,
 * not a thousand. Used from one event loop.
 */
final class AdaptiveLimit {
    static final int MOST = 4_096;
    static final int LEAST = 32;

    private static final double LESS = 0.8;
    /** Added in a round trip in which as many as may run are served. */
    private static final double MORE = 8;

    private double limit = MOST;
    private int running;
    /** How many ran at once at most since the last decrease: those who are told last that they are too many are few. */
    private int peak;

    private long turn;
    private long turnOfLastDecrease = -1;

    /** One more wants to run. @return its number, or -1 if there is no room */
    long enter() {
        if (running >= (int) limit) {
            return -1;
        }
        running++;
        peak = Math.max(peak, running);
        return turn++;
    }

    /** One that ran was served. */
    void served() {
        if (running * 2 >= limit) {
            limit = Math.min(MOST, limit + MORE / limit);
        }
        running--;
    }

    /** One that ran was too much for those who should have served it. @param number what it was given when it came */
    void tooMuch(long number) {
        if (number > turnOfLastDecrease) {
            limit = Math.max(LEAST, Math.min(limit, peak) * LESS);
            turnOfLastDecrease = turn - 1;
            peak = running;
        }
        running--;
    }

    /** One that ran has ended in a way that tells nothing. */
    void left() {
        running--;
    }
}
