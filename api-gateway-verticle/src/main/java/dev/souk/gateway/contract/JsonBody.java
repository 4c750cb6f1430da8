package dev.souk.gateway.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a body as JSON, and as nothing else: one document, in UTF-8, every field once, not too deep, only finite numbers. */
final class JsonBody {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_DIGITS = 40;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /** @throws Fault {@code INVALID_REQUEST} if it is not such a document */
    static JsonNode parse(Buffer body) {
        String text = Percent.utf8(body.getBytes()).orElseThrow(() -> invalid("", "is not UTF-8"));
        if (text.isBlank()) {
            throw invalid("", "is missing");
        }
        JsonNode document = read(text);
        unusable(document, "").ifPresent(found -> {
            throw invalid(found.pointer(), found.detail());
        });
        return document;
    }

    private static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (StreamConstraintsException e) {
            throw invalid(
                    "", "is nested more than " + MAX_DEPTH + " levels deep, or holds a number that is far too long");
        } catch (JsonProcessingException e) {
            throw invalid("", "is not valid JSON" + where(e.getLocation()) + "; every field may be there once");
        }
    }

    private static String where(JsonLocation location) {
        return location == null
                ? ""
                : " at line " + location.getLineNr() + ", column " + Math.max(1, location.getColumnNr());
    }

    /** The first thing that no service could keep. */
    private static Optional<Violation> unusable(JsonNode node, String pointer) {
        if (node.isTextual() && !StorableText.isStorable(node.textValue())) {
            return Optional.of(new Violation(pointer, StorableText.REFUSAL));
        }
        if (node.isDouble() && !Double.isFinite(node.doubleValue())) {
            return Optional.of(new Violation(pointer, "is too large a number"));
        }
        return node.isObject() ? unusableField(node, pointer) : unusableElement(node, pointer);
    }

    private static Optional<Violation> unusableField(JsonNode object, String pointer) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!StorableText.isStorable(field.getKey())) {
                // The name itself cannot be shown either.
                return Optional.of(new Violation(pointer, "has a field whose name " + StorableText.REFUSAL));
            }
            Optional<Violation> found = unusable(field.getValue(), Pointers.child(pointer, field.getKey()));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Violation> unusableElement(JsonNode array, String pointer) {
        for (int i = 0; i < array.size(); i++) {
            Optional<Violation> found = unusable(array.get(i), pointer + "/" + i);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Fault invalid(String pointer, String detail) {
        return Fault.of(
                Fault.Code.INVALID_REQUEST, "The body cannot be used.", List.of(new Violation(pointer, detail)));
    }
}
