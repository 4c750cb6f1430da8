package dev.souk.contracts;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * One thing that a service can be asked over the bus: its name, the shapes of question and answer, how long a caller
 * waits, and whether it may be asked twice. An operation is a value; all operations of a service stand in one contract.
 *
 * @param name {@code service.verb}, for example {@code product.reserve}; the part before the dot names the service
 * @param request the record that is asked with
 * @param reply the record, or sealed interface of records, that answers
 * @param timeout how long one attempt may take; the caller's own deadline may shorten it
 * @param idempotent whether asking twice has the effect of asking once, so that a lost answer may be asked for again
 */
public record Operation<Q, R>(String name, Class<Q> request, Class<R> reply, Duration timeout, boolean idempotent) {

    private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*\\.[a-z]+(-[a-z]+)*");
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(2);

    public Operation {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("name: '" + name + "' is not service.verb in lower case");
        }
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(reply, "reply");
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout: must be positive");
        }
    }

    /** An operation that must not be asked twice by the bus itself, with the usual timeout of two seconds. */
    public static <Q, R> Operation<Q, R> operation(String name, Class<Q> request, Class<R> reply) {
        return new Operation<>(name, request, reply, DEFAULT_TIMEOUT, false);
    }

    /** The same operation, safe to ask again when an answer is lost. */
    public Operation<Q, R> repeatable() {
        return new Operation<>(name, request, reply, timeout, true);
    }

    /** The same operation with another timeout for one attempt. */
    public Operation<Q, R> within(Duration limit) {
        return new Operation<>(name, request, reply, limit, idempotent);
    }

    /** The service that serves this operation. */
    public String service() {
        return name.substring(0, name.indexOf('.'));
    }
}
