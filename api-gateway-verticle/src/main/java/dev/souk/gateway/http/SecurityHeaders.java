package dev.souk.gateway.http;

import io.vertx.core.MultiMap;

/** What every answer tells browsers and caches, unless the answer says otherwise. */
final class SecurityHeaders {
    private SecurityHeaders() {}

    static void put(MultiMap headers) {
        headers.set("X-Content-Type-Options", "nosniff")
                .set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
                .set("Referrer-Policy", "no-referrer")
                .set("Cache-Control", "no-store");
    }
}
