package dev.souk.postgres;

/** PostgreSQL could not be started. The message is one line for the operator and, where there is one, names the mending command. */
public final class PostgresStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PostgresStartException(String reason) {
        this(reason, null);
    }

    PostgresStartException(String reason, Throwable cause) {
        super("PostgreSQL cannot start: " + reason.strip().replaceAll("\\s*\\R\\s*", "; "), cause);
    }
}
