package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.problem.ProblemCatalogue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The rules that {@code openapi.yaml} keeps beyond being OpenAPI: nothing is left for a reader to guess. */
final class ContractLint {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "application/problem+json";

    private final ProblemCatalogue catalogue;
    private final JsonNode raw;
    private final JsonNode resolved;
    private final List<String> complaints = new ArrayList<>();

    private ContractLint(ProblemCatalogue catalogue, JsonNode raw) {
        this.catalogue = catalogue;
        this.raw = raw;
        this.resolved = new References(raw).resolved();
    }

    /** What is wrong with a contract, each with its place. */
    static List<String> complaints(ProblemCatalogue catalogue, JsonNode document) {
        ContractLint lint = new ContractLint(catalogue, document);
        lint.lookAtOperations();
        lint.lookAtProblems();
        lint.lookForUnusedComponents();
        return lint.complaints;
    }

    private void lookAtOperations() {
        Set<String> ids = new HashSet<>();
        Set<String> tags = new HashSet<>(resolved.path("tags").findValuesAsText("name"));
        for (Map.Entry<String, JsonNode> path : resolved.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (method.getKey().equals("parameters")) {
                    continue;
                }
                String place = method.getKey() + " " + path.getKey();
                JsonNode operation = method.getValue();
                require(ids.add(operation.path("operationId").asText()), place, "has no operationId of its own");
                require(!operation.path("summary").asText().isBlank(), place, "has no summary");
                require(!operation.path("description").asText().isBlank(), place, "has no description");
                require(operation.path("security").isArray(), place, "does not state its security");
                require(
                        operation.path("tags").size() == 1
                                && tags.contains(operation.path("tags").path(0).asText()),
                        place,
                        "has not one tag of those that are described");
                lookAtRequest(place, operation);
                lookAtAnswers(place, path.getKey(), parameters(path.getValue(), operation), operation);
            }
        }
    }

    private void lookAtRequest(String place, JsonNode operation) {
        for (Map.Entry<String, JsonNode> content :
                operation.at("/requestBody/content").properties()) {
            requireExamples(place + " request", content.getValue());
            requireClosed(place + " request", content.getValue().path("schema"));
        }
    }

    private void lookAtAnswers(String place, String path, List<JsonNode> parameters, JsonNode operation) {
        JsonNode answers = operation.path("responses");
        for (Map.Entry<String, JsonNode> answer : answers.properties()) {
            require(
                    answer.getValue().path("headers").has("X-Request-Id"),
                    place + " " + answer.getKey(),
                    "does not tell the request's id");
            if (answer.getKey().startsWith("2")) {
                answer.getValue()
                        .path("content")
                        .forEach(content -> requireExamples(place + " " + answer.getKey(), content));
            }
        }
        Set<String> told = new TreeSet<>();
        answers.forEach(answer -> told.addAll(slugs(answer)));
        Set<String> due = new TreeSet<>(dueProblems(path, parameters, operation));
        due.removeAll(told);
        require(due.isEmpty(), place, "shows no example of " + due);
    }

    /** The problems that follow from what an operation asks for. */
    private static Set<String> dueProblems(String path, List<JsonNode> parameters, JsonNode operation) {
        Set<String> due = new TreeSet<>(Set.of("invalid-request"));
        if (!operation.path("security").isEmpty()) {
            due.add("unauthenticated");
        }
        if (operation.has("x-souk-role")) {
            due.add("forbidden");
        }
        if (operation.at("/requestBody/content").has(JSON)) {
            due.addAll(Set.of("payload-too-large", "unsupported-media-type"));
        }
        if (path.startsWith("/api/")) {
            due.addAll(Set.of("internal-error", "service-unavailable", "overloaded"));
        }
        for (JsonNode answer : operation.path("responses")) {
            boolean typed =
                    answer.path("content").has(JSON) || answer.path("content").has("text/html");
            if (typed) {
                due.add("not-acceptable");
            }
        }
        for (JsonNode parameter : parameters) {
            due.addAll(
                    switch (parameter.path("name").asText()) {
                        case "If-Match" -> Set.of("precondition-required", "precondition-failed");
                        case "Idempotency-Key" -> Set.of("idempotency-key-reused");
                        default ->
                            parameter.path("in").asText().equals("path") && !operation.has("x-souk-proxied")
                                    ? Set.of("not-found")
                                    : Set.of();
                    });
        }
        return due;
    }

    private static List<JsonNode> parameters(JsonNode path, JsonNode operation) {
        List<JsonNode> parameters = new ArrayList<>();
        path.path("parameters").forEach(parameters::add);
        operation.path("parameters").forEach(parameters::add);
        return parameters;
    }

    private void requireExamples(String place, JsonNode content) {
        List<JsonNode> examples = AnswerShape.examples(content);
        require(!examples.isEmpty(), place, "has no example");
        InputSchema schema = InputSchema.compile(ClosedSchemas.closed(content.path("schema")));
        examples.forEach(example -> require(
                schema.check(example).isEmpty(), place, "has an example that is not valid: " + schema.check(example)));
    }

    /** What clients send is bounded and known to the last field, unless a free object is asked for in so many words. */
    private void requireClosed(String place, JsonNode schema) {
        if (schema.has("properties") || schema.has("allOf")) {
            require(
                    schema.path("additionalProperties").isBoolean()
                                    && !schema.path("additionalProperties").asBoolean()
                            || schema.path("unevaluatedProperties").isBoolean()
                                    && !schema.path("unevaluatedProperties").asBoolean(),
                    place,
                    "takes fields that are not described");
        }
        if (schema.path("type").asText().equals("array")) {
            require(schema.has("maxItems"), place, "takes a list without end");
        }
        if (schema.path("type").asText().equals("string")) {
            require(
                    schema.has("maxLength") || schema.has("enum") || isShort(schema.path("pattern")),
                    place,
                    "takes a text without end");
        }
        Stream.of("properties", "allOf", "anyOf", "oneOf")
                .map(schema::path)
                .forEach(parts -> parts.forEach(part -> requireClosed(place, part)));
        if (schema.has("items")) {
            requireClosed(place, schema.path("items"));
        }
    }

    private static boolean isShort(JsonNode pattern) {
        return pattern.asText().matches("\\^[^*+]*\\$");
    }

    private void lookAtProblems() {
        Map<String, JsonNode> contents = new LinkedHashMap<>();
        AnswerSchemas.contents(resolved, "", contents);
        contents.forEach((place, content) -> {
            if (place.endsWith("/" + PROBLEM)) {
                requireExamples(place, content);
                AnswerShape.examples(content).forEach(example -> lookAtProblem(place, example));
            }
        });
        Set<String> told = new TreeSet<>();
        resolved.path("paths")
                .forEach(path -> path.forEach(
                        operation -> operation.path("responses").forEach(answer -> told.addAll(slugs(answer)))));
        resolved.path("x-souk-any-path").forEach(answer -> told.addAll(slugs(answer)));
        catalogue.all().stream()
                .map(ProblemCatalogue.Kind::slug)
                .filter(slug -> !told.contains(slug))
                .forEach(slug -> complaints.add("problems.yaml: nothing answers " + slug));
    }

    private void lookAtProblem(String place, JsonNode example) {
        String slug = slug(example);
        require(
                catalogue
                        .find(slug)
                        .filter(kind -> kind.status() == example.path("status").asInt()
                                && kind.title().equals(example.path("title").asText()))
                        .isPresent(),
                place,
                "shows a problem that problems.yaml does not have like this: " + slug);
        require(
                place.contains("/" + example.path("status").asText() + "/content/") || place.startsWith("/components/"),
                place,
                "shows a problem of another status");
    }

    private static List<String> slugs(JsonNode answer) {
        return AnswerShape.examples(answer.path("content").path(PROBLEM)).stream()
                .map(ContractLint::slug)
                .toList();
    }

    private static String slug(JsonNode problem) {
        String type = problem.path("type").asText();
        return type.substring(type.lastIndexOf('/') + 1);
    }

    private void lookForUnusedComponents() {
        Set<String> used = new HashSet<>(raw.path("paths").findValuesAsText("$ref"));
        used.addAll(raw.path("x-souk-any-path").findValuesAsText("$ref"));
        used.addAll(raw.path("x-souk-any-answer").findValuesAsText("$ref"));
        Set<String> open = used;
        while (!open.isEmpty()) {
            Set<String> next = new HashSet<>();
            open.forEach(reference -> next.addAll(raw.at(reference.substring(1)).findValuesAsText("$ref")));
            next.removeAll(used);
            used.addAll(next);
            open = next;
        }
        Set<String> schemes = new HashSet<>();
        raw.path("paths")
                .findValues("security")
                .forEach(all -> all.forEach(one -> one.fieldNames()
                        .forEachRemaining(name -> schemes.add("#/components/securitySchemes/" + name))));
        used.addAll(schemes);
        for (Map.Entry<String, JsonNode> kind : raw.path("components").properties()) {
            kind.getValue().fieldNames().forEachRemaining(name -> {
                String reference = "#/components/" + kind.getKey() + "/" + name;
                require(used.contains(reference), reference, "is not used");
            });
        }
    }

    private void require(boolean holds, String place, String otherwise) {
        if (!holds) {
            complaints.add(place + " " + otherwise);
        }
    }
}
