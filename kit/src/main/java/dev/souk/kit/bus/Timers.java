package dev.souk.kit.bus;

/** Timers of Vert.x, which counts them from 0 through all parts of a node. */
public final class Timers {
    /** The timer of whoever has none: to cancel a field that was never set would stop the node's first timer. */
    public static final long NONE = -1;

    private Timers() {}
}
