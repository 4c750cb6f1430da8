package dev.souk.gateway.http;

import io.vertx.core.MultiMap;

/** What every answer tells browsers and caches, unless the answer says otherwise. */
final class SecurityHeaders {
    private SecurityHeaders() {}

    /** @param tls whether clients came over TLS, and are to come that way only from now on */
    static void put(MultiMap headers, boolean tls) {
        if (tls) {
            headers.set("Strict-Transport-Security", "max-age=31536000");
        }
        headers.set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .set("Referrer-Policy", "no-referrer")
                .set("Cache-Control", "no-store");
    }
}
