package dev.souk.launcher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.contract.AnswerContract;
import dev.souk.gateway.contract.Exchange;
import dev.souk.kit.bus.WireFormat;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client of the shop, as the README walks: register, log in, browse, order, read. It takes no answer that the contract
 * does not allow.
 */
public final class ShopClient {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();
    private final URI shop;

    public ShopClient(URI shop) {
        this.shop = shop;
    }

    /** An answer of the gateway. */
    public record Answer(int status, HttpHeaders headers, String body) {
        public JsonNode json() {
            try {
                return WireFormat.mapper().readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        public Answer require(int expected) {
            assertThat(status).as(body).isEqualTo(expected);
            return this;
        }

        /** Provisional, not answered, or still running under another request. */
        public boolean hasNoEndYet() {
            return status == 202 || status == 503 || status == 409 && problem().equals("request-in-progress");
        }

        /** The last part of a problem's type. */
        public String problem() {
            assertThat(headers.firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
            String type = json().path("type").asText();
            return type.substring(type.lastIndexOf('/') + 1);
        }
    }

    /** Registers a new customer and returns their token. */
    public String customer() {
        String email = "c-" + UUID.randomUUID() + "@example.com";
        String password = "correct horse " + UUID.randomUUID();
        register(email, password);
        return logIn(email, password);
    }

    public void register(String email, String password) {
        post("/api/v1/users", Map.of(), json("name", "Customer", "email", email, "password", password))
                .require(201);
    }

    public String admin() {
        return logIn(ShopProcess.ADMIN_EMAIL, ShopProcess.ADMIN_PASSWORD);
    }

    public String logIn(String email, String password) {
        return tokens(email, password).path("accessToken").asText();
    }

    /** What a log-in is answered with: an access and a refresh token. */
    public JsonNode tokens(String email, String password) {
        return post("/api/v1/auth/token", Map.of(), json("email", email, "password", password))
                .require(200)
                .json();
    }

    /** Creates a product at 12.50 USD and returns its id. */
    public String product(String adminToken, long stock) {
        String body = """
                {"sku": "sku-%s", "name": "Saffron", "price": {"amount": 1250, "currency": "USD"}, "stock": %d}
                """.formatted(UUID.randomUUID(), stock);
        return post("/api/v1/products", bearer(adminToken), body)
                .require(201)
                .json()
                .path("id")
                .asText();
    }

    public CompletableFuture<Answer> order(String token, String key, String productId, int quantity) {
        return send(
                "POST",
                "/api/v1/orders",
                Map.of("Authorization", "Bearer " + token, "Idempotency-Key", key),
                orderBody(productId, quantity));
    }

    /** Orders as the contract asks clients to: what has no end yet is asked again with its key. */
    public CompletableFuture<Answer> orderToTheEnd(String token, String key, String productId, int quantity) {
        return order(token, key, productId, quantity)
                .thenCompose(answer -> answer.hasNoEndYet()
                        ? CompletableFuture.supplyAsync(
                                        () -> orderToTheEnd(token, key, productId, quantity),
                                        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS))
                                .thenCompose(again -> again)
                        : CompletableFuture.completedFuture(answer));
    }

    public static String orderBody(String productId, int quantity) {
        return """
                {"items": [{"productId": "%s", "quantity": %d}], "paymentMethod": "pm_card_visa"}
                """.formatted(productId, quantity);
    }

    public static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    public Answer get(String path, Map<String, String> headers) {
        return send("GET", path, headers, null).join();
    }

    public Answer post(String path, Map<String, String> headers, String body) {
        return send("POST", path, headers, body).join();
    }

    public CompletableFuture<Answer> send(String method, String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(shop.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        headers.forEach(request::header);
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(response -> new Answer(response.statusCode(), response.headers(), response.body()))
                .thenApply(answer -> allowed(method, path, answer));
    }

    private static Answer allowed(String method, String path, Answer answer) {
        AnswerContract.ofTheGateway()
                .require(new Exchange(
                        method, path, answer.status(), answer.headers().map(), answer.body()));
        return answer;
    }

    private static String json(String... pairs) {
        var object = WireFormat.mapper().createObjectNode();
        for (int index = 0; index < pairs.length; index += 2) {
            object.put(pairs[index], pairs[index + 1]);
        }
        return object.toString();
    }
}
