package dev.souk.gateway.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/**
 * Which pages of other origins may call: exactly those that are configured. Any other origin gets an answer without
 * leave, which its browser then keeps from it. (The handler of vertx-web refuses such requests itself, and with them
 * those that the page at {@code /docs} sends to its own origin.)
 */
final class CorsPolicy {
    private final Set<String> origins;

    CorsPolicy(List<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** Gives leave where it is due. */
    void apply(HttpServerRequest request) {
        if (origins.isEmpty()) {
            return;
        }
        MultiMap headers = request.response().headers();
        headers.add("Vary", "Origin");
        if (isAllowed(request)) {
            headers.set("Access-Control-Allow-Origin", request.getHeader("Origin"))
                    .set(
                            "Access-Control-Expose-Headers",
                            "Deprecation, ETag, Idempotency-Replayed, Location, Preference-Applied, RateLimit,"
                                    + " RateLimit-Policy, Retry-After, Sunset, X-Request-Id");
        }
    }

    /** Whether a browser asks on behalf of an allowed page what it may send. */
    boolean isPreflight(HttpServerRequest request) {
        return request.method() == HttpMethod.OPTIONS
                && request.headers().contains("Access-Control-Request-Method")
                && isAllowed(request);
    }

    Answer preflight() {
        return Answer.done()
                .with("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
                .with(
                        "Access-Control-Allow-Headers",
                        "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, Prefer,"
                                + " X-Request-Id")
                .with("Access-Control-Max-Age", "600");
    }

    private boolean isAllowed(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        return origin != null && origins.contains(origin);
    }
}
