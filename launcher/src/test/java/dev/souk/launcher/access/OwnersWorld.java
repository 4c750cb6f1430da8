package dev.souk.launcher.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.souk.gateway.contract.AnswerSchemas;
import dev.souk.kit.bus.WireFormat;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/** What belongs to the owner, made through the shop itself, and the rightful request of each operation for it. */
final class OwnersWorld {
    private static final String PASSWORD = "mine, mine, all of it mine";
    private static final String SERVICE = "echo";
    private static final Pattern PARAMETER = Pattern.compile("\\{([A-Za-z]+)}");

    /**
     * A request that would be served if the right one asked.
     *
     * @param watched what a refused request must leave as it is
     */
    record Call(String method, String target, Map<String, String> headers, String body, List<String> watched) {}

    private final ShopClient client;
    private final String owner;
    private final String admin;
    private final String email;
    private final String userId;
    private final Map<String, String> eventAndWebhook = new HashMap<>();
    private final URI upstream;

    private OwnersWorld(ShopClient client, String admin, String email, String userId, URI upstream) {
        this.client = client;
        this.admin = admin;
        this.email = email;
        this.userId = userId;
        this.upstream = upstream;
        this.owner = client.logIn(email, PASSWORD);
    }

    /** @param upstream an external service that answers whatever it is asked with 200 */
    static OwnersWorld create(ShopClient client, URI upstream) {
        String email = "owner-" + UUID.randomUUID() + "@example.com";
        String body = "{\"name\": \"Owner\", \"email\": \"" + email + "\", \"password\": \"" + PASSWORD + "\"}";
        Answer registered = client.post("/api/v1/users", Map.of(), body).require(201);
        OwnersWorld world = new OwnersWorld(
                client, client.admin(), email, registered.json().path("id").asText(), upstream);
        world.serve();
        return world;
    }

    String owner() {
        return owner;
    }

    String admin() {
        return admin;
    }

