package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import dev.souk.contracts.Fault.Violation;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** One schema of the contract, compiled at the start; checking a value against it blocks nobody. */
final class InputSchema {
    private static final int MAX_VIOLATIONS = 20;

    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .formatAssertionsEnabled(true)
            .locale(Locale.ROOT)
            .regularExpressionFactory(InputSchema::pattern)
            .build();

    private final JsonSchema schema;

    private InputSchema(JsonSchema schema) {
        this.schema = schema;
    }

    /** Compiles a schema that holds no reference any more. */
    static InputSchema compile(JsonNode definition) {
        JsonSchema schema = FACTORY.getSchema(definition, CONFIG);
        schema.initializeValidators();
        return new InputSchema(schema);
    }

    /** What is wrong with a value, one thing per place; nothing if it is valid. */
    List<Violation> check(JsonNode value) {
        Map<String, ValidationMessage> byPlace = new LinkedHashMap<>();
        schema.validate(value).stream()
                .sorted(Comparator.comparingInt(ViolationWords::rank))
                .forEach(message -> byPlace.putIfAbsent(place(message), message));
        return byPlace.entrySet().stream()
                .limit(MAX_VIOLATIONS)
                .map(found -> new Violation(Pointers.shown(found.getKey()), ViolationWords.of(found.getValue())))
                .sorted(Comparator.comparing(Violation::pointer))
                .toList();
    }

    /** A field that is missing or too many is told at its own place, not at the object's. */
    private static String place(ValidationMessage message) {
        String place = message.getInstanceLocation().toString();
        return message.getProperty() == null ? place : Pointers.child(place, message.getProperty());
    }

    /** In Java {@code $} also matches before a line break at the end, in JSON Schema it does not. */
    private static RegularExpression pattern(String regex) {
        Pattern pattern = Pattern.compile(
                regex.endsWith("$") && !regex.endsWith("\\$") ? regex.substring(0, regex.length() - 1) + "\\z" : regex);
        return value -> pattern.matcher(value).find();
    }
}
