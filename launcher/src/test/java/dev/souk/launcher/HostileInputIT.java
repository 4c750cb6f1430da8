package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.bus.WireFormat;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients send who mean no good, through HTTP into real services: refused as a problem, never a 500, never a trace. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileInputIT {
    private static final String SQL = "'; DROP TABLE orders; -- \\\" OR 1=1 %27 $$ $1";
    /** One character of each Unicode plane that has any, marks that combine, and both directions. */
    private static final String UNICODE = IntStream.of(
                    0x41, 0x301, 0x5d0, 0x202e, 0xfdd0, 0xfffd, 0x1f600, 0x1fffe, 0x20000, 0x30000, 0xe0001, 0xf0000,
                    0x10fffd)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();

    private final Map<String, String> settings = ShopProcess.settings("hostile");
    private ShopProcess shop;
    private ShopClient client;
    private String customer;
    private String admin;
    private String product;

    /** A request, and what may answer it. */
    private record Attack(String method, String path, String body) {
        @Override
        public String toString() {
            String shown = body == null
                    ? ""
                    : body.substring(0, Math.min(60, body.length())).replaceAll("\\p{Cntrl}", "?");
            return method + " " + path.substring(0, Math.min(60, path.length())) + " " + shown;
        }
    }

    @BeforeAll
    void start() {
        shop = ShopProcess.souk(settings, "up").awaitReady();
        client = new ShopClient(ShopProcess.url(settings));
        customer = client.customer();
        admin = client.admin();
        product = client.product(admin, 1_000);
    }

    @AfterAll
    void stop() {
        shop.close();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isAProblemOfTheClient(Attack attack) {
        Answer answer = send(attack);

        assertThat(answer.status()).as(answer.body()).isBetween(400, 499);
        assertThat(answer.problem()).isNotEmpty();
        assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
        assertThat(answer.json().path("instance").asText())
                .isEqualTo(answer.headers().firstValue("X-Request-Id").orElseThrow());
        assertThat(answer.body())
                .doesNotContain("Exception")
                .doesNotContain("dev.souk")
                .doesNotContain("io.vertx")
                .doesNotContain("SQL")
                .doesNotContain("com.fasterxml");
    }

    @Test
    void strangeButLegalTextIsKeptAsItIs() {
        for (String text : List.of(SQL, UNICODE, "a\u200bb", "<script>alert(1)</script>")) {
            String name = WireFormat.encode(text).toString();
            String body = "{\"sku\": \"" + UUID.randomUUID() + "\", \"name\": " + name
                    + ", \"attributes\": {" + name + ": " + name + "}, \"stock\": 1,"
                    + " \"price\": {\"amount\": 1, \"currency\": \"USD\"}}";

            Answer created = client.post("/api/v1/products", ShopClient.bearer(admin), body)
                    .require(201);
            Answer found =
                    client.get("/api/v1/products?q=" + encoded(text), Map.of()).require(200);

            assertThat(created.json().path("name").asText()).isEqualTo(text);
            assertThat(created.json().path("attributes").path(text).asText()).isEqualTo(text);
            assertThat(found.json().path("items").findValuesAsText("name")).contains(text);
        }
    }

    @Test
    void nothingOfItWasStored() {
        attacks().forEach(this::send);

        assertThat(ShopProcess.number(settings, "order", "SELECT count(*) FROM orders"))
                .isZero();
        assertThat(ShopProcess.number(
                        settings, "product", "SELECT reserved + sold FROM stock WHERE product_id = '" + product + "'"))
                .isZero();
    }

    private Answer send(Attack attack) {
        String token =
                attack.path().startsWith("/api/v1/products") && !attack.method().equals("GET") ? admin : customer;
        Map<String, String> headers = Map.of(
                "Authorization",
                "Bearer " + token,
                "Idempotency-Key",
                UUID.randomUUID().toString(),
                "If-Match",
                "\"1.1\"");
        return client.send(attack.method(), attack.path(), headers, attack.body())
                .join();
    }

    private Stream<Attack> attacks() {
        List<Attack> attacks = new ArrayList<>();
        for (String path : List.of("/api/v1/orders", "/api/v1/users", "/api/v1/auth/token", "/api/v1/products")) {
            for (String body : brokenBodies()) {
                attacks.add(new Attack("POST", path, body));
            }
        }
        for (String items : brokenItems()) {
            attacks.add(new Attack(
                    "POST", "/api/v1/orders", "{\"items\": " + items + ", \"paymentMethod\": \"pm_card_visa\"}"));
        }
        for (String method :
                List.of("''", "7", "\"" + "x".repeat(65) + "\"", "\"pm_card visa\"", "\"4111111111111111\"")) {
            attacks.add(new Attack(
                    "POST",
                    "/api/v1/orders",
                    "{\"items\": [{\"productId\": \"" + product + "\", \"quantity\": 1}], \"paymentMethod\": " + method
                            + "}"));
        }
        for (String email : List.of(
                "none", "a@b@c", "a b@example.com", "x".repeat(300) + "@example.com", "a\\u0000@b.c", "\\ud800@b.c")) {
            attacks.add(new Attack(
                    "POST",
                    "/api/v1/users",
                    "{\"name\": \"A\", \"email\": \"" + email + "\", \"password\": \"a long enough secret\"}"));
        }
        for (String price :
                List.of("-1", "1.5", "1e400", "1e18", "\"1\"", "null", "{}", "99999999999999999999999999")) {
            attacks.add(new Attack(
                    "POST",
                    "/api/v1/products",
                    "{\"sku\": \"s\", \"name\": \"n\", \"stock\": 1, \"price\": {\"amount\": " + price
                            + ", \"currency\": \"USD\"}}"));
        }
        for (String attributes : List.of(
                "[]",
                "{\"a\": 1e999}",
                "{\"a\\u0000\": 1}",
                "{\"a\": \"\\udfff\"}",
                "{\"a\": \"" + "x".repeat(9_000) + "\"}",
                "{\"a\": " + "[".repeat(40) + "]".repeat(40) + "}")) {
            attacks.add(new Attack(
                    "POST",
                    "/api/v1/products",
                    "{\"sku\": \"s\", \"name\": \"n\", \"stock\": 1, \"price\": {\"amount\": 1, \"currency\": \"USD\"},"
                            + " \"attributes\": " + attributes + "}"));
        }
        attacks.add(new Attack("PATCH", "/api/v1/products/" + product, "{}"));
        attacks.add(new Attack("PATCH", "/api/v1/products/" + product, "{\"name\": null}"));
        attacks.add(new Attack("PATCH", "/api/v1/products/" + product, "{\"stock\": 5}"));
        attacks.add(new Attack("POST", "/api/v1/products/" + product + "/stock", "{\"delta\": 1000000001}"));
        attacks.add(new Attack("POST", "/api/v1/products/" + product + "/stock", "{\"delta\": -1001}"));
        for (String path : List.of(
                "/api/v1/orders/not-a-uuid",
                "/api/v1/orders/" + encoded(SQL),
                "/api/v1/orders/" + UUID.randomUUID(),
                "/api/v1/orders/%00",
                "/api/v1/orders/%ff%fe",
                "/api/v1/orders/..%2f..%2fetc%2fpasswd",
                "/api/v1/orders?limit=0",
                "/api/v1/orders?limit=101",
                "/api/v1/orders?limit=abc",
                "/api/v1/orders?limit=1&limit=2",
                "/api/v1/orders?cursor=" + encoded(SQL),
                "/api/v1/orders?cursor=AAAA",
                "/api/v1/products?cursor=AAAA",
                "/api/v1/products?sort=" + encoded("name; drop table product"),
                "/api/v1/products?q=" + "x".repeat(500),
                "/api/v1/products?q=%00",
                "/api/v1/products?q=%ed%a0%80",
                "/api/v1/products/" + "9".repeat(300),
                "/api/v1/users/" + UUID.randomUUID(),
                "/api/v2/orders",
                "/nowhere")) {
            attacks.add(new Attack("GET", path, null));
        }
        attacks.add(new Attack("DELETE", "/api/v1/orders", null));
        return attacks.stream();
    }

    private static List<String> brokenBodies() {
        return List.of(
                "",
                "{",
                "null",
                "[]",
                "\"text\"",
                "42",
                "{} {}",
                "{\"a\": 1, \"a\": 1}",
                "{\"name\": \"\\ud800\"}",
                "{\"name\": \"\\u0000\"}",
                "\ufeff{}",
                "{\"__proto__\": {}, \"constructor\": 1}",
                "[".repeat(5_000),
                "{\"a\":".repeat(30) + "1" + "}".repeat(30),
                "{\"name\": \"" + "x".repeat(70_000) + "\"}",
                "{\"name\": \"" + "x".repeat(1 << 20) + "\"}",
                "{\"number\": " + "9".repeat(5_000) + "}");
    }

    private List<String> brokenItems() {
        String good = "{\"productId\": \"" + product + "\", \"quantity\": 1}";
        return List.of(
                "[]",
                "{}",
                "null",
                "[null]",
                "[" + good + ", " + good + "]",
                "[{\"productId\": \"" + product + "\"}]",
                "[{\"productId\": \"" + product + "\", \"quantity\": 0}]",
                "[{\"productId\": \"" + product + "\", \"quantity\": -1}]",
                "[{\"productId\": \"" + product + "\", \"quantity\": 1000000000}]",
                "[{\"productId\": \"" + product + "\", \"quantity\": 1.5}]",
                "[{\"productId\": \"" + product + "\", \"quantity\": \"1\"}]",
                "[{\"productId\": \"" + product + "\", \"quantity\": 1, \"price\": 0}]",
                "[{\"productId\": \"" + UUID.randomUUID() + "\", \"quantity\": 1}]",
                "[{\"productId\": \"x\", \"quantity\": 1}]",
                "[{\"productId\": \"" + SQL.replace("\\\"", "") + "\", \"quantity\": 1}]",
                "[" + String.join(",", Collections.nCopies(101, good)) + "]");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
