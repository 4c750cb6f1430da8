package dev.souk.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The id of every request: the client's own if it is well-formed, else a new one. It is in every answer and log line. */
final class RequestIds {
    private static final String HEADER = "X-Request-Id";
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Supplier<UUID> ids;

    RequestIds(Supplier<UUID> ids) {
        this.ids = ids;
    }

    /** Decides the request's id and echoes it. */
    void assign(HttpServerRequest request) {
        String sent = request.getHeader(HEADER);
        boolean usable = sent != null && WELL_FORMED.matcher(sent).matches();
        request.response().putHeader(HEADER, usable ? sent : ids.get().toString());
    }

    /** The id that was assigned. */
    static String of(HttpServerRequest request) {
        return request.response().headers().get(HEADER);
    }
}
