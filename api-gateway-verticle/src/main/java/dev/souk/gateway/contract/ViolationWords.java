package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.ValidationMessage;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What is wrong with a value, in Souk's own words. */
final class ViolationWords {
    /** Where several keywords fail at one place, the first of these says it best. */
    private static final List<String> MOST_TELLING =
            List.of("additionalProperties", "required", "type", "format", "minLength", "maxLength", "enum");

    private ViolationWords() {}

    /** The smaller, the more telling. */
    static int rank(ValidationMessage message) {
        int rank = MOST_TELLING.indexOf(message.getType());
        return isUuid(message) ? 0 : rank < 0 ? MOST_TELLING.size() : rank;
    }

    static String of(ValidationMessage message) {
        JsonNode limit = message.getSchemaNode();
        return switch (message.getType()) {
            case "additionalProperties" -> "is not a field that is known here";
            case "required" -> "is missing";
            case "type" -> "must be " + types(limit);
            case "format" -> isUuid(message) ? "must be a UUID" : "must be a " + limit.asText();
            case "minLength" ->
                limit.asInt() == 1 ? "must not be empty" : "must have " + limit + " characters at least";
            case "maxLength" -> "must have " + limit + " characters at most";
            case "minimum" -> "must be " + limit + " at least";
            case "maximum" -> "must be " + limit + " at most";
            case "minItems" -> "must have " + limit + " items at least";
            case "maxItems" -> "must have " + limit + " items at most";
            case "minProperties" -> "must have " + limit + " fields at least";
            case "maxProperties" ->
                limit.asInt() == 0 ? "must have no fields" : "must have " + limit + " fields at most";
            case "enum" -> "must be one of " + values(limit);
            case "pattern" -> "has characters or a form that are not allowed here";
            default -> "is not allowed";
        };
    }

    private static boolean isUuid(ValidationMessage message) {
        return message.getType().equals("format")
                && message.getSchemaNode().asText().equals("uuid");
    }

    private static String types(JsonNode type) {
        return type.isArray() ? "one of " + values(type) : withArticle(type.asText());
    }

    private static String withArticle(String type) {
        return switch (type) {
            case "integer" -> "a whole number";
            case "object", "array" -> "an " + type;
            default -> "a " + type;
        };
    }

    private static String values(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "));
    }
}
