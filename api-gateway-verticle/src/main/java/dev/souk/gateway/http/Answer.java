package dev.souk.gateway.http;

import dev.souk.kit.bus.WireFormat;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a request is answered with.
 *
 * @param headers beside those that every answer has
 * @param body empty for none
 */
public record Answer(int status, Map<String, String> headers, Optional<Buffer> body) {
    private static final String JSON = "application/json";

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** 200 with a record as JSON. */
    public static Answer ok(Object value) {
        return json(200, value);
    }

    /** 201 with what was made and where it can be read. */
    public static Answer created(String location, Object value) {
        return json(201, value).with("Location", location);
    }

    /** 202 with what is under way and where it can be read. */
    public static Answer accepted(String location, Object value) {
        return json(202, value).with("Location", location);
    }

    /** 204. */
    public static Answer done() {
        return new Answer(204, Map.of(), Optional.empty());
    }

    /** 304 for what has this tag still. */
    public static Answer notModified(String tag) {
        return new Answer(304, Map.of("ETag", tag), Optional.empty());
    }

    /** Any content with status 200. */
    public static Answer content(String type, Buffer content) {
        return new Answer(200, Map.of("Content-Type", type), Optional.of(content));
    }

    /** Any JSON of a media type of its own. */
    static Answer json(int status, String type, Object value) {
        return new Answer(status, Map.of("Content-Type", type), Optional.of(WireFormat.encode(value)));
    }

    public Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body);
    }

    private static Answer json(int status, Object value) {
        return json(status, JSON, value);
    }
}
