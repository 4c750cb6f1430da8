package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Schemas of answers as strictly as tests take them. Clients are to ignore what they do not know, so the contract leaves
 * answers open; but what an answer holds today must be written down.
 */
final class ClosedSchemas {
    private static final List<String> OPEN_ON_PURPOSE =
            List.of("additionalProperties", "unevaluatedProperties", "maxProperties");

    private ClosedSchemas() {}

    /** The same schema, in which no object has a field that is not described. */
    static JsonNode closed(JsonNode schema) {
        JsonNode copy = schema.deepCopy();
        close(copy, false);
        return copy;
    }

    /** @param part whether it describes only some of an object's fields */
    private static void close(JsonNode schema, boolean part) {
        if (!(schema instanceof ObjectNode object)) {
            return;
        }
        object.path("properties").forEach(property -> close(property, false));
        close(object.path("items"), false);
        object.path("allOf").forEach(one -> close(one, true));
        object.path("anyOf").forEach(one -> close(one, false));
        object.path("oneOf").forEach(one -> close(one, false));
        boolean described = object.has("properties") || object.has("allOf");
        if (described && !part && OPEN_ON_PURPOSE.stream().noneMatch(object::has)) {
            object.put("unevaluatedProperties", false);
        }
    }
}
