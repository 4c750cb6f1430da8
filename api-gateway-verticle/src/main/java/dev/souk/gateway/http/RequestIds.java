package dev.souk.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The id of every request: the client's own if it is well-formed, else a new one. It is in every answer and log line. */
public final class RequestIds {
    private static final String HEADER = "X-Request-Id";
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Supplier<UUID> ids;

    public RequestIds(Supplier<UUID> ids) {
        this.ids = ids;
    }

    /** Decides the request's id and echoes it. */
    void assign(HttpServerRequest request) {
        request.response().putHeader(HEADER, choose(request.getHeader(HEADER)));
    }

    /** @param sent what the client calls it; null for nothing */
    public String choose(String sent) {
        boolean usable = sent != null && WELL_FORMED.matcher(sent).matches();
        return usable ? sent : ids.get().toString();
    }

    /** The id that was assigned. */
    static String of(HttpServerRequest request) {
        return request.response().headers().get(HEADER);
    }
}
