package dev.souk.contracts;

import java.util.List;

/**
 * A refused request: the service understood it and will not do it, and nothing was changed. It crosses the bus as its
 * code and detail. What is an expected outcome of an operation (a product that is out of stock) is a reply, not a fault;
 * what nobody expected is an exception.
 */
public final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why a request was refused. The numbers go over the wire: they are never given to another meaning. */
    public enum Code {
        /** The request is not of the operation's form; {@link Fault#violations()} says where. */
        INVALID_REQUEST(1),
        /** The caller did not say who they are. */
        UNAUTHENTICATED(2),
        /** Mail and password do not go together. */
        INVALID_CREDENTIALS(3),
        /** The caller may not do this. */
        FORBIDDEN(4),
        /** There is no such thing, or not for this caller. */
        NOT_FOUND(5),
        EMAIL_TAKEN(6),
        SKU_TAKEN(7),
        /** The change would take more stock away than is available. */
        STOCK_NEGATIVE(8),
        /** The thing was changed since the caller read it. */
        PRECONDITION_FAILED(9),
        /** An order names a product that cannot be ordered. */
        PRODUCT_NOT_FOUND(10),
        /** The idempotency key was used before with another body. */
        IDEMPOTENCY_KEY_REUSED(11),
        /** The first request with this idempotency key is still running. */
        REQUEST_IN_PROGRESS(12),
        /** The service has more work than it takes on; nothing was done. */
        OVERLOADED(13),
        /** The service, or what it stands on, cannot be reached. */
        UNAVAILABLE(14),
        /** No answer in time. The one code whose effect is unknown: ask again with the same key. */
        TIMEOUT(15),
        /** A bug, logged where it happened. */
        INTERNAL(16),
        /** The order was shipped or rejected: it cannot be cancelled any more. */
        ORDER_NOT_CANCELLABLE(17),
        /** The order does not stand where this step could be taken. */
        ILLEGAL_TRANSITION(18);

        private final int number;

        Code(int number) {
            this.number = number;
        }

        /** The stable number of this code on the wire. */
        public int number() {
            return number;
        }

        /** The code of a number; {@link #INTERNAL} for one that this version does not know. */
        public static Code of(int number) {
            for (Code code : values()) {
                if (code.number == number) {
                    return code;
                }
            }
            return INTERNAL;
        }
    }

    /**
     * One thing that is wrong with a request.
     *
     * @param pointer a JSON pointer into the body, or the name of a parameter
     * @param detail what is wrong, in words for the client
     */
    public record Violation(String pointer, String detail) {}

    private final Code code;
    private final transient List<Violation> violations;

    private Fault(Code code, String detail, List<Violation> violations) {
        // Faults are answers, made by the thousand when a sale ends: a stack trace would cost more than the request.
        super(detail, null, false, false);
        this.code = code;
        this.violations = List.copyOf(violations);
    }

    /** A refusal with words for the client, who reads the detail as it stands. */
    public static Fault of(Code code, String detail) {
        return new Fault(code, detail, List.of());
    }

    /** A refusal that says which parts of the request are wrong. */
    public static Fault of(Code code, String detail, List<Violation> violations) {
        return new Fault(code, detail, violations);
    }

    /** An invalid request with one thing wrong. */
    public static Fault invalid(String pointer, String detail) {
        return new Fault(Code.INVALID_REQUEST, pointer + ": " + detail, List.of(new Violation(pointer, detail)));
    }

    /** There is no such thing, or not for this caller: the two are never told apart. */
    public static Fault notFound(String what) {
        return of(Code.NOT_FOUND, "There is no such " + what + ".");
    }

    public Code code() {
        return code;
    }

    public List<Violation> violations() {
        return violations;
    }
}
