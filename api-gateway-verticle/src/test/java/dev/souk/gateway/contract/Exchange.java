package dev.souk.gateway.contract;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request and what the gateway answered it.
 *
 * @param target the path and the query as they were sent
 * @param headers of the answer; their names are told apart without regard to case
 * @param body empty if there was none, or if it was not read
 */
public record Exchange(String method, String target, int status, Map<String, List<String>> headers, String body) {
    public Exchange {
        TreeMap<String, List<String>> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sorted.putAll(headers);
        headers = sorted;
    }

    /** A server may pass over spaces behind it (RFC 9112, 3). */
    String path() {
        return target.strip().split("[?]", 2)[0];
    }

    List<String> all(String header) {
        return headers.getOrDefault(header, List.of());
    }

    Optional<String> first(String header) {
        return all(header).stream().findFirst();
    }

    /** The media type of the body without its parameters; empty if it is not told. */
    Optional<String> mediaType() {
        return first("Content-Type").map(type -> type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return method + " " + target + " -> " + status + " " + headers + " " + body;
    }
}
