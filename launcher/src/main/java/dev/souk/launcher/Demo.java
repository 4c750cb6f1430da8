package dev.souk.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.kit.bus.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** The walk of a first customer: register, log in, browse, order, read. */
final class Demo {
    private final URI shop;
    private final Terminal terminal;
    private final HttpClient http;

    Demo(URI shop, HttpClient http, Terminal terminal) {
        this.shop = shop;
        this.http = http;
        this.terminal = terminal;
    }

    /** Whether the order was CONFIRMED. @throws LaunchException if a request is not answered as it must be */
    boolean walk() {
        String email = "visitor-" + UUID.randomUUID().toString().substring(0, 8) + "@example.com";
        String password = UUID.randomUUID().toString();
        expect(
                201,
                post(
                        "/api/v1/users",
                        Map.of(),
                        "{\"name\":\"Visitor\",\"email\":\"" + email + "\",\"password\":\"" + password + "\"}"));
        JsonNode token = expect(
                200,
                post(
                        "/api/v1/auth/token",
                        Map.of(),
                        "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}"));
        JsonNode products = expect(200, get("/api/v1/products?limit=2&sort=price", Map.of()));
        JsonNode product = inStock(products);

        String bearer = "Bearer " + token.path("accessToken").asText();
        JsonNode order = expect(
                201,
                post(
                        "/api/v1/orders",
                        Map.of(
                                "Authorization",
                                bearer,
                                "Idempotency-Key",
                                UUID.randomUUID().toString()),
                        "{\"items\":[{\"productId\":\"" + product.path("id").asText()
                                + "\",\"quantity\":1}],\"paymentMethod\":\"pm_card_visa\"}"));
        JsonNode read = expect(
                200,
                get(
                        "/api/v1/orders/" + order.path("id").asText() + "?expand=user,products",
                        Map.of("Authorization", bearer)));
        String status = read.path("status").asText();
        terminal.good("the order " + read.path("id").asText() + " is " + status);
        return status.equals("CONFIRMED");
    }

    private static JsonNode inStock(JsonNode products) {
        for (JsonNode product : products.path("items")) {
            if (product.path("available").asLong() > 0) {
                return product;
            }
        }
        throw new LaunchException("the shop has nothing in stock to order; set SOUK_DEMO_DATA=true on an empty one");
    }

    private HttpResponse<String> get(String path, Map<String, String> headers) {
        return send(request(path, headers), "GET", headers, null);
    }

    private HttpResponse<String> post(String path, Map<String, String> headers, String body) {
        HttpRequest.Builder request = request(path, headers)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
        return send(request, "POST", headers, body);
    }

    private HttpRequest.Builder request(String path, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(shop.resolve(path)).timeout(Duration.ofSeconds(15));
        headers.forEach(request::header);
        return request;
    }

    private HttpResponse<String> send(
            HttpRequest.Builder builder, String method, Map<String, String> headers, String body) {
        HttpRequest request = builder.build();
        terminal.line("");
        terminal.title(curl(request, method, headers, body));
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new LaunchException("the shop on " + shop + " does not answer: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted");
        }
    }

    private static String curl(HttpRequest request, String method, Map<String, String> headers, String body) {
        StringBuilder command = new StringBuilder("curl -X " + method + " '" + request.uri() + "'");
        headers.forEach((name, value) -> command.append(" -H '" + name + ": " + value + "'"));
        if (body != null) {
            command.append(" -H 'Content-Type: application/json' -d '" + body + "'");
        }
        return command.toString();
    }

    private JsonNode expect(int status, HttpResponse<String> response) {
        terminal.line(response.statusCode() + " " + response.body());
        if (response.statusCode() != status) {
            throw new LaunchException("expected " + status + " but the shop answered " + response.statusCode());
        }
        try {
            return WireFormat.mapper().readTree(response.body());
        } catch (IOException e) {
            throw new LaunchException("the shop's answer is not JSON");
        }
    }
}
