package dev.souk.gateway.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.souk.contracts.Caller.Role;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The HTTP contract, {@code openapi.yaml}, as it is served to clients and as the gateway follows it. */
public final class Contract {
    private static final String FILE = "/openapi.yaml";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete", "options");

    private final String yaml;
    private final String json;
    private final List<ContractOperation> operations;

    private Contract(String yaml, String json, List<ContractOperation> operations) {
        this.yaml = yaml;
        this.json = json;
        this.operations = List.copyOf(operations);
    }

    /** Reads the contract from the class path. Blocks. @throws IllegalStateException if it cannot be followed */
    public static Contract load() {
        try (InputStream in = Contract.class.getResourceAsStream(FILE)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.yaml cannot be read", e);
        }
    }

    /** @throws IllegalStateException naming the operation that cannot be followed */
    public static Contract parse(String yaml) {
        try {
            JsonNode document = new YAMLMapper().readTree(yaml);
            String json = new ObjectMapper().writeValueAsString(document);
            return new Contract(yaml, json, operations(new References(document).resolved()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("openapi.yaml is not valid YAML", e);
        }
    }

    public String yaml() {
        return yaml;
    }

    public String json() {
        return json;
    }

    public List<ContractOperation> operations() {
        return operations;
    }

    private static List<ContractOperation> operations(JsonNode document) {
        List<ContractOperation> operations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (METHODS.contains(method.getKey())) {
                    operations.add(operation(path.getKey(), path.getValue(), method.getKey(), method.getValue()));
                }
            }
        }
        return operations;
    }

    private static ContractOperation operation(String path, JsonNode shared, String method, JsonNode operation) {
        String name = method + " " + path;
        String id = operation.path("operationId").asText();
        require(!id.isEmpty(), name, "has no operationId");
        require(operation.path("security").isArray(), name, "does not say whether it is public (security)");
        boolean authenticated = !operation.path("security").isEmpty();
        Optional<Role> role = role(operation, name);
        require(role.isEmpty() || authenticated, name, "asks for a role of a caller who is not known");
        boolean proxied = operation.path("x-souk-proxied").asBoolean();
        require(!proxied || path.endsWith("}"), name, "is proxied, but has no parameter for the rest of the path");
        return new ContractOperation(
                id,
                HttpMethod.valueOf(method.toUpperCase(Locale.ROOT)),
                path,
                authenticated,
                role,
                retirement(operation, name),
                proxied,
                priority(operation, name),
                produces(operation),
                input(shared, operation));
    }

    private static Optional<Role> role(JsonNode operation, String name) {
        return Optional.ofNullable(operation.get("x-souk-role")).map(role -> {
            require(role.asText().equals("admin"), name, "asks for a role that is not known");
            return Role.ADMIN;
        });
    }

    private static Optional<Retirement> retirement(JsonNode operation, String name) {
        String sunset = operation.path("x-souk-sunset").asText();
        boolean deprecated = operation.path("deprecated").asBoolean();
        require(deprecated != sunset.isEmpty(), name, "needs both, deprecated: true and x-souk-sunset: <date>");
        try {
            return deprecated ? Optional.of(new Retirement(LocalDate.parse(sunset))) : Optional.empty();
        } catch (DateTimeParseException e) {
            throw new IllegalStateException("openapi.yaml: " + name + " has an x-souk-sunset that is no date", e);
        }
    }

    private static Priority priority(JsonNode operation, String name) {
        String said = operation.path("x-souk-priority").asText("ordinary");
        return Stream.of(Priority.values())
                .filter(priority -> priority.name().toLowerCase(Locale.ROOT).equals(said))
                .findAny()
                .orElseThrow(() -> new IllegalStateException("openapi.yaml: " + name + " has a priority unknown here"));
    }

    private static Set<String> produces(JsonNode operation) {
        Set<String> types = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> response : operation.path("responses").properties()) {
            if (response.getKey().startsWith("2")) {
                response.getValue().path("content").fieldNames().forEachRemaining(types::add);
            }
        }
        return types;
    }

    private static OperationInput input(JsonNode shared, JsonNode operation) {
        List<ContractParameter> parameters = new ArrayList<>();
        shared.path("parameters").forEach(definition -> parameters.add(parameter(definition)));
        operation.path("parameters").forEach(definition -> parameters.add(parameter(definition)));
        JsonNode body = operation.at("/requestBody/content/application~1json/schema");
        return new OperationInput(
                parameters,
                body.isMissingNode() ? Optional.empty() : Optional.of(InputSchema.compile(body)),
                operation.at("/requestBody/required").asBoolean());
    }

    private static ContractParameter parameter(JsonNode definition) {
        JsonNode schema = definition.path("schema");
        return new ContractParameter(
                definition.path("name").asText(),
                ContractParameter.Place.valueOf(definition.path("in").asText().toUpperCase(Locale.ROOT)),
                definition.path("required").asBoolean(),
                Optional.ofNullable(definition.get("x-souk-missing")).map(JsonNode::asText),
                Optional.ofNullable(schema.get("default")),
                schema.path("type").asText().equals("integer"),
                definition.path("x-souk-repeatable").asBoolean(),
                InputSchema.compile(schema));
    }

    private static void require(boolean holds, String operation, String otherwise) {
        if (!holds) {
            throw new IllegalStateException("openapi.yaml: " + operation + " " + otherwise);
        }
    }
}
