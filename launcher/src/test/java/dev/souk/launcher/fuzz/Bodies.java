package dev.souk.launcher.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.souk.gateway.contract.AnswerSchemas;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** JSON bodies that are a little, or quite, or not at all what the contract asks for. */
final class Bodies {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** Half a surrogate pair can only be sent as an escape. */
    private static final JsonMapper WRITER =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final JsonMapper READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // As the gateway reads them: 1e400 is a number, not infinity.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Bodies() {}

    static byte[] written(JsonNode body) {
        try {
            return WRITER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the contract allows a body as it goes over the wire. */
    static boolean isAllowed(byte[] body, JsonNode schema) {
        return read(body)
                .filter(document -> AnswerSchemas.allows(schema, document))
                .isPresent();
    }

    private static Optional<JsonNode> read(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return Optional.of(READER.readTree(text)).filter(document -> !document.isMissingNode());
        } catch (JsonProcessingException | CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** A document in which one thing is changed. */
    static byte[] changed(JsonNode body, Random random) {
        JsonNode copy = body.deepCopy();
        List<JsonNode> containers = new ArrayList<>();
        collect(copy, containers);
        JsonNode container = Odd.any(containers, random);
        if (container instanceof ObjectNode object) {
            change(object, random);
        } else if (container instanceof ArrayNode array) {
            change(array, random);
        }
        return written(copy);
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static void change(ObjectNode object, Random random) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty() || random.nextInt(5) == 0) {
            object.set(random.nextBoolean() ? "unknown" : Odd.any(Odd.TEXTS, random), odd(random));
        } else if (random.nextInt(5) == 0) {
            object.remove(Odd.any(names, random));
        } else {
            object.set(Odd.any(names, random), odd(random));
        }
    }

    private static void change(ArrayNode array, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> array.removeAll();
            case 1 -> array.add(odd(random));
            case 2 -> repeat(array, 2);
            default -> repeat(array, 101);
        }
    }

    private static void repeat(ArrayNode array, int upTo) {
        for (int i = 0; !array.isEmpty() && array.size() < upTo; i++) {
            array.add(array.get(i).deepCopy());
        }
    }

    private static JsonNode odd(Random random) {
        return switch (random.nextInt(8)) {
            case 0, 1, 2 -> NODES.textNode(Odd.any(Odd.TEXTS, random));
            case 3, 4 -> NODES.rawValueNode(new RawValue(Odd.any(Odd.NUMBERS, random)));
            case 5 -> Odd.any(List.of(NODES.nullNode(), NODES.booleanNode(true), NODES.arrayNode()), random);
            case 6 -> nested(random.nextInt(1, 40));
            default -> NODES.objectNode().set("a", NODES.numberNode(random.nextInt()));
        };
    }

    private static JsonNode nested(int depth) {
        JsonNode node = NODES.numberNode(1);
        for (int i = 0; i < depth; i++) {
            node = i % 2 == 0 ? NODES.arrayNode().add(node) : NODES.objectNode().set("a", node);
        }
        return node;
    }

    /** Bytes that are hardly a document any more. */
    static byte[] broken(byte[] body, Random random) {
        String text = new String(body, StandardCharsets.ISO_8859_1);
        String broken = switch (random.nextInt(12)) {
            case 0 -> text.substring(0, random.nextInt(Math.max(1, text.length())));
            case 1 -> text + Odd.any(List.of("}", "{}", "x", "\u0000", ",", "[]"), random);
            case 2 -> text.replaceFirst("\\{\"", "{\"\\\\u0061\":1,\"a\":2,\"");
            case 3 -> doubled(text);
            case 4 -> "\u00ef\u00bb\u00bf" + text;
            case 5 -> "";
            case 6 -> flipped(text, random);
            case 7 -> Odd.any(List.of("null", "[]", "7", "\"\"", "{}", "true", " ", "\u00ff\u00fe", "a=b"), random);
            case 8 -> "[".repeat(random.nextInt(1, 5_000));
            case 9 -> text.replace("}", " ".repeat(70_000) + "}");
            case 10 -> text.replaceFirst(":\"", ":\"\u00c0\u00af\u00ed\u00a0\u0080");
            default -> "\u001f\u008b\b" + text;
        };
        return broken.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The first field twice. */
    private static String doubled(String text) {
        int end = text.indexOf(',');
        return end < 0 ? text.replace("}", ",}") : text.substring(0, end) + "," + text.substring(1);
    }

    private static String flipped(String text, Random random) {
        StringBuilder flipped = new StringBuilder(text);
        for (int i = random.nextInt(1, 4); i > 0 && !text.isEmpty(); i--) {
            flipped.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
        }
        return flipped.toString();
    }
}
