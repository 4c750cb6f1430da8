package dev.souk.gateway.external;

/** An instance did not answer a request. */
final class NotAnswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    enum Why {
        /** It could not be connected to: nothing was sent. */
        NOT_REACHED,
        /** The connection broke: what became of the request is not known. */
        BROKEN,
        /** It took too long: what became of the request is not known. */
        TOO_SLOW
    }

    private final Why why;

    NotAnswered(Why why, String words) {
        super(words, null, false, false);
        this.why = why;
    }

    Why why() {
        return why;
    }
}
