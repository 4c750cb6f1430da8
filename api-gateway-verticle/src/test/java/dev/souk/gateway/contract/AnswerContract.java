package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the contract says that the gateway may answer. Asked for every answer that a test gets: its status must be one of
 * the operation's, its headers, its media type and its body as the contract has them, without a field that is not
 * described, and a problem must be one of those that the operation shows.
 */
public final class AnswerContract {
    private static final AnswerContract OF_THE_GATEWAY = new AnswerContract(AnswerSchemas.document());
    private static final String NOT_FOUND = "404";
    private static final String METHOD_NOT_ALLOWED = "405";
    private static final String PREFLIGHT = "204";

    private record Operation(String id, String method, PathTemplate path, Map<String, AnswerShape> answers) {}

    private final List<Operation> operations = new ArrayList<>();
    private final Map<String, AnswerShape> anyPath;

    /** @param document the contract without references */
    AnswerContract(JsonNode document) {
        anyPath = shapes(document.path("x-souk-any-path"), document, false);
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            boolean proxied = path.getValue().findValue("x-souk-proxied") != null;
            PathTemplate template = new PathTemplate(path.getKey(), proxied);
            path.getValue().properties().stream()
                    .filter(method -> method.getValue().has("operationId"))
                    .forEach(method -> operations.add(new Operation(
                            method.getValue().path("operationId").asText(),
                            method.getKey().toUpperCase(Locale.ROOT),
                            template,
                            shapes(method.getValue().path("responses"), document, proxied))));
        }
    }

    /** The contract that the gateway follows. */
    public static AnswerContract ofTheGateway() {
        return OF_THE_GATEWAY;
    }

    /** @throws AssertionError saying what is wrong, if the answer is not one that the contract allows */
    public Exchange require(Exchange exchange) {
        List<String> violations = violations(exchange);
        if (!violations.isEmpty()) {
            throw new AssertionError("the contract does not allow this answer: " + violations + "\n" + exchange);
        }
        return exchange;
    }

    /** What is wrong with an answer. */
    public List<String> violations(Exchange exchange) {
        return PathTemplate.readings(exchange.path()).stream()
                .map(path -> violations(exchange, path))
                .min(Comparator.comparingInt(List::size))
                .orElseThrow();
    }

    private List<String> violations(Exchange exchange, String path) {
        Map<String, AnswerShape> answers = answers(exchange.method(), path);
        String status = Integer.toString(exchange.status());
        return Stream.of(status, status.charAt(0) + "XX", "default")
                .filter(answers::containsKey)
                .map(answers::get)
                .map(shape -> shape.violations(exchange))
                .min(Comparator.comparingInt(List::size))
                .orElseGet(
                        () -> List.of("has the status " + status + ", not one of " + new TreeSet<>(answers.keySet())));
    }

    private Map<String, AnswerShape> answers(String method, String path) {
        Map<String, AnswerShape> answers = new HashMap<>(anyPath);
        if (!method.equals("OPTIONS")) {
            answers.remove(PREFLIGHT);
        }
        List<Operation> found = at(path);
        if (found.isEmpty()) {
            answers.remove(METHOD_NOT_ALLOWED);
            return answers;
        }
        answers.remove(NOT_FOUND);
        String asked = method.equals("HEAD") ? "GET" : method;
        found.stream().filter(one -> one.method().equals(asked)).findFirst().ifPresent(one -> {
            answers.remove(METHOD_NOT_ALLOWED);
            answers.putAll(one.answers());
        });
        return answers;
    }

    private List<Operation> at(String path) {
        List<Operation> matching =
                operations.stream().filter(one -> one.path().matches(path)).toList();
        List<Operation> exact =
                matching.stream().filter(one -> one.path().isExact()).toList();
        return exact.isEmpty() ? matching : exact;
    }

    /** @param proxied whether what is not listed by its status is someone else's answer */
    private static Map<String, AnswerShape> shapes(JsonNode responses, JsonNode contract, boolean proxied) {
        Map<String, AnswerShape> shapes = new HashMap<>();
        responses.properties().forEach(response -> {
            boolean foreign = proxied && !response.getKey().matches("[1-5][0-9]{2}");
            shapes.put(response.getKey(), new AnswerShape(response.getValue(), contract, foreign));
        });
        return shapes;
    }
}
