package dev.souk.launcher.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.curiousoddman.rgxgen.RgxGen;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Values that a schema allows, at random, at its limits as often as between them. */
final class Values {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Map<String, RgxGen> PATTERNS = new ConcurrentHashMap<>();
    private static final int USUAL_ITEMS = 3;
    private static final int USUAL_LENGTH = 30;

    /** Not the ones that take seconds. */
    private static final List<String> PAYMENT_METHODS =
            List.of("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_declined", "pm_card_insufficient_funds");

    private static final List<String> EVENTS = List.of("ORDER_CONFIRMED", "USER_REGISTERED", "PRODUCT_CHANGED");

    private final Things things;

    Values(Things things) {
        this.things = things;
    }

    /** @param name of the field or parameter, which may lead somewhere */
    JsonNode valid(String name, JsonNode schema, Random random) {
        if (schema.isEmpty()) {
            return NODES.textNode("anything goes");
        }
        if (schema.has("enum")) {
            return schema.path("enum").get(random.nextInt(schema.path("enum").size()));
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema, random);
            case "array" -> array(name, schema, random);
            case "integer" -> NODES.numberNode(integer(name, schema, random));
            case "string" -> NODES.textNode(text(name, schema, random));
            default -> throw new IllegalStateException("no values for " + schema);
        };
    }

    String text(String name, JsonNode schema, Random random) {
        return switch (name) {
            case "userId", "productId", "orderId", "webhookId", "eventId", "serviceId", "file", "slug" ->
                things.any(name, random).orElseGet(() -> uuid(random));
            case "email" ->
                sometimes(name, random).orElseGet(() -> Long.toString(random.nextLong(), 36) + "@example.com");
            case "password", "currentPassword", "newPassword" ->
                sometimes("password", random).orElseGet(() -> freeText(schema, random));
            case "refreshToken", "service" -> sometimes(name, random).orElseGet(() -> freeText(schema, random));
            case "paymentMethod" -> PAYMENT_METHODS.get(random.nextInt(PAYMENT_METHODS.size()));
            // A name would be looked up outside of this machine.
            case "url" -> "http://127.0.0.1:9/hook/" + random.nextInt(1_000);
            case "events" -> EVENTS.get(random.nextInt(EVENTS.size()));
            case "Idempotency-Key" -> Long.toString(random.nextLong(), 36);
            case "If-Match", "If-None-Match" -> "\"" + (1 + random.nextInt(2)) + "." + random.nextInt(100) + "\"";
            default -> freeText(schema, random);
        };
    }

    private Optional<String> sometimes(String name, Random random) {
        return random.nextBoolean() ? things.any(name, random) : Optional.empty();
    }

    static String uuid(Random random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private static String freeText(JsonNode schema, Random random) {
        int min = schema.path("minLength").asInt(0);
        int max = schema.path("maxLength").asInt(USUAL_LENGTH);
        if (schema.has("pattern")) {
            String text = PATTERNS.computeIfAbsent(schema.path("pattern").asText(), Values::generator)
                    .generate(random);
            String bounded = text.length() > max ? text.substring(0, max) : text;
            return bounded.length() < min ? "A".repeat(min) : bounded;
        }
        int length = random.nextInt(8) == 0 ? max : Math.min(max, min + random.nextInt(USUAL_LENGTH));
        StringBuilder text = new StringBuilder();
        random.ints(length, ' ', '~').forEach(text::appendCodePoint);
        return text.toString();
    }

    /** The generator knows no escapes of four digits in classes, and what they keep out is not printable anyway. */
    private static RgxGen generator(String pattern) {
        return RgxGen.parse(
                pattern.replaceAll("\\\\u[0-9A-F]{4}(-\\\\u[0-9A-F]{4})?", "").replace("[^]*", "[ -~]*"));
    }

    private static long integer(String name, JsonNode schema, Random random) {
        long min = schema.path("minimum").asLong(0);
        long max = schema.path("maximum").asLong(Integer.MAX_VALUE);
        if (name.equals("quantity") || name.equals("delta")) {
            return random.nextInt(20) == 0 ? max : 1 + random.nextInt(3);
        }
        return switch (random.nextInt(6)) {
            case 0 -> min;
            case 1 -> max;
            case 2 -> random.nextLong(min, max);
            default -> random.nextLong(min, Math.min(max, min + 1_000));
        };
    }

    private ArrayNode array(String name, JsonNode schema, Random random) {
        int min = schema.path("minItems").asInt(0);
        int max = Math.min(schema.path("maxItems").asInt(USUAL_ITEMS), USUAL_ITEMS);
        ArrayNode array = NODES.arrayNode();
        for (int count = random.nextInt(Math.max(1, min), max + 1); count > 0; count--) {
            array.add(valid(name, schema.path("items"), random));
        }
        return array;
    }

    private ObjectNode object(JsonNode schema, Random random) {
        ObjectNode object = NODES.objectNode();
        List<String> required = required(schema);
        schema.path("properties").properties().forEach(property -> {
            if (required.contains(property.getKey()) || random.nextBoolean()) {
                object.set(property.getKey(), valid(property.getKey(), property.getValue(), random));
            }
        });
        if (object.size() < schema.path("minProperties").asInt(0)) {
            return object(schema, random);
        }
        boolean free = !schema.has("properties") && !schema.has("maxProperties");
        if (free && random.nextBoolean()) {
            object.put("colour", "gold")
                    .putArray("sizes")
                    .add(random.nextInt())
                    .add(1.5)
                    .addNull();
        }
        return object;
    }

    private static List<String> required(JsonNode schema) {
        return schema.path("required").valueStream().map(JsonNode::asText).toList();
    }
}
