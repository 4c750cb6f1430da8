package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.gateway.problem.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an operation takes, and the checks that stand between a client and a handler. */
public final class OperationInput {
    private static final String RULE_BROKEN = "The request breaks a rule of the contract.";

    private final List<ContractParameter> parameters;
    private final Optional<InputSchema> body;
    private final boolean bodyRequired;

    OperationInput(List<ContractParameter> parameters, Optional<InputSchema> body, boolean bodyRequired) {
        this.parameters = List.copyOf(parameters);
        this.body = body;
        this.bodyRequired = bodyRequired;
    }

    /** Whether a body is read if there is one. */
    public boolean takesBody() {
        return body.isPresent();
    }

    /** Whether there must be a body. */
    public boolean requiresBody() {
        return bodyRequired;
    }

    /**
     * The parameters of a request that were given or have a default, as values of the types that the contract has.
     *
     * @param path the parameters in the path, decoded
     * @param query what follows the question mark, as it was sent; may be null
     * @throws Fault {@code INVALID_REQUEST} with everything that is wrong with them
     */
    public Map<String, JsonNode> checkParameters(Map<String, String> path, String query, MultiMap headers) {
        return checkDecoded(path, QueryString.parse(query), headers);
    }

    /** The same for parameters that came by other means than an address: {@code queried} by name, as they are meant. */
    public Map<String, JsonNode> checkDecoded(Map<String, String> path, Map<String, String> queried, MultiMap headers) {
        Map<String, JsonNode> values = new HashMap<>();
        List<Violation> violations = new ArrayList<>();
        for (ContractParameter parameter : parameters) {
            Optional<JsonNode> given = switch (parameter.where()) {
                case PATH -> Optional.ofNullable(path.get(parameter.name())).map(parameter::value);
                case QUERY -> Optional.ofNullable(queried.get(parameter.name())).map(parameter::value);
                case HEADER -> header(headers, parameter, violations);
            };
            given.ifPresentOrElse(
                    value -> violations.addAll(parameter.check(value)), () -> missing(parameter, violations));
            given.or(parameter::fallback).ifPresent(value -> values.put(parameter.name(), value));
        }
        refuse(violations);
        return values;
    }

    /** The body as a document that is valid. @throws Fault {@code INVALID_REQUEST} with everything that is wrong with it */
    public JsonNode checkBody(Buffer bytes) {
        JsonNode document = JsonBody.parse(bytes);
        refuse(body.orElseThrow().check(document));
        return document;
    }

    private static Optional<JsonNode> header(
            MultiMap headers, ContractParameter parameter, List<Violation> violations) {
        List<String> sent = headers.getAll(parameter.name());
        if (sent.size() > 1 && parameter.repeatable()) {
            // One header in several lines is the list of them (RFC 9110, 5.3).
            return Optional.of(parameter.value(String.join(", ", sent)));
        }
        if (sent.size() > 1) {
            violations.add(new Violation(parameter.name(), "must be there only once"));
        }
        return sent.stream().findFirst().map(parameter::value);
    }

    private static void missing(ContractParameter parameter, List<Violation> violations) {
        if (!parameter.required()) {
            return;
        }
        parameter.missing().ifPresent(slug -> {
            throw Problem.of(slug, "The header " + parameter.name() + " is missing.")
                    .refusal();
        });
        violations.add(new Violation(parameter.name(), "is missing"));
    }

    private static void refuse(List<Violation> violations) {
        if (!violations.isEmpty()) {
            throw Fault.of(Fault.Code.INVALID_REQUEST, RULE_BROKEN, violations);
        }
    }
}
