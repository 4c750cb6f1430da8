package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.registry.RegistryVerticle;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Gateways before the real registry and services in another language. */
final class ExternalShop implements AutoCloseable {
    private static final Map<String, String> QUICK = Map.of(
            "SOUK_EXTERNAL_HEALTH_INTERVAL", "100ms",
            "SOUK_EXTERNAL_BREAKER_FAILURES", "3",
            "SOUK_EXTERNAL_BREAKER_RESET", "500ms");

    private final Vertx vertx;
    private final Map<String, String> settings;
    private final GatewayFixture gateway;
    private final List<PythonService> started = new ArrayList<>();
    private String registry;

    private ExternalShop(Vertx vertx, Map<String, String> settings, GatewayFixture gateway) {
        this.vertx = vertx;
        this.settings = settings;
        this.gateway = gateway;
    }

    /** @param databaseUrl of the registry */
    static ExternalShop start(Vertx vertx, String databaseUrl) {
        Map<String, String> settings = new HashMap<>(QUICK);
        settings.put("SOUK_REGISTRY_DATABASE_URL", databaseUrl);
        ExternalShop shop = new ExternalShop(vertx, settings, GatewayFixture.start(vertx, settings));
        shop.startRegistry();
        return shop;
    }

    void startRegistry() {
        startRegistry(Map.of());
    }

    /** @param own what is set for it alone */
    void startRegistry(Map<String, String> own) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(own);
        ServiceContext context = ServiceFixture.deploy(vertx, all).context();
        registry = ServiceFixture.await(
                vertx.deployVerticle(RegistryVerticle.DEFINITION.verticle().apply(context)));
        Await.until(
                "the gateway knows the registry",
                Duration.ofSeconds(30),
                () -> gateway.admin()
                                .get("/api/v1/services")
                                .json()
                                .path("items")
                                .findValuesAsText("name")
                                .contains("registry")
                        && gateway.customer().get("/api/v1/ext/no-such/").status() == 404);
    }

    void stopRegistry() {
        ServiceFixture.await(vertx.undeploy(registry));
    }

    /** Another gateway of the same shop, with settings of its own. */
    GatewayFixture anotherGateway(Map<String, String> own) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(own);
        GatewayFixture another = GatewayFixture.startWithoutServices(vertx, all);
        another.awaitReady();
        return another;
    }

    GatewayFixture gateway() {
        return gateway;
    }

    HttpShop customer() {
        return gateway.customer();
    }

    HttpShop admin() {
        return gateway.admin();
    }

    PythonService python(String name) {
        PythonService service = PythonService.start(name);
        started.add(service);
        return service;
    }

    /** Registers an instance, further members of the body in JSON, and waits until this gateway finds it well. */
    String register(String name, PythonService instance, String more) {
        Reply reply = admin().post(
                        "/api/v1/services",
                        "{\"name\":\"" + name + "\",\"url\":\"" + instance.url() + "\"" + more + "}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        String id = reply.json().path("id").asText();
        awaitHealth(id, "up");
        return id;
    }

    void awaitHealth(String id, String health) {
        await(gateway, id, "health", health);
    }

    void awaitBreaker(GatewayFixture seenBy, String id, String state) {
        await(seenBy, id, "breaker", state);
    }

    /** An instance as a gateway lists it. */
    static Optional<JsonNode> listed(GatewayFixture seenBy, String id) {
        JsonNode items = seenBy.admin().get("/api/v1/services").json().path("items");
        return StreamSupport.stream(items.spliterator(), false)
                .filter(item -> item.path("id").asText().equals(id))
                .findFirst();
    }

    @Override
    public void close() {
        started.forEach(PythonService::close);
    }

    private static void await(GatewayFixture seenBy, String id, String member, String value) {
        Await.until(
                member + " is " + value,
                Duration.ofSeconds(30),
                () -> listed(seenBy, id)
                        .filter(item -> item.path(member).asText().equals(value))
                        .isPresent());
    }
}
