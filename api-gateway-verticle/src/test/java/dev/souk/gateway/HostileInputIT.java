package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.ORDER;
import static dev.souk.gateway.GatewayFixture.PRODUCT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent: a 4xx problem that says nothing of the inside, and no service is bothered with it. */
@TestInstance(Lifecycle.PER_CLASS)
class HostileInputIT {
    private static final String MEGABYTE = "x".repeat(1024 * 1024);
    private static final String SQL = "'; DROP TABLE users; --";

    private final Vertx vertx = Vertx.vertx();
    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start(vertx, Map.of());
    }

    @BeforeEach
    void reset() {
        gateway.services().reset();
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void noBodyGetsThrough(String method, String path, String body, int status) {
        Reply reply = client().send(method, path, BodyPublishers.ofString(body));

        assertRefused(reply, status);
    }

    static Stream<Arguments> bodies() {
        List<String> everywhere = List.of(
                "",
                "{",
                "{}",
                "[]",
                "null",
                "\"text\"",
                "42",
                "{\"a\":1}",
                "{\"a\":1,\"a\":2}",
                "{\"name\":\"\\u0000\"}",
                "{\"name\":\"\\ud800\"}",
                "{\"\\udfff\":\"\"}",
                "{\"__proto__\":{}}",
                "{\"#name\":\"passed over by the validator\"}",
                "[".repeat(30_000),
                "{\"a\":".repeat(500) + "1" + "}".repeat(500),
                "9".repeat(60_000),
                SQL,
                "<xml/>");
        Stream<Arguments> refused = Stream.of(
                        "POST /api/v1/users",
                        "POST /api/v1/auth/token",
                        "POST /api/v1/products",
                        "PATCH /api/v1/products/" + PRODUCT,
                        "POST /api/v1/products/" + PRODUCT + "/stock",
                        "POST /api/v1/orders",
                        "POST /api/v1/webhooks")
                .flatMap(call -> everywhere.stream().map(body -> arguments(call, body, 400)));
        Stream<Arguments> notEmpty = Stream.of(
                        "POST /api/v1/orders/" + ORDER + "/cancel",
                        "POST /api/v1/orders/" + ORDER + "/ship",
                        "POST /api/v1/orders/" + ORDER + "/deliver",
                        "POST /api/v1/webhooks/" + ORDER + "/deliveries/" + ORDER + "/redeliver")
                .flatMap(call -> everywhere.stream()
                        .filter(body -> !body.isEmpty() && !body.equals("{}"))
                        .map(body -> arguments(call, body, 400)));
        return Stream.of(refused, notEmpty, particular(), webhooks()).flatMap(Function.identity());
    }

    private static Stream<Arguments> webhooks() {
        Stream<String> urls = Stream.of(
                        "",
                        "erp.example/souk",
                        "ftp://erp.example",
                        "file:///etc/passwd",
                        "javascript:alert(1)",
                        "http://",
                        "http:///souk",
                        "https://user:password@erp.example/",
                        "https://erp.example@evil.example/",
                        "https://erp.example\\\\@evil.example/",
                        "https://erp.example/#fragment",
                        "https://erp.example/a b",
                        "https://erp.example/%zz",
                        "https://erp.example/\\n",
                        "https://erp.example\\n",
                        "https://erp.example:123456/",
                        "https://\u00e4rp.example/",
                        "https://erp.example/" + "a".repeat(2000))
                .map(url -> "{\"url\":\"" + url + "\",\"events\":[\"ORDER_CONFIRMED\"]}");
        Stream<String> events = Stream.of(
                        "null",
                        "{}",
                        "[]",
                        "[1]",
                        "[null]",
                        "[\"\"]",
                        "[\"order-confirmed\"]",
                        "[\"A\\u0000\"]",
                        "\"A\"")
                .map(types -> "{\"url\":\"https://erp.example/\",\"events\":" + types + "}");
        return Stream.concat(urls, events).map(body -> arguments("POST /api/v1/webhooks", body, 400));
    }

    private static Stream<Arguments> particular() {
        return Stream.of(
                arguments("POST /api/v1/orders", order("\"quantity\":1000000000"), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":-1"), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":1e400"), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":\"1\""), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":[1]"), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":1,\"unitPrice\":0"), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":1,\"#unitPrice\":0"), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":1").replace(PRODUCT.toString(), "1"), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":1").replace("pm_card_visa", SQL), 400),
                arguments("POST /api/v1/orders", order("\"quantity\":1").replace("pm_", "4242 4242 4242 4242"), 400),
                arguments("POST /api/v1/products", product("sku", "\"" + SQL + "\""), 400),
                arguments("POST /api/v1/products", product("price", "{\"amount\":-1,\"currency\":\"USD\"}"), 400),
                arguments("POST /api/v1/products", product("price", "{\"amount\":0.5,\"currency\":\"USD\"}"), 400),
                arguments("POST /api/v1/products", product("price", "{\"amount\":1,\"currency\":\"usd\"}"), 400),
                arguments("POST /api/v1/products", product("stock", "9223372036854775808"), 400),
                arguments("POST /api/v1/products", product("attributes", "[]"), 400),
                arguments("POST /api/v1/products", product("attributes", "{\"a\":\"\\u0000\"}"), 400),
                arguments("POST /api/v1/products", product("attributes", "{\"a\":1e999}"), 400),
                arguments("POST /api/v1/products", product("attributes", "{\"a\":\"" + "x".repeat(8192) + "\"}"), 400),
                arguments(
                        "PATCH /api/v1/products/" + PRODUCT,
                        "{\"attributes\":{\"a\":\"" + "x".repeat(8192) + "\"}}",
                        400),
                arguments("PATCH /api/v1/products/" + PRODUCT, "{\"name\":null}", 400),
                arguments("POST /api/v1/users", user("name", "\"a\\u0007\""), 400),
                arguments("POST /api/v1/users", user("email", "\"" + SQL + "\""), 400),
                arguments("POST /api/v1/users", user("password", "\"short\""), 400),
                arguments("POST /api/v1/users", user("role", "\"admin\""), 400),
                arguments("POST /api/v1/users", "{\"name\":\"" + MEGABYTE + "\"}", 413));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "019a2b3c-5a00-7b11-9c22-3d33e44f550",
                "019a2b3c-5a00-7b11-9c22-3d33e44f5501x",
                "019a2b3c-5a00-7b11-9c22-3d33e44f550g",
                "'%20OR%20'1'='1",
                "%00",
                "%0A019a2b3c-5a00-7b11-9c22-3d33e44f5501",
                "019a2b3c-5a00-7b11-9c22-3d33e44f5501%0A",
                "%ED%A0%80",
                "%FF",
                "%F0%9F%92%A3",
                "%2e%2e%2f%2e%2e%2fetc%2fpasswd"
            })
    void noIdGetsThroughThatIsNone(String id) {
        assertRefused(client().get("/api/v1/products/" + id), 400);
        assertRefused(client().get("/api/v1/users/" + id), 400);
        assertRefused(client().get("/api/v1/orders/" + id), 400);
        assertRefused(client().get("/api/v1/orders/" + id + "/timeline"), 400);
        assertRefused(client().get("/api/v1/orders/" + id + "/events"), 400);
        assertRefused(client().get("/api/v1/orders/" + id + "/payments"), 400);
        assertRefused(client().post("/api/v1/orders/" + id + "/cancel", "{}"), 400);
        assertRefused(client().delete("/api/v1/webhooks/" + id), 400);
        assertRefused(client().get("/api/v1/webhooks/" + id + "/deliveries"), 400);
        assertRefused(client().post("/api/v1/webhooks/" + ORDER + "/deliveries/" + id + "/redeliver", "{}"), 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/products?limit=0",
                "/api/v1/products?limit=1;DROP",
                "/api/v1/products?limit=1&limit=2",
                "/api/v1/products?limit=9223372036854775808",
                "/api/v1/products?cursor='",
                "/api/v1/products?sort=price;--",
                "/api/v1/products?q=%00",
                "/api/v1/products?q=%ED%BF%BF",
                "/api/v1/products?q=%C0%80",
                "/api/v1/products?q=%0A",
                "/api/v1/users?cursor=",
                "/api/v1/orders?limit=-1",
                "/api/v1/orders?status=pending",
                "/api/v1/orders?status=",
                "/api/v1/orders?status=PENDING&status=PENDING",
                "/api/v1/orders?userId=1",
                "/api/v1/orders?userId=%00",
                "/api/v1/notifications?limit=101",
                "/api/v1/notifications?cursor='",
                "/api/v1/webhooks?limit=x",
                "/api/v1/webhooks/019a2b3c-6b10-7c21-8d32-4e43f5506601/deliveries?cursor="
            })
    void noQueryGetsThrough(String path) {
        assertRefused(gateway.admin().get(path), 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void noIdempotencyKeyGetsThroughThatIsNone(String key) {
        Reply reply = gateway.customer().with("Idempotency-Key", key).post("/api/v1/orders", GatewayFixture.newOrder());

        assertRefused(reply, 400);
    }

    @Test
    void anIdempotencyKeyIsNotTooLongOrMissing() {
        assertRefused(gateway.customer().post("/api/v1/orders", GatewayFixture.newOrder()), 400);
        assertRefused(
                gateway.customer()
                        .with("Idempotency-Key", "k".repeat(256))
                        .post("/api/v1/orders", GatewayFixture.newOrder()),
                400);
    }

    @Test
    void aMegabyteInChunksIsTooMuch() {
        Reply reply = client().send(
                        "POST",
                        "/api/v1/orders",
                        BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(MEGABYTE.getBytes(StandardCharsets.US_ASCII))));

        assertRefused(reply, 413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json; charset=utf-16",
                "application/jsonp",
                ";"
            })
    void onlyJsonIsRead(String type) {
        Reply reply = gateway.nobody()
                .with("Content-Type", type)
                .send("POST", "/api/v1/auth/token", BodyPublishers.ofString("{\"email\":\"a@b\",\"password\":\"x\"}"));

        assertRefused(reply, 415);
    }

    @Test
    void aCompressedBodyIsNotUnpacked() {
        Reply reply = client().with("Content-Encoding", "gzip")
                .send("POST", "/api/v1/orders", BodyPublishers.ofByteArray(new byte[] {0x1f, (byte) 0x8b, 8, 0}));

        assertRefused(reply, 415);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "application/json; charset=UTF-8", "Application/JSON;charset=\"utf-8\""})
    void whateverTheWayJsonIsNamed(String type) {
        gateway.services().answer(Users.LOG_IN, new Users.Token("a", "r", "Bearer", 1));

        Reply reply = gateway.nobody()
                .with("Content-Type", type)
                .send("POST", "/api/v1/auth/token", BodyPublishers.ofString("{\"email\":\"a@b\",\"password\":\"x\"}"));

        assertThat(reply.status()).isEqualTo(200);
    }

    @Test
    void textOfEveryPlaneArrivesAsItIs() {
        gateway.services().answer(Products.CREATE, GatewayFixture.product());
        String name = SQL + " ünï 日本 𐍈 👩‍👩‍👧‍👦 \u202E \uFFFD \uE000";

        Reply reply =
                client().send("POST", "/api/v1/products", BodyPublishers.ofString(product("name", "\"" + name + "\"")));

        assertThat(reply.status()).isEqualTo(201);
        assertThat(gateway.services().asked(Products.CREATE).name()).isEqualTo(name);
    }

    @Test
    void whatIsWrongIsNamedByItsPlace() {
        Reply reply =
                client().send("POST", "/api/v1/orders", BodyPublishers.ofString(order("\"quantity\":1000000000")));

        assertThat(reply.json().path("errors").toString())
                .isEqualTo("[{\"pointer\":\"/items/0/quantity\",\"detail\":\"must be 1000 at most\"}]");
    }

    private void assertRefused(Reply reply, int status) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).hasValue("application/problem+json");
        assertThat(reply.json().path("status").asInt()).isEqualTo(status);
        assertThat(reply.json().path("instance").asText())
                .isNotEmpty()
                .isEqualTo(reply.header("X-Request-Id").orElseThrow());
        assertThat(reply.body()).doesNotContain("Exception", "java.", "com.networknt", "com.fasterxml", "\\tat ");
        assertThat(gateway.services().asked()).isEmpty();
    }

    private HttpShop client() {
        return gateway.admin()
                .with("Content-Type", "application/json", "Idempotency-Key", "key", "If-Match", "\"7.93\"");
    }

    private static Arguments arguments(String call, String body, int status) {
        String shown = body.length() > 60 ? body.substring(0, 60) + "..." : body;
        String[] parts = call.split(" ");
        return argumentSet(call + " " + shown, parts[0], parts[1], body, status);
    }

    private static String order(String quantity) {
        return GatewayFixture.newOrder().replace("\"quantity\":2", quantity);
    }

    private static String product(String field, String value) {
        return with(
                "{\"sku\":\"A\",\"name\":\"n\",\"price\":{\"amount\":1,\"currency\":\"USD\"},\"stock\":1}",
                field,
                value);
    }

    private static String user(String field, String value) {
        return with("{\"name\":\"Ada\",\"email\":\"a@b\",\"password\":\"12345678\"}", field, value);
    }

    /** The object with one field set to some JSON. */
    private static String with(String object, String field, String json) {
        String without = object.replaceAll("\"" + field + "\":(\"[^\"]*\"|[0-9]+|\\{[^}]*}),?", "");
        return without.substring(0, without.length() - 1).replaceAll(",$", "") + ",\"" + field + "\":" + json + "}";
    }
}
