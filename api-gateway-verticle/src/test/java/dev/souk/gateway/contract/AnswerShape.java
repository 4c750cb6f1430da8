package dev.souk.gateway.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.souk.gateway.problem.ProblemCatalogue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the contract says of one status of one operation: which headers, which media types, which bodies. */
final class AnswerShape {
    private static final String PROBLEM = "application/problem+json";
    private static final String ANY = "*/*";
    private static final ProblemCatalogue CATALOGUE = ProblemCatalogue.load();
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    /** The same schema stands below many statuses, and compiling one takes longer than checking against it. */
    private static final Map<JsonNode, InputSchema> COMPILED = new HashMap<>();

    private record Header(boolean required, boolean integer, InputSchema schema) {}

    private final Map<String, Header> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, InputSchema> contents = new LinkedHashMap<>();
    private final Set<String> problems = new TreeSet<>();
    private final Set<String> headersElsewhere;
    private final boolean foreign;

    /**
     * @param response of the contract, without references
     * @param contract the whole, without references
     * @param foreign whether it is someone else's answer that is passed on, of which the contract knows nothing but its headers
     */
    AnswerShape(JsonNode response, JsonNode contract, boolean foreign) {
        this.foreign = foreign;
        if (!foreign) {
            addHeaders(contract.at("/x-souk-any-answer/headers"));
        }
        addHeaders(response.path("headers"));
        response.path("content")
                .properties()
                .forEach(content -> contents.put(
                        content.getKey(),
                        compiled(ClosedSchemas.closed(content.getValue().path("schema")))));
        examples(response.path("content").path(PROBLEM))
                .forEach(example -> problems.add(example.path("type").asText()));
        headersElsewhere = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        contract.findValues("headers").forEach(all -> all.fieldNames().forEachRemaining(headersElsewhere::add));
        headersElsewhere.removeAll(headers.keySet());
    }

    private void addHeaders(JsonNode definitions) {
        definitions
                .properties()
                .forEach(header -> headers.put(
                        header.getKey(),
                        new Header(
                                header.getValue().path("required").asBoolean(),
                                header.getValue().at("/schema/type").asText().equals("integer"),
                                compiled(header.getValue().path("schema")))));
    }

    static List<JsonNode> examples(JsonNode content) {
        List<JsonNode> examples = new ArrayList<>();
        if (content.has("example")) {
            examples.add(content.get("example"));
        }
        content.path("examples").forEach(example -> examples.add(example.path("value")));
        return examples;
    }

    /** What is wrong with an answer of this status. */
    List<String> violations(Exchange exchange) {
        List<String> found = new ArrayList<>();
        headers.forEach((name, header) -> check(name, header, exchange, found));
        if (foreign) {
            return found;
        }
        headersElsewhere.stream()
                .filter(name -> !exchange.all(name).isEmpty())
                .forEach(name -> found.add("has the header " + name + ", which the contract does not give it"));
        if (contents.isEmpty()) {
            if (!exchange.body().isEmpty() || exchange.mediaType().isPresent()) {
                found.add("has a body, or a type of one");
            }
        } else {
            checkContent(exchange, found);
        }
        return found;
    }

    private static void check(String name, Header header, Exchange exchange, List<String> found) {
        List<String> values = exchange.all(name);
        if (values.isEmpty() && header.required()) {
            found.add("lacks the header " + name);
        }
        if (values.size() > 1) {
            found.add("has the header " + name + " more than once");
        }
        values.forEach(value -> header.schema()
                .check(
                        header.integer() && value.matches("[0-9]{1,18}")
                                ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
                                : JsonNodeFactory.instance.textNode(value))
                .forEach(violation -> found.add("header " + name + ": " + value + " " + violation.detail())));
    }

    private void checkContent(Exchange exchange, List<String> found) {
        String type = exchange.mediaType().orElse("");
        InputSchema schema = contents.getOrDefault(type, contents.get(ANY));
        if (schema == null || type.isEmpty()) {
            found.add("is '" + type + "', not " + contents.keySet());
        } else if (type.endsWith("json") && !exchange.method().equals("HEAD")) {
            checkJson(exchange, schema, found);
        }
    }

    private void checkJson(Exchange exchange, InputSchema schema, List<String> found) {
        JsonNode body;
        try {
            body = MAPPER.readTree(exchange.body());
        } catch (JsonProcessingException e) {
            found.add("is not JSON");
            return;
        }
        schema.check(body).forEach(violation -> found.add(violation.pointer() + " " + violation.detail()));
        if (PROBLEM.equals(exchange.mediaType().orElseThrow())) {
            checkProblem(exchange, body, found);
        }
    }

    private void checkProblem(Exchange exchange, JsonNode problem, List<String> found) {
        String type = problem.path("type").asText();
        if (!problems.contains(type)) {
            found.add("is " + type + ", which is not among the examples " + problems);
        }
        if (problem.path("status").asInt() != exchange.status()) {
            found.add("says that its status is " + problem.path("status"));
        }
        CATALOGUE
                .find(type.substring(type.lastIndexOf('/') + 1))
                .filter(kind -> kind.title().equals(problem.path("title").asText()))
                .ifPresentOrElse(kind -> {}, () -> found.add("has a title of its own"));
        // The end of an order is told as it was told first.
        if (!problem.has("orderId")
                && !exchange.all("X-Request-Id")
                        .equals(List.of(problem.path("instance").asText()))) {
            found.add("names another request as its instance");
        }
    }

    private static InputSchema compiled(JsonNode schema) {
        synchronized (COMPILED) {
            return COMPILED.computeIfAbsent(schema, InputSchema::compile);
        }
    }
}
