package dev.souk.sandbox;

/** The ledger could not be written at the moment; whoever gets this was told nothing, and may ask again. */
final class LedgerUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerUnavailable(String message) {
        super(message, null, false, false);
    }
}