    /** A request with everything it needs newly made, so that none disturbs another. */
    Call callOf(String operationId) {
        for (Map.Entry<String, JsonNode> path :
                AnswerSchemas.document().path("paths").properties()) {
            for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
                if (method.getValue().path("operationId").asText().equals(operationId)) {
                    return call(operationId, method.getKey(), path.getKey(), path.getValue(), method.getValue());
                }
            }
        }
        throw new AssertionError("no operation " + operationId);
    }

    /** What an admin reads of the things that a call is about. */
    List<String> state(Call call) {
        return call.watched().stream()
                .map(path ->
                        client.get(path, ShopClient.bearer(admin)).require(200).body())
                .toList();
    }

    private Call call(String id, String method, String path, JsonNode shared, JsonNode operation) {
        List<String> watched = new ArrayList<>();
        Map<String, String> headers = new HashMap<>();
        Map<String, String> examples = new HashMap<>();
        List.of(shared, operation)
                .forEach(place -> place.path("parameters").forEach(parameter -> {
                    String name = parameter.path("name").asText();
                    examples.put(name, parameter.path("example").asText());
                    if (parameter.path("in").asText().equals("header")
                            && parameter.path("required").asBoolean()) {
                        headers.put(name, header(name));
                    }
                }));
        String target = PARAMETER
                .matcher(path)
                .replaceAll(found -> value(id, found.group(1), examples.get(found.group(1)), watched));
        return new Call(
                method.toUpperCase(Locale.ROOT),
                id.equals("listOrders") ? target + "?userId=" + userId : target,
                headers,
                body(id, operation.at("/requestBody/content/application~1json/example")),
                watched);
    }

    private static String header(String name) {
        return switch (name) {
            case "Idempotency-Key" -> UUID.randomUUID().toString();
            case "If-Match" -> "\"1.1000\"";
            default -> throw new AssertionError("what is " + name + "?");
        };
    }

    private String value(String operationId, String parameter, String example, List<String> watched) {
        return switch (parameter) {
            case "userId" -> userId;
            case "productId" -> watch("/api/v1/products/", client.product(admin, 1_000), watched);
            case "orderId" -> watch("/api/v1/orders/", order(operationId), watched);
            case "webhookId" ->
                operationId.equals("deleteWebhook") ? webhook() : delivered().get("webhookId");
            case "eventId" -> delivered().get("eventId");
            case "serviceId" -> service("to-be-removed").path("id").asText();
            case "service" -> SERVICE;
            case "path" -> "any/path";
            case "file", "slug" -> example;
            default -> throw new AssertionError("what is " + parameter + "?");
        };
    }

    private static String watch(String path, String id, List<String> watched) {
        watched.add(path + id);
        return id;
    }

    private String body(String operationId, JsonNode example) {
        if (example.isMissingNode()) {
            return null;
        }
        ObjectNode body = example.deepCopy();
        switch (operationId) {
            case "registerUser" -> body.put("email", UUID.randomUUID() + "@example.com");
            case "createToken" -> body.put("email", email).put("password", PASSWORD);
            case "refreshToken", "logOut" ->
                body.put(
                        "refreshToken",
                        client.tokens(email, PASSWORD).path("refreshToken").asText());
            // Everybody's own account: the owner's password is not theirs.
            case "changeMe" -> body.removeAll().put("name", "Somebody Else");
            case "registerService" -> body.put("url", upstream.toString());
            case "createProduct" -> body.put("sku", "sku-" + UUID.randomUUID());
            case "createWebhook" -> body.put("url", "http://127.0.0.1:9/");
            case "placeOrder" ->
                body.path("items").forEach(item -> ((ObjectNode) item).put("productId", client.product(admin, 1_000)));
            default -> {}
        }
        return WireFormat.encode(body).toString();
    }

    /** An order of the owner's that stands where the operation wants it. */
    private String order(String operationId) {
        String id = client.order(owner, UUID.randomUUID().toString(), client.product(admin, 10), 1)
                .join()
                .require(201)
                .json()
                .path("id")
                .asText();
        switch (operationId) {
            case "deliverOrder" -> moved(id, "ship");
            // Only an order that has ended is told to its end.
            case "followOrder" -> moved(id, "cancel");
            default -> {}
        }
        return id;
    }

    private void moved(String orderId, String step) {
        client.post("/api/v1/orders/" + orderId + "/" + step, ShopClient.bearer(admin), "{}")
                .require(200);
    }

    private JsonNode service(String name) {
        String body = "{\"name\": \"" + name + "\", \"url\": \"" + upstream + "\"}";
        return client.post("/api/v1/services", ShopClient.bearer(admin), body)
                .require(201)
                .json();
    }

    /** Something to pass requests on to. */
    private void serve() {
        service(SERVICE);
        ShopProcess.await(
                "the external service to be well",
                () -> client.get("/api/v1/ext/" + SERVICE + "/any", ShopClient.bearer(admin))
                                .status()
                        == 200);
    }

    private String webhook() {
        String body = "{\"url\": \"http://127.0.0.1:9/\", \"events\": [\"ORDER_CONFIRMED\"]}";
        return client.post("/api/v1/webhooks", ShopClient.bearer(admin), body)
                .require(201)
                .json()
                .path("id")
                .asText();
    }

    /** A webhook and an event that was sent to it. */
    private Map<String, String> delivered() {
        if (eventAndWebhook.isEmpty()) {
            String webhookId = webhook();
            String deliveries = "/api/v1/webhooks/" + webhookId + "/deliveries";
            order("");
            ShopProcess.await("an event for the webhook", () -> {
                JsonNode event = client.get(deliveries, ShopClient.bearer(admin))
                        .require(200)
                        .json()
                        .at("/items/0/eventId");
                eventAndWebhook.put("eventId", event.asText());
                return !event.isMissingNode();
            });
            eventAndWebhook.put("webhookId", webhookId);
            assertThat(eventAndWebhook.get("eventId")).isNotEmpty();
        }
        return eventAndWebhook;
    }
}
