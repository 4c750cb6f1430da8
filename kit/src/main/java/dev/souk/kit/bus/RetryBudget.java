package dev.souk.kit.bus;

/**
 * How many calls may be tried again: one for every ten that are made, so that a service that fails under load is not asked
 * twice as much for it. Some may be tried again at once after quiet times. Used from many threads.
 */
final class RetryBudget {
    private static final int CALLS_FOR_A_RETRY = 10;
    private static final int MOST_SAVED = 100 * CALLS_FOR_A_RETRY;

    /** In calls. */
    private int saved = 10 * CALLS_FOR_A_RETRY;

    /** A call is made for the first time. */
    synchronized void deposit() {
        saved = Math.min(MOST_SAVED, saved + 1);
    }

    /** Whether one may be made again. */
    synchronized boolean withdraw() {
        if (saved < CALLS_FOR_A_RETRY) {
            return false;
        }
        saved -= CALLS_FOR_A_RETRY;
        return true;
    }
}
