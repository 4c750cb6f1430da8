package dev.souk.gateway.grpc;

/** The client's own deadline came first, which tells nothing of how busy the shop is. */
final class DeadlinePassed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeadlinePassed() {
        super("the client's deadline has passed", null, false, false);
    }
}
