package dev.souk.gateway.http;

import dev.souk.kit.bus.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a request is answered with.
 *
 * @param headers beside those that every answer has
 */
public record Answer(int status, Map<String, String> headers, Body body) {
    private static final String JSON = "application/json";

    /** What follows the headers. */
    public sealed interface Body {
        record None() implements Body {}

        record Whole(Buffer content) implements Body {}

        /**
         * Goes out bit by bit for as long as it takes.
         *
         * @param writer is given the response if the client is still there, writes to it and ends it
         */
        record Streamed(Consumer<HttpServerResponse> writer) implements Body {}

        /**
         * Comes from elsewhere, with a status and headers of its own.
         *
         * @param relay writes all of it; its future ends when that is done, however it ends
         */
        record Relayed(Supplier<Future<Void>> relay) implements Body {}
    }

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** 200 with a record as JSON. */
    public static Answer ok(Object value) {
        return json(200, value);
    }

    /** 201 with what was made and where it can be read. */
    public static Answer created(String location, Object value) {
        return created(value).with("Location", location);
    }

    /** 202 with what is under way and where it can be read. */
    public static Answer accepted(String location, Object value) {
        return accepted(value).with("Location", location);
    }

    /** 201 with what was made, where it cannot be read by itself. */
    public static Answer created(Object value) {
        return json(201, value);
    }

    /** 202 with what is under way, where it cannot be read by itself. */
    public static Answer accepted(Object value) {
        return json(202, value);
    }

    /** 204. */
    public static Answer done() {
        return new Answer(204, Map.of(), new Body.None());
    }

    /** 304 for what has this tag still. */
    public static Answer notModified(String tag) {
        return new Answer(304, Map.of("ETag", tag), new Body.None());
    }

    /**
     * This answer with a tag of its content, or 304 if the client holds just that. Others may not keep it, and the client
     * may not show it again without asking.
     */
    public Answer unlessHeldBy(ApiRequest request) {
        if (!(body instanceof Body.Whole(Buffer content))) {
            return this;
        }
        String tag = EntityTag.of(content);
        Answer answer = request.text("If-None-Match")
                        .filter(held -> EntityTag.isNamed(tag, held))
                        .isPresent()
                ? notModified(tag)
                : with("ETag", tag);
        return answer.with("Cache-Control", "private, no-cache");
    }

    /** Any content with status 200. */
    public static Answer content(String type, Buffer content) {
        return new Answer(200, Map.of("Content-Type", type), new Body.Whole(content));
    }

    /** 200 with content that is written bit by bit. */
    public static Answer stream(String type, Consumer<HttpServerResponse> writer) {
        return new Answer(200, Map.of("Content-Type", type), new Body.Streamed(writer));
    }

    /** What somebody else answers, passed on. */
    public static Answer relayed(Supplier<Future<Void>> relay) {
        return new Answer(200, Map.of(), new Body.Relayed(relay));
    }

    /** Any JSON of a media type of its own. */
    static Answer json(int status, String type, Object value) {
        return new Answer(status, Map.of("Content-Type", type), new Body.Whole(WireFormat.encode(value)));
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
