package dev.souk.sandbox;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.souk.kit.bus.WireFormat;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** A request's JSON object, whose members are asked for by name and type. What does not fit is a {@link Refusal}. */
final class JsonInput {
    private static final ObjectReader READER = WireFormat.mapper()
            .reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private final JsonNode object;

    private JsonInput(JsonNode object) {
        this.object = object;
    }

    /** @param members those that it may have */
    static JsonInput read(Buffer body, Set<String> members) {
        JsonNode object = parse(body);
        if (!object.isObject()) {
            throw Refusal.invalid("The body must be a JSON object.");
        }
        object.fieldNames().forEachRemaining(name -> {
            if (!members.contains(name)) {
                throw Refusal.invalid("'" + printable(name) + "' is not a member of this request.");
            }
        });
        return new JsonInput(object);
    }

    String text(String name) {
        return find(name)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .orElseThrow(() -> Refusal.invalid(name + " must be a string."));
    }

    long wholeNumber(String name, long least, long most) {
        return find(name)
                .filter(value -> value.isIntegralNumber() && value.canConvertToLong())
                .map(JsonNode::longValue)
                .filter(value -> value >= least && value <= most)
                .orElseThrow(
                        () -> Refusal.invalid(name + " must be a whole number from " + least + " to " + most + "."));
    }

    double share(String name) {
        return find(name)
                .filter(JsonNode::isNumber)
                .map(JsonNode::doubleValue)
                .filter(value -> value >= 0 && value <= 1)
                .orElseThrow(() -> Refusal.invalid(name + " must be a number from 0 to 1."));
    }

    boolean flag(String name) {
        return find(name)
                .filter(JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .orElseThrow(() -> Refusal.invalid(name + " must be true or false."));
    }

    boolean has(String name) {
        return object.has(name);
    }

    private Optional<JsonNode> find(String name) {
        return Optional.ofNullable(object.get(name));
    }

    private static JsonNode parse(Buffer body) {
        try {
            return READER.readTree(body.getBytes());
        } catch (IOException e) {
            throw Refusal.invalid("The body is not valid JSON.");
        }
    }

    private static String printable(String name) {
        return name.substring(0, Math.min(name.length(), 40)).replaceAll("[^\\x20-\\x7E]", "?");
    }
}
