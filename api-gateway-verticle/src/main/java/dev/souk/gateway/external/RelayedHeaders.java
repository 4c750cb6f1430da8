package dev.souk.gateway.external;

import dev.souk.contracts.Caller;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which headers pass between a client and an external service. The service learns who asks from the gateway alone: what a
 * client says of that is dropped. All services share the shop's own origin, so none may set cookies or rules for it.
 */
final class RelayedHeaders {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");
    private static final Set<String> NOT_FOR_SERVICES =
            Set.of("authorization", "cookie", "expect", "forwarded", "x-real-ip", "x-request-id");
    private static final List<String> CLAIMS = List.of("x-souk-", "x-forwarded-", "x-user-");
    private static final Set<String> NOT_FOR_CLIENTS = Set.of(
            "set-cookie",
            "set-cookie2",
            "strict-transport-security",
            "alt-svc",
            "clear-site-data",
            "server",
            "x-powered-by");
    private static final List<String> RULES_OF_OURS = List.of("access-control-", "x-souk-");
    private static final Pattern TRACE = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?");

    private RelayedHeaders() {}

    /**
     * Makes a client's headers those of the request to the service.
     *
     * @param client where it is
     * @param remaining how long the service may take
     */
    static void toService(
            MultiMap headers,
            HttpServerRequest request,
            String client,
            String requestId,
            Caller caller,
            Duration remaining) {
        dropHopByHop(headers);
        NOT_FOR_SERVICES.forEach(headers::remove);
        dropBeginning(headers, CLAIMS);
        List<String> traces = headers.getAll("traceparent");
        if (traces.size() != 1 || !TRACE.matcher(traces.getFirst()).matches()) {
            headers.remove("traceparent").remove("tracestate");
        }
        headers.set("X-Souk-User", caller.userId().toString())
                .set("X-Souk-Role", caller.role().name().toLowerCase(Locale.ROOT))
                .set("X-Souk-Remaining-Ms", Long.toString(remaining.toMillis()))
                .set("X-Request-Id", requestId)
                .set("X-Forwarded-For", client)
                .set("X-Forwarded-Proto", request.scheme());
        if (request.authority() != null) {
            headers.set("X-Forwarded-Host", request.authority().toString());
        }
    }

    /**
     * Makes a service's headers those of the answer to the client.
     *
     * @param ours what the gateway tells with every answer, which holds; only how long it may be kept is the service's to say
     */
    static void toClient(MultiMap headers, MultiMap ours) {
        dropHopByHop(headers);
        NOT_FOR_CLIENTS.forEach(headers::remove);
        dropBeginning(headers, RULES_OF_OURS);
        if (headers.contains("Cache-Control")) {
            ours.remove("Cache-Control");
        }
        ours.names().forEach(headers::remove);
    }

    private static void dropHopByHop(MultiMap headers) {
        headers.getAll("Connection").stream()
                .flatMap(Pattern.compile(",")::splitAsStream)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList()
                .forEach(headers::remove);
        HOP_BY_HOP.forEach(headers::remove);
    }

    private static void dropBeginning(MultiMap headers, List<String> beginnings) {
        headers.names().stream()
                .filter(name -> beginnings.stream().anyMatch(name.toLowerCase(Locale.ROOT)::startsWith))
                .toList()
                .forEach(headers::remove);
    }
}
