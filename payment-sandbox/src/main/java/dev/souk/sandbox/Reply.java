package dev.souk.sandbox;

import io.vertx.core.json.JsonObject;

/** How a request is answered. */
sealed interface Reply {

    record Answer(int status, JsonObject body) implements Reply {
        static Answer error(int status, String code, String message) {
            return new Answer(
                    status,
                    new JsonObject()
                            .put("error", new JsonObject().put("code", code).put("message", message)));
        }
    }

    /** Not at all: the connection stays open until the client has enough of it. */
    record Silence() implements Reply {}
}
