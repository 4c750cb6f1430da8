package dev.souk.gateway.limit;

import dev.souk.gateway.problem.Problem;
import io.vertx.core.MultiMap;

/**
 * Whether something may be done now, and what is left.
 *
 * @param policy the header {@code RateLimit-Policy}
 * @param state the header {@code RateLimit}
 * @param retryAfter in how many seconds to ask again if it may not be done now
 */
public record Allowance(boolean granted, String policy, String state, long retryAfter) {
    private static final String POLICY = "RateLimit-Policy";
    private static final String STATE = "RateLimit";

    /** Tells it in an answer (draft-ietf-httpapi-ratelimit-headers). */
    public void tell(MultiMap headers) {
        headers.set(POLICY, policy).set(STATE, state);
    }

    /** The answer to what may not be done now. */
    public Problem refused(String detail) {
        return Problem.of("too-many-requests", detail)
                .withHeader("Retry-After", Long.toString(retryAfter))
                .withHeader(POLICY, policy)
                .withHeader(STATE, state);
    }
}
