package dev.souk.gateway.http;

/** The client's own deadline came first, which tells nothing of how busy the shop is. */
public final class DeadlinePassed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeadlinePassed() {
        super("the client's deadline has passed", null, false, false);
    }
}
