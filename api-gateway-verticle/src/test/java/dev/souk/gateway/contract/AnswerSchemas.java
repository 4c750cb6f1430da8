package dev.souk.gateway.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.souk.contracts.Fault.Violation;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What the contract says that answers look like. */
public final class AnswerSchemas {
    private static final JsonNode DOCUMENT = resolved();
    private static final Map<JsonNode, InputSchema> COMPILED = new ConcurrentHashMap<>();

    private AnswerSchemas() {}

    /** What is wrong with an answer; that its status is not in the contract is one thing. */
    public static List<Violation> check(String operationId, int status, JsonNode body) {
        JsonNode content = operation(operationId)
                .path("responses")
                .path(Integer.toString(status))
                .path("content");
        if (content.isEmpty()) {
            return List.of(new Violation(operationId, "has no answer " + status + " with a body"));
        }
        return InputSchema.compile(content.elements().next().path("schema")).check(body);
    }

    /** Whether the contract has this status among an operation's answers. */
    static boolean mayAnswer(String operationId, int status) {
        return operation(operationId).path("responses").has(Integer.toString(status));
    }

    /** Whether a schema of the contract, without references, allows a value. */
    public static boolean allows(JsonNode schema, JsonNode value) {
        return COMPILED.computeIfAbsent(schema, InputSchema::compile)
                .check(value)
                .isEmpty();
    }

    /** The contract with what it refers to in place of every reference. */
    public static JsonNode document() {
        return DOCUMENT;
    }

    private static JsonNode operation(String id) {
        for (JsonNode path : DOCUMENT.path("paths")) {
            for (JsonNode operation : path) {
                if (operation.path("operationId").asText().equals(id)) {
                    return operation;
                }
            }
        }
        throw new AssertionError("no operation " + id);
    }

    private static JsonNode resolved() {
        try {
            return new References(new ObjectMapper().readTree(Contract.load().json())).resolved();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Every content of the document with its place. */
    static void contents(JsonNode node, String place, Map<String, JsonNode> found) {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String at = place + "/" + field.getKey();
            if (field.getKey().equals("content") && field.getValue().isObject()) {
                field.getValue().properties().forEach(type -> found.put(at + "/" + type.getKey(), type.getValue()));
            } else {
                contents(field.getValue(), at, found);
            }
        }
    }
}
