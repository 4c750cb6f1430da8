package dev.souk.gateway.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.OperationInput;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.http.Client;
import dev.souk.kit.bus.WireFormat;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The fields of a request message on their way to the places where an operation of the HTTP contract takes them: what is put
 * nowhere else is the body. A field that is not set is put nowhere.
 */
final class OperationFields {
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final ObjectNode body;
    private final Map<String, String> path = new HashMap<>();
    private final Map<String, String> query = new HashMap<>();
    private final MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    /**
     * @param metadata what came beside the message: of it, only the idempotency key counts
     * @throws Fault {@code INVALID_REQUEST} if the message holds what is no JSON
     */
    OperationFields(Message message, MultiMap metadata) {
        this.body = JsonMessages.write(message);
        headers.add(IDEMPOTENCY_KEY, metadata.getAll(IDEMPOTENCY_KEY));
    }

    OperationFields path(String field) {
        path.put(field, body.remove(field).asText());
        return this;
    }

    OperationFields query(String field) {
        return query(field, UnaryOperator.identity());
    }

    /** @param spelling how the contract spells it */
    OperationFields query(String field, UnaryOperator<String> spelling) {
        take(field).ifPresent(text -> query.put(field, spelling.apply(text)));
        return this;
    }

    /** Which page is wanted. */
    OperationFields page() {
        Optional.ofNullable(body.remove("page"))
                .ifPresent(page -> page.properties()
                        .forEach(
                                said -> query.put(said.getKey(), said.getValue().asText())));
        return this;
    }

    OperationFields header(String field, String name) {
        return header(field, name, UnaryOperator.identity());
    }

    OperationFields header(String field, String name, UnaryOperator<String> spelling) {
        take(field).ifPresent(text -> headers.add(name, spelling.apply(text)));
        return this;
    }

    OperationFields preference(String field, String preference) {
        if (body.remove(field).asBoolean()) {
            headers.add("Prefer", preference);
        }
        return this;
    }

    /** @throws Fault {@code INVALID_REQUEST} with everything that is wrong */
    ApiRequest request(
            OperationInput input, String id, Supplier<Client> client, Optional<Caller> caller, Duration limit) {
        Map<String, JsonNode> parameters = input.checkDecoded(path, query, headers);
        JsonNode document = input.takesBody() ? input.checkBody(WireFormat.encode(body)) : MissingNode.getInstance();
        return new ApiRequest(id, client, caller, limit, "", parameters, document);
    }

    /** What was put nowhere. */
    ObjectNode body() {
        return body;
    }

    /** The text of a field; several values with commas between. */
    private Optional<String> take(String field) {
        JsonNode value = body.remove(field);
        if (value == null || value.isArray() && value.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                value.isArray()
                        ? StreamSupport.stream(value.spliterator(), false)
                                .map(JsonNode::asText)
                                .collect(Collectors.joining(","))
                        : value.asText());
    }
}
