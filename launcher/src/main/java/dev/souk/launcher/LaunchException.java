package dev.souk.launcher;

/** The shop cannot be started; the message is one line for the operator that says why and what to do. */
final class LaunchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LaunchException(String message) {
        super(message);
    }

    LaunchException(String message, Throwable cause) {
        super(message, cause);
    }
}
