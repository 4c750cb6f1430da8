package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.MINT;
import static dev.souk.gateway.GatewayFixture.PRODUCT;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.contract.AnswerSchemas;
import dev.souk.kit.discovery.Instance;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much one client may ask. */
@ExtendWith(VertxExtension.class)
class LimitsIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PRODUCT_PATH = "/api/v1/products/" + PRODUCT;
    private static final String LOG_IN = "/api/v1/auth/token";

    @Test
    void anAnswerTellsWhatIsLeft(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());

        Reply reply = gateway.nobody().get(PRODUCT_PATH);
        Reply orders = gateway.customer().get("/api/v1/orders");

        assertThat(reply.header("RateLimit-Policy")).hasValue("\"default\";q=400;w=2");
        assertThat(reply.header("RateLimit").orElseThrow()).matches("\"default\";r=39[0-9];t=1");
        assertThat(orders.header("RateLimit-Policy")).hasValue("\"default\";q=200;w=2");
        assertThat(orders.header("RateLimit")).hasValue("\"default\";r=199;t=1");
    }

    @Test
    void aUserWhoAsksTooMuchIsToldWhenToComeBack(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_RATE_LIMIT_USER", "1"));
        HttpShop customer = gateway.customer();

        Reply refused = untilRefused(customer, "/api/v1/orders");
        Reply another =
                gateway.nobody().as(MINT.token(UUID.randomUUID(), "customer")).get("/api/v1/orders");

        assertRefused("listOrders", refused);
        assertThat(another.status()).isEqualTo(200);
        Await.until("let in again", LIMIT, () -> customer.get("/api/v1/orders").status() == 200);
    }

    @Test
    void anAddressThatAsksTooMuchIsRefusedBeforeItsTokenIsLookedAt(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_RATE_LIMIT_ADDRESS", "1"));
        HttpShop nobody = gateway.nobody().as("no token at all");

        Reply refused = untilRefused(nobody, "/api/v1/orders");

        assertRefused("listOrders", refused);
        assertThat(gateway.services().asked(Orders.LIST)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/ready"})
    void whoeverWatchesIsNeverLimited(String path, Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_RATE_LIMIT_ADDRESS", "1"));
        HttpShop watcher = gateway.nobody();
        untilRefused(watcher, PRODUCT_PATH);

        for (int i = 0; i < 20; i++) {
            assertThat(watcher.get(path).status()).isEqualTo(200);
        }
    }

    @Test
    void nobodyBecomesSomeoneElseByAHeader(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_RATE_LIMIT_REGISTRATIONS", "1"));
        register(gateway.nobody());
        HttpShop pretender = gateway.nobody()
                .with(
                        "X-Forwarded-For", "198.51.100.1",
                        "Forwarded", "for=198.51.100.1",
                        "X-Real-IP", "198.51.100.1",
                        "X-User-Id", USER.toString(),
                        "X-User-Role", "admin");

        assertRefused("registerUser", register(pretender));
        assertThat(pretender.get("/api/v1/orders").status()).isEqualTo(401);
        assertThat(pretender.as(GatewayFixture.CUSTOMER).get("/api/v1/users").status())
                .isEqualTo(403);
    }

    @Test
    void aTrustedProxySaysForWhomItAsks(Vertx vertx) {
        GatewayFixture gateway = start(
                vertx, Map.of("SOUK_RATE_LIMIT_REGISTRATIONS", "1", "SOUK_TRUSTED_PROXIES", "127.0.0.0/8,10.0.0.0/8"));
        HttpShop proxy = gateway.nobody();

        assertThat(register(proxy.with("X-Forwarded-For", "198.51.100.1")).status())
                .isEqualTo(201);
        assertThat(register(proxy.with("X-Forwarded-For", "203.0.113.9, 198.51.100.1, 10.1.1.1"))
                        .status())
                .isEqualTo(429);
        assertThat(register(proxy.with("X-Forwarded-For", "198.51.100.2")).status())
                .isEqualTo(201);
        assertThat(register(proxy.with("X-Forwarded-For", "2001:db8::1")).status())
                .isEqualTo(201);
        assertThat(register(proxy.with("X-Forwarded-For", "2001:db8::2:2")).status())
                .isEqualTo(429);
    }

    @Test
    void guessingIsSlowedDownAlikeForAccountsThatExistAndThatDoNot(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_RATE_LIMIT_FAILED_LOGINS", "2"));
        gateway.services().refuse(Users.LOG_IN, Fault.of(Fault.Code.INVALID_CREDENTIALS, "no"));

        List<Reply> known = guesses(gateway, "ada@example.com");
        List<Reply> unknown = guesses(gateway, "nobody@example.com");

        assertThat(known).extracting(Reply::status).containsExactly(401, 401, 429);
        assertThat(unknown).extracting(Reply::status).containsExactly(401, 401, 429);
        assertThat(withoutInstance(known.getLast())).isEqualTo(withoutInstance(unknown.getLast()));
        assertRefused("createToken", known.getLast());
    }

    @Test
    void gatewaysShareALimit(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        Instance second = new Instance("second", "api-gateway", "another", "0.1.0", Instant.EPOCH);
        ServiceFixture.await(gateway.context().discovery().publish(second));

        assertThat(gateway.nobody().get(PRODUCT_PATH).header("RateLimit-Policy"))
                .hasValue("\"default\";q=200;w=2");
    }

    @Test
    void offIsOffAndSaidOnce(Vertx vertx) {
        GatewayFixture gateway = GatewayFixture.start(
                vertx, Map.of("SOUK_RATE_LIMIT", "off", "SOUK_RATE_LIMIT_ADDRESS", "1", "SOUK_RATE_LIMIT_USER", "1"));
        gateway.services().answer(Products.GET, GatewayFixture.product());

        for (int i = 0; i < 20; i++) {
            Reply reply = gateway.nobody().get(PRODUCT_PATH);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("RateLimit")).isEmpty();
        }
        assertThat(gateway.announcements()).singleElement().asString().contains("SOUK_RATE_LIMIT is off");
    }

    private static GatewayFixture start(Vertx vertx, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("SOUK_RATE_LIMIT", "on");
        GatewayFixture gateway = GatewayFixture.start(vertx, all);
        gateway.services().answer(Products.GET, GatewayFixture.product());
        gateway.services().answer(Orders.LIST, new Orders.OrderPage(List.of(), null));
        gateway.services().answer(Users.REGISTER, GatewayFixture.user());
        return gateway;
    }

    /** A second gives one back, so a slow machine needs more than two. */
    private static Reply untilRefused(HttpShop shop, String path) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - limit < 0) {
            Reply reply = shop.get(path);
            if (reply.status() == 429) {
                return reply;
            }
        }
        throw new AssertionError("never refused");
    }

    private static Reply register(HttpShop shop) {
        return shop.post(
                "/api/v1/users",
                "{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"password\":\"a thousand and one\"}");
    }

    private static List<Reply> guesses(GatewayFixture gateway, String mail) {
        String body = "{\"email\":\"" + mail + "\",\"password\":\"guess\"}";
        HttpShop guesser = gateway.nobody();
        return List.of(guesser.post(LOG_IN, body), guesser.post(LOG_IN, body), guesser.post(LOG_IN, body));
    }

    private static String withoutInstance(Reply reply) {
        return ((ObjectNode) reply.json()).without("instance").toString();
    }

    private static void assertRefused(String operation, Reply reply) {
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.slug()).isEqualTo("too-many-requests");
        assertThat(AnswerSchemas.check(operation, 429, reply.json())).isEmpty();
        assertThat(Integer.parseInt(reply.header("Retry-After").orElseThrow())).isBetween(1, 60);
        assertThat(reply.header("RateLimit-Policy").orElseThrow()).matches("\"[a-z-]+\";q=[0-9]+;w=[0-9]+");
        assertThat(reply.header("RateLimit").orElseThrow()).matches("\"[a-z-]+\";r=0;t=[0-9]+");
    }
}
