package dev.souk.gateway.external;

import java.util.Optional;

/**
 * Whether an instance is well, after what it answered lately. The first answer counts at once; after that it takes two of a
 * kind in a row to change, so that one lost packet does not.
 */
final class Health {
    private static final int RISE = 2;
    private static final int FALL = 2;

    enum State {
        UNKNOWN,
        UP,
        DOWN
    }

    private State state = State.UNKNOWN;
    private Optional<String> reason = Optional.empty();
    private int inARow;

    State state() {
        return state;
    }

    /** What was wrong the last time, in words for the admin. */
    Optional<String> reason() {
        return reason;
    }

    /** Whether this changed it. */
    boolean passed() {
        reason = state == State.DOWN ? reason : Optional.empty();
        return count(State.UP, RISE);
    }

    /** Whether this changed it. */
    boolean failed(String words) {
        reason = Optional.of(words);
        return count(State.DOWN, FALL);
    }

    private boolean count(State seen, int enough) {
        if (state == seen) {
            inARow = 0;
            return false;
        }
        inARow++;
        if (state != State.UNKNOWN && inARow < enough) {
            return false;
        }
        state = seen;
        inARow = 0;
        if (seen == State.UP) {
            reason = Optional.empty();
        }
        return true;
    }
}
