package dev.souk.gateway;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.gateway.token.TokenMint;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The gateway on a free port, before services that the test answers for. */
final class GatewayFixture {
    static final UUID USER = UUID.fromString("019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071");
    static final UUID PRODUCT = UUID.fromString("019a2b3c-5a00-7b11-9c22-3d33e44f5501");
    static final UUID ORDER = UUID.fromString("019a2b3c-6b10-7c21-8d32-4e43f5506601");
    static final TokenMint MINT = new TokenMint("key-1");
    static final String CUSTOMER = MINT.token(USER, "customer");
    static final String ADMIN = MINT.token(USER, "admin");
    private static final Instant TIME = Instant.parse("2026-01-15T09:30:00Z");

    private final ServiceFixture node;
    private final StubServices services;
    private final GatewayVerticle gateway;
    private final String deployment;

    private GatewayFixture(ServiceFixture node, StubServices services, GatewayVerticle gateway, String deployment) {
        this.node = node;
        this.services = services;
        this.gateway = gateway;
        this.deployment = deployment;
    }

    /** Starts it behind its services and waits until it is ready. */
    static GatewayFixture start(Vertx vertx, Map<String, String> variables) {
        return start(vertx, variables, true);
    }

    /** Starts it alone. */
    static GatewayFixture startWithoutServices(Vertx vertx, Map<String, String> variables) {
        return start(vertx, variables, false);
    }

    private static GatewayFixture start(Vertx vertx, Map<String, String> variables, boolean withServices) {
        Map<String, String> all = new HashMap<>(variables);
        all.putIfAbsent("SOUK_HTTP_PORT", "0");
        all.putIfAbsent("SOUK_RATE_LIMIT", "off");
        ServiceFixture node = ServiceFixture.deploy(vertx, all);
        ServiceContext context = node.context();
        StubServices services = new StubServices(context, MINT);
        if (withServices) {
            services.reset();
        }
        GatewayVerticle gateway = new GatewayVerticle(context);
        String deployment = ServiceFixture.await(vertx.deployVerticle(gateway));
        GatewayFixture fixture = new GatewayFixture(node, services, gateway, deployment);
        if (withServices) {
            fixture.awaitReady();
        }
        return fixture;
    }

    void awaitReady() {
        Deadline limit = Deadline.in(Duration.ofSeconds(10));
        while (nobody().get("/ready").status() != 200) {
            if (limit.hasPassed()) {
                throw new AssertionError("not ready in time");
            }
        }
    }

    StubServices services() {
        return services;
    }

    ServiceContext context() {
        return node.context();
    }

    /** What the gateway told the operator. */
    List<String> announcements() {
        return node.announcements();
    }

    String deployment() {
        return deployment;
    }

    int port() {
        return gateway.port();
    }

    /** For a gateway that was given one. */
    int grpcPort() {
        return gateway.grpcPort().orElseThrow();
    }

    HttpShop nobody() {
        return HttpShop.on(port());
    }

    HttpShop customer() {
        return nobody().as(CUSTOMER);
    }

    HttpShop admin() {
        return nobody().as(ADMIN);
    }

    static Users.User user() {
        return new Users.User(USER, "Ada", "ada@example.com", Role.CUSTOMER, TIME);
    }

    static Products.Product product() {
        return new Products.Product(
                PRODUCT, "LAMP-01", "Lamp", "", Map.of("colour", "gold"), usd(120_000), 93, 7, TIME, TIME);
    }

    static Orders.Order order(Orders.Status status, Orders.Reason reason) {
        Orders.Line line = new Orders.Line(PRODUCT, "LAMP-01", "Lamp", 2, usd(120_000), usd(240_000));
        return new Orders.Order(ORDER, USER, status, reason, List.of(line), usd(240_000), TIME, TIME);
    }

    static String newOrder() {
        return "{\"items\":[{\"productId\":\"" + PRODUCT + "\",\"quantity\":2}],\"paymentMethod\":\"pm_card_visa\"}";
    }

    private static Money usd(long amount) {
        return new Money(amount, "USD");
    }
}
