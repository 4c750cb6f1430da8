package dev.souk.kit.db;

import dev.souk.contracts.Fault;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the failures of PostgreSQL mean, by SQLSTATE (PostgreSQL documentation, appendix A).
 */
public final class SqlFailures {
    private static final Logger LOG = LoggerFactory.getLogger(SqlFailures.class);
    /** serialization_failure, deadlock_detected, lock_not_available: rolled back for certain, by bad luck. */
    private static final Set<String> WORTH_REPEATING = Set.of("40001", "40P01", "55P03");

    private static final String UNIQUE_VIOLATION = "23505";

    private SqlFailures() {}

    /** Whether a row was refused because of this unique constraint. */
    public static boolean violates(Throwable failure, String constraint) {
        return failure instanceof PgException refused
                && UNIQUE_VIOLATION.equals(refused.getSqlState())
                && constraint.equals(refused.getConstraint());
    }

    /** Whether it is a matter of time, and not of what was asked. */
    private static boolean isOutage(Fault fault) {
        return switch (fault.code()) {
            case UNAVAILABLE, TIMEOUT, OVERLOADED -> true;
            default -> false;
        };
    }

    /** Whether the database could not be used, and whether it did what it was asked is not known. */
    static boolean isPassing(Throwable failure) {
        return failure instanceof Fault fault && fault.code() == Fault.Code.UNAVAILABLE;
    }

    /**
     * Whether one of the things that were asked for is to blame: a value or a row that the database refuses (SQLSTATE
     * classes 22 and 23), or one that the work itself cannot take. All was rolled back for certain.
     */
    static boolean isOfOneItem(Throwable failure) {
        return switch (failure) {
            case PgException refused ->
                refused.getSqlState().startsWith("22") || refused.getSqlState().startsWith("23");
            case Fault fault -> !isOutage(fault);
            default -> true;
        };
    }

    static boolean isWorthRepeating(Throwable failure) {
        return failure instanceof PgException refused && WORTH_REPEATING.contains(refused.getSqlState());
    }

    static boolean isLostConnection(Throwable failure) {
        return switch (failure) {
            case ClosedConnectionException closed -> true;
            case IOException io -> true;
            case PgException refused -> isShutdown(refused.getSqlState());
            default -> false;
        };
    }

    /** A fault where the failure is the database's or the value's, the failure itself where a repository must decide. */
    static <T> Future<T> translate(Throwable failure) {
        if (failure instanceof PgException refused && refused.getSqlState().startsWith("22")) {
            // The gateway checks every value; one that slips through is the client's fault all the same.
            LOG.warn("the database refused a value: {}", refused.getErrorMessage());
            return Future.failedFuture(Fault.of(Fault.Code.INVALID_REQUEST, "A value cannot be stored as it is."));
        }
        if (isWorthRepeating(failure) || isUnreachable(failure)) {
            LOG.warn("the database cannot be used: {}", failure.toString());
            return Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "The database cannot be used at the moment."));
        }
        return Future.failedFuture(failure);
    }

    private static boolean isUnreachable(Throwable failure) {
        return switch (failure) {
            // What PostgreSQL says is a VertxException too: it must be looked at first.
            case PgException refused -> isOutOfService(refused.getSqlState());
            case TimeoutException late -> true;
            case VertxException unusable -> true;
            default -> isLostConnection(failure);
        };
    }

    /** Connection exceptions, and an administrator or a crash that ends the session. */
    private static boolean isShutdown(String state) {
        return state.startsWith("08") || state.startsWith("57P");
    }

    /** Shutdown, out of resources, read-only, or a statement that took too long. */
    private static boolean isOutOfService(String state) {
        return isShutdown(state)
                || state.startsWith("53")
                || state.startsWith("58")
                || state.equals("57014")
                || state.equals("25006")
                || state.equals("25P03");
    }
}
