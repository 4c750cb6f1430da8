package dev.souk.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.bus.WireFormat;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** A request that the contract allows, by a caller who is known where the contract asks for one. */
public final class ApiRequest {
    /** So little of a client's time is left when it was its time that was too short. */
    private static final Duration NO_TIME = Duration.ofMillis(100);

    private static final JsonMapper STRICT = WireFormat.mapper()
            .rebuild()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final String id;
    private final Supplier<Client> client;
    private final Optional<Caller> caller;
    private final Duration limit;
    private final String accepted;
    private final Map<String, JsonNode> parameters;
    private final JsonNode body;
    private final Optional<HttpServerRequest> unread;
    private final Optional<Deadline> latest;

    public ApiRequest(
            String id,
            Supplier<Client> client,
            Optional<Caller> caller,
            Duration limit,
            String accepted,
            Map<String, JsonNode> parameters,
            JsonNode body) {
        this(id, client, caller, limit, accepted, parameters, body, Optional.empty(), Optional.empty());
    }

    private ApiRequest(
            String id,
            Supplier<Client> client,
            Optional<Caller> caller,
            Duration limit,
            String accepted,
            Map<String, JsonNode> parameters,
            JsonNode body,
            Optional<HttpServerRequest> unread,
            Optional<Deadline> latest) {
        this.id = id;
        this.client = client;
        this.caller = caller;
        this.limit = limit;
        this.accepted = accepted;
        this.parameters = Map.copyOf(parameters);
        this.body = body;
        this.unread = unread;
        this.latest = latest;
    }

    /** A request that someone outside of the shop answers: of what it brings, nothing has been looked at but its caller. */
    static ApiRequest proxied(
            HttpServerRequest request, Supplier<Client> client, Optional<Caller> caller, Duration limit) {
        return new ApiRequest(
                RequestIds.of(request),
                client,
                caller,
                limit,
                "",
                Map.of(),
                MissingNode.getInstance(),
                Optional.of(request),
                Optional.empty());
    }

    /** The same request of a client who waits until then and no longer. */
    public ApiRequest until(Deadline given) {
        return new ApiRequest(id, client, caller, limit, accepted, parameters, body, unread, Optional.of(given));
    }

    /** Whether the client waits no longer. */
    public boolean hasNoTime() {
        return latest.filter(given -> given.remaining().compareTo(NO_TIME) < 0).isPresent();
    }

    /** The request of a proxied operation as it came; its body is held back until it is read. */
    public HttpServerRequest unread() {
        return unread.orElseThrow();
    }

    /** Whether a body comes with the request of a proxied operation. */
    public boolean bringsBody() {
        return RequestBody.isSent(unread());
    }

    /** The request's id. */
    public String id() {
        return id;
    }

    /** An id in the path. */
    public UUID uuid(String parameter) {
        return UUID.fromString(parameters.get(parameter).textValue());
    }

    /** An id that may be missing. */
    public Optional<UUID> findUuid(String parameter) {
        return text(parameter).map(UUID::fromString);
    }

    /** A parameter that may be missing. */
    public Optional<String> text(String parameter) {
        return Optional.ofNullable(parameters.get(parameter)).map(JsonNode::textValue);
    }

    /** A parameter that is there, because the contract requires it or has a default for it. */
    public String required(String parameter) {
        return text(parameter).orElseThrow();
    }

    /** A number that may be missing. */
    public Optional<Integer> number(String parameter) {
        return Optional.ofNullable(parameters.get(parameter)).map(JsonNode::intValue);
    }

    /** Whether the client would like it so, by its {@code Prefer} header. */
    public boolean prefers(String preference) {
        return text("Prefer")
                .filter(sent -> Preferences.contain(sent, preference))
                .isPresent();
    }

    /** The body. @throws Fault {@code INVALID_REQUEST} if it has a field that the record does not have */
    public <T> T body(Class<T> type) {
        try {
            return STRICT.treeToValue(body, type);
        } catch (UnrecognizedPropertyException e) {
            throw Fault.invalid("/" + e.getPropertyName(), "is not a field that is known here");
        } catch (JsonProcessingException e) {
            throw Fault.invalid("", "cannot be read as what it must be");
        }
    }

    /** The media type that the client likes best of those there are; empty if it did not say. */
    public String accepted() {
        return accepted;
    }

    /** Where it comes from: the name under which a client is counted. */
    public Client client() {
        return client.get();
    }

    public Caller caller() {
        return caller.orElseThrow();
    }

    /** What travels with a call that this request needs. */
    public CallContext context() {
        return context(limit);
    }

    /** The same with another limit on how long it may take. */
    public CallContext context(Duration within) {
        return latest.map(given -> new CallContext(id, caller, given).within(within))
                .orElseGet(() -> new CallContext(id, caller, Deadline.in(within)));
    }
}
