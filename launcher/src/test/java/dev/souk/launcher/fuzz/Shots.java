package dev.souk.launcher.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.souk.gateway.contract.AnswerSchemas;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** Makes requests out of the contract: right ones, and such that one to three things are wrong with. */
final class Shots {
    private static final int USUAL = 12;
    private static final int RARE = 2;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private record Operation(
            String id, String method, String path, List<JsonNode> parameters, JsonNode body, boolean proxied) {}

    /** Who may ask, from most to least often. */
    record Tokens(String customer, String admin, String other) {}

    private final long seed;
    private final Things things;
    private final Values values;
    private final Tokens tokens;
    private final List<Operation> weighted = new ArrayList<>();

    Shots(long seed, Things things, Tokens tokens) {
        this.seed = seed;
        this.things = things;
        this.values = new Values(things);
        this.tokens = tokens;
        for (Map.Entry<String, JsonNode> path :
                AnswerSchemas.document().path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (method.getValue().has("operationId")) {
                    add(path.getKey(), path.getValue(), method.getKey(), method.getValue());
                }
            }
        }
    }

    private void add(String path, JsonNode shared, String method, JsonNode operation) {
        List<JsonNode> parameters = new ArrayList<>();
        shared.path("parameters").forEach(parameters::add);
        operation.path("parameters").forEach(parameters::add);
        String id = operation.path("operationId").asText();
        Operation made = new Operation(
                id,
                method.toUpperCase(Locale.ROOT),
                path,
                parameters,
                operation.at("/requestBody/content/application~1json/schema"),
                operation.has("x-souk-proxied"));
        for (int i = isRare(made) ? RARE : USUAL; i > 0; i--) {
            weighted.add(made);
        }
    }

    /**
     * Hashing a password costs a hundred times what anything else does, large files tell nothing new, URLs are called, and
     * what is deleted leads nowhere any more.
     */
    private static boolean isRare(Operation made) {
        List<String> formats = made.body().findValuesAsText("format");
        boolean file = made.path().matches("/(docs|openapi).*");
        return formats.contains("password")
                || formats.contains("uri")
                || file
                || made.method().equals("DELETE");
    }

    /** Those that the shop itself serves. */
    List<String> operations() {
        return weighted.stream()
                .filter(operation -> !operation.proxied())
                .map(Operation::id)
                .distinct()
                .toList();
    }

    /** The same for the same seed and number, but for what the shop has come to hold. */
    Shot shot(long number) {
        Random random = new Random(seed * 1_000_003 + number);
        random.nextLong();
        Operation operation = Odd.any(weighted, random);
        Draft draft = new Draft(operation.method(), operation.path());
        fill(draft, operation, random);
        int faults = List.of(0, 0, 0, 1, 1, 1, 1, 1, 2, 3).get(random.nextInt(10));
        for (int i = 0; i < faults; i++) {
            if (draft.body != null && random.nextInt(3) > 0) {
                draft.body = random.nextInt(3) > 0
                        ? Bodies.changed(draft.document, random)
                        : Bodies.broken(draft.body, random);
            } else {
                Faults.plant(draft, random);
            }
        }
        return draft.shot(operation.id(), isForbidden(operation, draft));
    }

    private void fill(Draft draft, Operation operation, Random random) {
        draft.header(
                "Authorization",
                "Bearer "
                        + Odd.any(
                                List.of(
                                        tokens.customer(),
                                        tokens.customer(),
                                        tokens.admin(),
                                        tokens.admin(),
                                        tokens.other()),
                                random));
        // Two ids that were each found by themselves hardly ever belong together.
        if (random.nextInt(4) > 0) {
            draft.path = things.any("delivery", random)
                    .map(known -> draft.path.replace("{webhookId}/deliveries/{eventId}", known))
                    .orElse(draft.path);
        }
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            boolean required = parameter.path("required").asBoolean();
            if (required || random.nextInt(3) == 0) {
                String value = value(operation, name, parameter.path("schema"), random);
                switch (parameter.path("in").asText()) {
                    case "path" -> draft.path = draft.path.replace("{" + name + "}", encoded(value));
                    case "query" -> draft.query.add(name + "=" + encoded(value));
                    default -> draft.header(name, value);
                }
            }
        }
        if (!operation.body().isMissingNode()) {
            draft.document = values.valid("body", operation.body(), random);
            draft.body = Bodies.written(draft.document);
            draft.header("Content-Type", "application/json");
        }
    }

    private String value(Operation operation, String name, JsonNode schema, Random random) {
        if (name.equals("cursor")) {
            return things.any("cursor of " + operation.id(), random).orElse("AAAA");
        }
        return values.valid(name, schema, random).asText();
    }

    /** Whether nobody may be served, whoever asks: only where the request is still one for this operation. */
    private static boolean isForbidden(Operation operation, Draft draft) {
        if (!draft.isFor(operation.method())) {
            return false;
        }
        boolean badBody = draft.body != null
                && draft.body.length > 0
                && !operation.body().isMissingNode()
                && !Bodies.isAllowed(draft.body, operation.body());
        return badBody
                || operation.parameters().stream()
                        .filter(parameter -> parameter.path("in").asText().equals("query"))
                        .anyMatch(parameter -> draft.query.stream().anyMatch(pair -> isBad(parameter, pair)));
    }

    private static boolean isBad(JsonNode parameter, String pair) {
        String name = parameter.path("name").asText() + "=";
        String value = pair.startsWith(name) ? pair.substring(name.length()) : "";
        if (!pair.startsWith(name) || !value.matches("[A-Za-z0-9._-]*")) {
            return false;
        }
        JsonNode schema = parameter.path("schema");
        boolean number = schema.path("type").asText().equals("integer") && value.matches("-?[0-9]{1,18}");
        return !AnswerSchemas.allows(schema, number ? NODES.numberNode(Long.parseLong(value)) : NODES.textNode(value));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
