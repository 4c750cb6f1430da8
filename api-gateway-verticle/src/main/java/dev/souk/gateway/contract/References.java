package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Puts what is referred to in the place of every {@code $ref} of a document. */
final class References {
    private static final String REF = "$ref";
    private static final int MAX_DEPTH = 100;

    private final JsonNode document;

    References(JsonNode document) {
        this.document = document;
    }

    /** @throws IllegalStateException if a reference leads nowhere or in a circle */
    JsonNode resolved() {
        return resolve(document, 0);
    }

    private JsonNode resolve(JsonNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalStateException("openapi.yaml: references go in a circle");
        }
        if (node.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> copy.add(resolve(element, depth + 1)));
            return copy;
        }
        return node.isObject() ? resolveObject(node, depth) : node;
    }

    private JsonNode resolveObject(JsonNode object, int depth) {
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        if (object.path(REF).isTextual()) {
            copy.setAll((ObjectNode) resolve(target(object.path(REF).asText()), depth + 1));
        }
        object.properties().stream()
                .filter(field -> !field.getKey().equals(REF))
                .forEach(field -> copy.set(field.getKey(), resolve(field.getValue(), depth + 1)));
        return copy;
    }

    private JsonNode target(String reference) {
        JsonNode target = reference.startsWith("#/") ? document.at(reference.substring(1)) : MissingNode.getInstance();
        if (!target.isObject()) {
            throw new IllegalStateException("openapi.yaml: " + reference + " leads nowhere");
        }
        return target;
    }
}
