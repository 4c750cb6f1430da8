package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.MINT;
import static dev.souk.gateway.GatewayFixture.ORDER;
import static dev.souk.gateway.GatewayFixture.PRODUCT;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.OrderView;
import dev.souk.contracts.Orders.Part;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.token.TokenMint;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class GatewayVerticleIT {
    private final Vertx vertx = Vertx.vertx();
    private GatewayFixture gateway;
    private StubServices services;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start(vertx, Map.of("SOUK_CORS_ORIGINS", "https://shop.example"));
        services = gateway.services();
    }

    @BeforeEach
    void reset() {
        services.reset();
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @Test
    void registers() {
        services.answer(Users.REGISTER, GatewayFixture.user());

        Reply reply = gateway.nobody()
                .post("/api/v1/users", "{\"name\":\"Ada\",\"email\":\"ada@example.com\",\"password\":\"12345678\"}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).hasValue("/api/v1/users/" + USER);
        assertThat(reply.json().path("role").asText()).isEqualTo("customer");
        assertThat(reply.json().path("createdAt").asText()).isEqualTo("2026-01-15T09:30:00Z");
        assertThat(services.asked(Users.REGISTER)).isEqualTo(new Users.Register("Ada", "ada@example.com", "12345678"));
        assertThat(services.context(Users.REGISTER).caller()).isEmpty();
    }

    @Test
    void logsIn() {
        services.answer(Users.LOG_IN, new Users.Token("a.b.c", "opaque", "Bearer", 900));

        Reply reply = gateway.nobody().post("/api/v1/auth/token", "{\"email\":\"ada@example.com\",\"password\":\"x\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Cache-Control")).hasValue("no-store");
        assertThat(reply.json().path("accessToken").asText()).isEqualTo("a.b.c");
        assertThat(reply.json().path("refreshToken").asText()).isEqualTo("opaque");
    }

    @Test
    void refreshes() {
        services.answer(Users.REFRESH, new Users.Token("d.e.f", "next", "Bearer", 900));

        Reply reply = gateway.nobody().post("/api/v1/auth/refresh", "{\"refreshToken\":\"opaque\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("Cache-Control")).hasValue("no-store");
        assertThat(reply.json().path("accessToken").asText()).isEqualTo("d.e.f");
        assertThat(reply.json().path("refreshToken").asText()).isEqualTo("next");
        assertThat(services.asked(Users.REFRESH)).isEqualTo(new Users.Refresh("opaque"));
    }

    @Test
    void aRefreshTokenThatIsOverIsA401WithAChallenge() {
        services.refuse(Users.REFRESH, Fault.of(Fault.Code.UNAUTHENTICATED, "The refresh token is not valid."));

        Reply reply = gateway.nobody().post("/api/v1/auth/refresh", "{\"refreshToken\":\"opaque\"}");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.slug()).isEqualTo("unauthenticated");
        assertThat(reply.header("WWW-Authenticate")).hasValue("Bearer realm=\"souk\"");
        assertThat(reply.json().path("detail").asText()).isEqualTo("The refresh token is not valid.");
    }

    @Test
    void logsOut() {
        Reply reply = gateway.nobody().post("/api/v1/auth/logout", "{\"refreshToken\":\"opaque\"}");

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(services.asked(Users.LOG_OUT)).isEqualTo(new Users.LogOut("opaque"));
    }

    @Test
    void changesTheCallersAccount() {
        services.answer(Users.CHANGE, GatewayFixture.user());

        Reply reply = gateway.customer()
                .patch("/api/v1/users/me", "{\"email\":\"ada@example.com\",\"currentPassword\":\"12345678\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("email").asText()).isEqualTo("ada@example.com");
        assertThat(services.asked(Users.CHANGE)).isEqualTo(new Users.Change(null, "ada@example.com", "12345678", null));
        assertThat(services.context(Users.CHANGE).caller()).hasValue(new Caller(USER, Caller.Role.CUSTOMER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"name\":null}",
                "{\"role\":\"admin\"}",
                "{\"id\":\"019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071\",\"name\":\"Ada\"}",
                "{\"newPassword\":\"short\"}"
            })
    void refusesAChangeThatTheContractDoesNotKnow(String body) {
        Reply reply = gateway.customer().patch("/api/v1/users/me", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.slug()).isEqualTo("invalid-request");
        assertThat(services.asked()).isEmpty();
    }

    @Test
    void aRefreshTokenIsNoAccessToken() {
        Reply reply = gateway.nobody()
                .as("9pXb0cVqT2mWk1sZ8yRj4uHd6aLe3gNfQoCiBtEwUxKrPzMvSnJhDlYOGF7A5I-_")
                .get("/api/v1/users/me");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.slug()).isEqualTo("unauthenticated");
        assertThat(services.asked()).isEmpty();
    }

    @Test
    void aWrongPasswordIsA401WithAChallenge() {
        services.refuse(Users.LOG_IN, Fault.of(Fault.Code.INVALID_CREDENTIALS, "No account has these."));

        Reply reply = gateway.nobody().post("/api/v1/auth/token", "{\"email\":\"a@b\",\"password\":\"x\"}");

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.slug()).isEqualTo("invalid-credentials");
        assertThat(reply.header("WWW-Authenticate")).hasValue("Bearer realm=\"souk\"");
    }

    @Test
    void handsOnWhoAsksAndForHowLong() {
        services.answer(Users.GET, GatewayFixture.user());

        Reply reply = gateway.customer()
                .with("X-Request-Id", "mine-1", "X-User-Id", UUID.randomUUID().toString(), "X-User-Role", "admin")
                .get("/api/v1/users/me");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("X-Request-Id")).hasValue("mine-1");
        assertThat(services.asked(Users.GET).userId()).isEqualTo(USER);
        assertThat(services.context(Users.GET).requestId()).isEqualTo("mine-1");
        assertThat(services.context(Users.GET).caller()).hasValue(new Caller(USER, Caller.Role.CUSTOMER));
        assertThat(services.context(Users.GET).deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "ö", "<script>", "a/b"})
    void makesAnIdForARequestWithoutAWellFormedOne(String sent) {
        String id = gateway.nobody()
                .with("X-Request-Id", sent)
                .get("/health")
                .header("X-Request-Id")
                .orElseThrow();

        assertThat(UUID.fromString(id).version()).isEqualTo(7);
    }

    @Test
    void publishesTheKeys() {
        Reply reply = gateway.nobody().get("/.well-known/jwks.json");

        assertThat(reply.header("Cache-Control")).hasValue("public, max-age=300");
        assertThat(reply.json().at("/keys/0/kid").asText()).isEqualTo("key-1");
    }

    @Test
    void listsUsersForAdminsOnly() {
        services.answer(Users.LIST, new Users.UserPage(List.of(GatewayFixture.user()), null));

        Reply forAdmin = gateway.admin().get("/api/v1/users?q=a%26b&limit=5&cursor=abc");
        Reply forCustomer = gateway.customer().get("/api/v1/users");

        assertThat(services.asked(Users.LIST)).isEqualTo(new Users.Find("a&b", 5, "abc"));
        assertThat(forAdmin.json().get("nextCursor").isNull()).isTrue();
        assertThat(forCustomer.status()).isEqualTo(403);
        assertThat(forCustomer.slug()).isEqualTo("forbidden");
    }

    @ParameterizedTest
    @CsvSource({"name,NAME", "price,PRICE", "-price,PRICE_DESCENDING", "newest,NEWEST"})
    void listsProducts(String sort, Products.Sort asked) {
        services.answer(Products.LIST, new Products.ProductPage(List.of(GatewayFixture.product()), "next"));

        Reply reply = gateway.nobody().get("/api/v1/products?sort=" + sort);

        assertThat(reply.json().at("/items/0/attributes/colour").asText()).isEqualTo("gold");
        assertThat(reply.json().path("nextCursor").asText()).isEqualTo("next");
        assertThat(services.asked(Products.LIST)).isEqualTo(new Products.Find(null, asked, 20, null));
    }

    @Test
    void aProductHasATagThatSavesItsTransfer() {
        services.answer(Products.GET, GatewayFixture.product());

        Reply first = gateway.nobody().get("/api/v1/products/" + PRODUCT);
        Reply same = gateway.nobody().with("If-None-Match", "\"7.93\"").get("/api/v1/products/" + PRODUCT);
        Reply sold = gateway.nobody().with("If-None-Match", "\"7.94\"").get("/api/v1/products/" + PRODUCT);

        assertThat(first.header("ETag")).hasValue("\"7.93\"");
        assertThat(first.header("Cache-Control")).hasValue("no-cache");
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.header("ETag")).hasValue("\"7.93\"");
        assertThat(sold.status()).isEqualTo(200);
    }

    @Test
    void addsAProduct() {
        services.answer(Products.CREATE, GatewayFixture.product());

        Reply reply = gateway.admin()
                .post(
                        "/api/v1/products",
                        "{\"sku\":\"A\",\"name\":\"n\",\"attributes\":{\"a\":[1,2.5,null,{\"b\":true}]},"
                                + "\"price\":{\"amount\":1,\"currency\":\"USD\"},\"stock\":9}");

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).hasValue("/api/v1/products/" + PRODUCT);
        assertThat(reply.header("ETag")).hasValue("\"7.93\"");
        Products.Create create = services.asked(Products.CREATE);
        assertThat(create.price()).isEqualTo(new Money(1, "USD"));
        assertThat(create.attributes().get("a").toString()).isEqualTo("[1, 2.5, null, {b=true}]");
    }

    @Test
    void changesAProductByItsVersion() {
        services.answer(Products.CHANGE, GatewayFixture.product());

        Reply reply = gateway.admin()
                .with("If-Match", "\"6.1000\"")
                .patch("/api/v1/products/" + PRODUCT, "{\"name\":\"Other\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).hasValue("\"7.93\"");
        assertThat(services.asked(Products.CHANGE))
                .isEqualTo(new Products.Change(PRODUCT, 6, "Other", null, null, null));
    }

    @Test
    void aChangeNeedsTheVersionItStandsOn() {
        String path = "/api/v1/products/" + PRODUCT;

        assertThat(gateway.admin().patch(path, "{\"name\":\"x\"}").status()).isEqualTo(428);
        assertThat(gateway.admin()
                        .with("If-Match", "*")
                        .patch(path, "{\"name\":\"x\"}")
                        .status())
                .isEqualTo(412);
        assertThat(services.asked(Products.CHANGE)).isNull();
    }

    @Test
    void archivesAProduct() {
        Reply reply = gateway.admin().delete("/api/v1/products/" + PRODUCT);

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.body()).isEmpty();
        assertThat(services.asked(Products.ARCHIVE).productId()).isEqualTo(PRODUCT);
    }

    @Test
    void readsAndAdjustsStock() {
        services.answer(Products.GET_STOCK, new Products.StockLevel(1, 2, 3));
        services.refuse(Products.ADJUST_STOCK, Fault.of(Fault.Code.STOCK_NEGATIVE, "Less is available."));
        String path = "/api/v1/products/" + PRODUCT + "/stock";

        Reply read = gateway.admin().get(path);
        Reply adjusted = gateway.admin().with("Idempotency-Key", "k").post(path, "{\"delta\":-5}");

        assertThat(read.body()).isEqualTo("{\"available\":1,\"reserved\":2,\"sold\":3}");
        assertThat(adjusted.status()).isEqualTo(409);
        assertThat(adjusted.slug()).isEqualTo("stock-negative");
        assertThat(services.asked(Products.ADJUST_STOCK)).isEqualTo(new Products.AdjustStock(PRODUCT, "k", -5, null));
    }

    @Test
    void placesAnOrder() {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.CONFIRMED, null), "first", false));

        Reply reply = place();

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).hasValue("/api/v1/orders/" + ORDER);
        assertThat(reply.header("Idempotency-Replayed")).isEmpty();
        assertThat(reply.json().get("reason").isNull()).isTrue();
        assertThat(services.asked(Orders.PLACE))
                .isEqualTo(new Orders.Place("key", List.of(new Products.Quantity(PRODUCT, 2)), "pm_card_visa", false));
        assertThat(services.context(Orders.PLACE).deadline().remaining())
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
    }

    @Test
    void aPendingOrderIsA202() {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.PENDING, null), "first", false));

        Reply reply = place();

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Location")).hasValue("/api/v1/orders/" + ORDER);
    }

    @Test
    void aReplayedOrderIsTheSameToTheByte() {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.CONFIRMED, null), "first", false));
        Reply first = place();
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.CONFIRMED, null), "first", true));

        Reply replayed = place();

        assertThat(replayed.status()).isEqualTo(201);
        assertThat(replayed.header("Idempotency-Replayed")).hasValue("true");
        assertThat(replayed.body()).isEqualTo(first.body());
    }

    @Test
    void aShortageIsA409ThatIsReplayedToTheByte() {
        Orders.Order rejected = GatewayFixture.order(Status.REJECTED, Reason.OUT_OF_STOCK);
        services.answer(Orders.PLACE, new Placement(rejected, "first", false));
        Reply first = place();
        services.answer(Orders.PLACE, new Placement(rejected, "first", true));

        Reply replayed = place();

        assertThat(first.status()).isEqualTo(409);
        assertThat(first.slug()).isEqualTo("out-of-stock");
        assertThat(first.json().path("orderId").asText()).isEqualTo(ORDER.toString());
        assertThat(first.json().path("instance").asText()).isEqualTo("first");
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(replayed.status()).isEqualTo(409);
        assertThat(replayed.header("Idempotency-Replayed")).hasValue("true");
        assertThat(replayed.body()).isEqualTo(first.body());
    }

    @Test
    void aRequestInProgressSaysWhenToAskAgain() {
        services.refuse(Orders.PLACE, Fault.of(Fault.Code.REQUEST_IN_PROGRESS, "The first one is still running."));

        Reply reply = place();

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("request-in-progress");
        assertThat(reply.header("Retry-After")).get().asString().matches("[1-3]");
    }

    @Test
    void anOrderAlone() {
        services.answer(Orders.GET, view(null, List.of(), Set.of()));

        JsonNode order = gateway.customer().get("/api/v1/orders/" + ORDER).json();

        assertThat(services.asked(Orders.GET).expand()).isEmpty();
        assertThat(order.has("user")).isFalse();
        assertThat(order.has("degraded")).isFalse();
        assertThat(order.at("/items/0").has("product")).isFalse();
    }

    @Test
    void anOrderWithEverythingAskedFor() {
        services.answer(Orders.GET, view(GatewayFixture.user(), List.of(GatewayFixture.product()), Set.of()));

        JsonNode order = gateway.customer()
                .get("/api/v1/orders/" + ORDER + "?expand=products,user")
                .json();

        assertThat(services.asked(Orders.GET).expand()).containsExactlyInAnyOrder(Part.USER, Part.PRODUCTS);
        assertThat(order.at("/user/name").asText()).isEqualTo("Ada");
        assertThat(order.at("/items/0/product/available").asInt()).isEqualTo(93);
        assertThat(order.get("degraded")).isEmpty();
    }

    @Test
    void anOrderWithAPartThatCouldNotBeHad() {
        services.answer(Orders.GET, view(null, List.of(), Set.of(Part.PRODUCTS, Part.USER)));

        JsonNode order = gateway.customer()
                .get("/api/v1/orders/" + ORDER + "?expand=user,products")
                .json();

        assertThat(order.get("user").isNull()).isTrue();
        assertThat(order.at("/items/0").get("product").isNull()).isTrue();
        assertThat(order.get("degraded").toString()).isEqualTo("[\"products\",\"user\"]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "everything", "user,", "user,user", "USER"})
    void refusesToExpandWhatThereIsNot(String expand) {
        assertThat(gateway.customer()
                        .get("/api/v1/orders/" + ORDER + "?expand=" + expand)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anAbsentServiceIsA503AtOnce() {
        services.stop("order");

        Reply reply = gateway.customer().get("/api/v1/orders");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("service-unavailable");
        assertThat(reply.header("Retry-After")).get().asString().matches("[1-3]");
        assertThat(reply.header("Content-Type")).hasValue("application/problem+json");
        assertThat(reply.json().path("instance").asText())
                .isEqualTo(reply.header("X-Request-Id").orElseThrow());
    }

    @Test
    void anOverloadedServiceIsA503() {
        services.refuse(Users.LOG_IN, Fault.of(Fault.Code.OVERLOADED, "Too many log-ins."));

        Reply reply = gateway.nobody().post("/api/v1/auth/token", "{\"email\":\"a@b\",\"password\":\"x\"}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.slug()).isEqualTo("overloaded");
        assertThat(reply.header("Retry-After")).get().asString().matches("[1-3]");
    }

    @Test
    void aBugInAServiceIsA500WithoutItsWords() {
        Reply reply = gateway.customer().get("/api/v1/orders");

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.slug()).isEqualTo("internal-error");
        assertThat(reply.body()).doesNotContain("secret").doesNotContain("Exception");
    }

    @Test
    void aServicesViolationsAreTold() {
        services.refuse(Orders.PLACE, Fault.invalid("/items/1/productId", "is in the order twice"));

        Reply reply = place();

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("errors").toString())
                .isEqualTo("[{\"pointer\":\"/items/1/productId\",\"detail\":\"is in the order twice\"}]");
    }

    @Test
    void whoIsNotKnownGetsA401() {
        Reply withoutToken = gateway.nobody().get("/api/v1/orders");
        Reply forged =
                gateway.nobody().as(new TokenMint("key-1").token(USER, "admin")).get("/api/v1/orders");
        Reply basic = gateway.nobody().with("Authorization", "Basic YTpi").get("/api/v1/orders");

        assertThat(withoutToken.status()).isEqualTo(401);
        assertThat(withoutToken.header("WWW-Authenticate")).hasValue("Bearer realm=\"souk\"");
        assertThat(forged.status()).isEqualTo(401);
        assertThat(forged.header("WWW-Authenticate").orElseThrow()).contains("invalid_token");
        assertThat(basic.status()).isEqualTo(401);
        assertThat(services.asked(Orders.LIST)).isNull();
    }

    @Test
    void twoTokensAreNone() {
        String[] doubled = {"Authorization", "Bearer " + MINT.token(USER, "admin")};

        assertThat(gateway.customer().with(doubled).get("/api/v1/orders").status())
                .isEqualTo(401);
    }

    @Test
    void anUnknownPathIsA404() {
        Reply reply = gateway.nobody().get("/api/v1/nothing");

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.slug()).isEqualTo("not-found");
        assertThat(reply.header("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(reply.header("Content-Security-Policy").orElseThrow()).startsWith("default-src 'none'");
        assertThat(reply.header("Referrer-Policy")).hasValue("no-referrer");
        assertThat(reply.header("Cache-Control")).hasValue("no-store");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT    | /api/v1/products                                           | GET, HEAD, POST",
                "DELETE | /api/v1/users/me                                           | GET, HEAD, PATCH",
                "POST   | /api/v1/products/019a2b3c-5a00-7b11-9c22-3d33e44f5501      | DELETE, GET, HEAD, PATCH",
                "GET    | /api/v1/auth/token                                         | POST",
                "OPTIONS| /api/v1/orders                                             | GET, HEAD, POST",
                "TRACE  | /health                                                    | GET, HEAD"
            })
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
        Reply reply = gateway.nobody().send(method, path, BodyPublishers.noBody());

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.slug()).isEqualTo("method-not-allowed");
        assertThat(reply.header("Allow")).hasValue(allowed);
    }

    @Test
    void headIsGetWithoutTheBody() {
        services.answer(Products.GET, GatewayFixture.product());

        Reply reply = gateway.nobody().send("HEAD", "/api/v1/products/" + PRODUCT, BodyPublishers.noBody());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("ETag")).hasValue("\"7.93\"");
        assertThat(reply.body()).isEmpty();
    }

    @Test
    void whatIsNotAcceptedIsA406() {
        Reply reply = gateway.nobody().with("Accept", "image/png").get("/api/v1/products");

        assertThat(reply.status()).isEqualTo(406);
        assertThat(reply.slug()).isEqualTo("not-acceptable");
        assertThat(gateway.nobody()
                        .with("Accept", "text/html, */*;q=0.1")
                        .get("/health")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void pagesOfAConfiguredOriginMayCall() {
        Reply preflight = gateway.nobody()
                .with("Origin", "https://shop.example", "Access-Control-Request-Method", "POST")
                .send("OPTIONS", "/api/v1/orders", BodyPublishers.noBody());
        Reply called = gateway.nobody().with("Origin", "https://shop.example").get("/health");

        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).hasValue("https://shop.example");
        assertThat(preflight.header("Access-Control-Allow-Headers").orElseThrow())
                .contains("Idempotency-Key");
        assertThat(called.header("Access-Control-Allow-Origin")).hasValue("https://shop.example");
        assertThat(called.header("Vary")).hasValue("Origin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "http://shop.example", "https://shop.example.evil.example", "null"})
    void pagesOfOtherOriginsGetNoLeave(String origin) {
        Reply preflight = gateway.nobody()
                .with("Origin", origin, "Access-Control-Request-Method", "POST")
                .send("OPTIONS", "/api/v1/orders", BodyPublishers.noBody());
        Reply called = gateway.nobody().with("Origin", origin).get("/health");

        assertThat(preflight.status()).isEqualTo(405);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(called.status()).isEqualTo(200);
        assertThat(called.header("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void servesTheContract() {
        Reply yaml = gateway.nobody().get("/openapi.yaml");
        Reply json = gateway.nobody().get("/openapi.json");

        assertThat(yaml.header("Content-Type")).hasValue("application/yaml");
        assertThat(yaml.body()).startsWith("openapi: 3.1.0").contains("application/problem+json");
        assertThat(json.json().at("/paths/~1api~1v1~1orders/post/operationId").asText())
                .isEqualTo("placeOrder");
    }

    @ParameterizedTest
    @CsvSource({
        "/docs,                        text/html; charset=utf-8",
        "/docs/swagger-initializer.js, text/javascript; charset=utf-8",
        "/docs/swagger-ui.css,         text/css; charset=utf-8",
        "/docs/swagger-ui-bundle.js,   text/javascript; charset=utf-8",
        "/docs/favicon-32x32.png,      image/png"
    })
    void servesThePageToBrowseIt(String path, String type) {
        Reply first = gateway.nobody().get(path);
        Reply again = gateway.nobody().get(path);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.header("Content-Type")).hasValue(type);
        assertThat(first.header("Content-Security-Policy").orElseThrow()).contains("script-src 'self';");
        assertThat(first.body()).isNotEmpty().isEqualTo(again.body());
    }

    @Test
    void servesNoOtherFile() {
        assertThat(gateway.nobody().get("/docs/swagger-ui.js").status()).isEqualTo(404);
        assertThat(gateway.nobody().get("/docs/..%2fopenapi.yaml").status()).isEqualTo(400);
    }

    @Test
    void explainsProblems() {
        Reply html = gateway.nobody().with("Accept", "text/html").get("/problems/out-of-stock");
        Reply text = gateway.nobody().with("Accept", "text/plain").get("/problems/out-of-stock");
        Reply either = gateway.nobody().get("/problems/out-of-stock");
        Reply unknown = gateway.nobody().get("/problems/none-such");

        assertThat(html.body()).contains("<h1>Out of stock</h1>");
        assertThat(text.header("Content-Type")).hasValue("text/plain; charset=utf-8");
        assertThat(text.body()).startsWith("Out of stock (409)");
        assertThat(either.header("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(unknown.status()).isEqualTo(404);
    }

    private Reply place() {
        return gateway.customer().with("Idempotency-Key", "key").post("/api/v1/orders", GatewayFixture.newOrder());
    }

    private static OrderView view(Users.User user, List<Products.Product> products, Set<Part> degraded) {
        return new OrderView(GatewayFixture.order(Status.CONFIRMED, null), user, products, degraded);
    }
}
