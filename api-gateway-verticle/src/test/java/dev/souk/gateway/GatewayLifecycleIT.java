package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.contracts.Done;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.OrderPage;
import dev.souk.contracts.Ping;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.discovery.Instance;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
class GatewayLifecycleIT {
    @Test
    void aTakenPortStopsTheStartWithOneLine(Vertx vertx) {
        int taken = GatewayFixture.startWithoutServices(vertx, Map.of()).port();

        assertThatThrownBy(() ->
                        GatewayFixture.startWithoutServices(vertx, Map.of("SOUK_HTTP_PORT", Integer.toString(taken))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_HTTP_PORT")
                .hasMessageContaining(":" + taken)
                .hasMessageContaining("in use")
                .message()
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({
        "SOUK_HTTP_PORT, 65536",
        "SOUK_HTTP_PORT, http",
        "SOUK_GRPC_PORT, 65536",
        "SOUK_CORS_ORIGINS, *",
        "SOUK_CORS_ORIGINS, https://shop.example/",
        "SOUK_CHECKOUT_DEADLINE, 5",
        "SOUK_REQUEST_DEADLINE, -1s",
        "SOUK_EVENT_STREAMS, 0",
        "SOUK_EVENT_HEARTBEAT, 60s",
        "SOUK_RATE_LIMIT, sometimes",
        "SOUK_RATE_LIMIT_USER, 0",
        "SOUK_TRUSTED_PROXIES, proxy.example",
        "SOUK_HTTP_CONNECTIONS, 0",
        "SOUK_HTTP_HEAD_DEADLINE, 0s"
    })
    void aWrongSettingStopsTheStart(String name, String value, Vertx vertx) {
        assertThatThrownBy(() -> GatewayFixture.startWithoutServices(vertx, Map.of(name, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(name);
    }

    @Test
    void isAliveAtOnceAndReadyWithTheKeys(Vertx vertx) {
        GatewayFixture gateway = GatewayFixture.startWithoutServices(vertx, Map.of());
        Reply alive = gateway.nobody().get("/health");
        Reply early = gateway.nobody().get("/ready");
        Reply earlyCall = gateway.customer().get("/api/v1/orders");

        gateway.services().reset();
        gateway.awaitReady();

        assertThat(alive.body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(early.status()).isEqualTo(503);
        assertThat(early.slug()).isEqualTo("service-unavailable");
        assertThat(early.header("Retry-After")).get().asString().matches("[1-3]");
        assertThat(early.json().path("checks").toString())
                .isEqualTo("[{\"name\":\"signing-keys\",\"status\":\"DOWN\"}]");
        assertThat(early.json().path("services").toString())
                .isEqualTo(
                        "{\"user\":\"DOWN\",\"product\":\"DOWN\",\"order\":\"DOWN\",\"payment\":\"DOWN\",\"notification\":\"DOWN\",\"registry\":\"DOWN\"}");
        assertThat(earlyCall.status()).isEqualTo(503);
    }

    @Test
    void isReadyWhileAServiceIsAway(Vertx vertx) {
        GatewayFixture gateway = GatewayFixture.start(vertx, Map.of());
        gateway.services().stop("order");

        JsonNode ready = awaitOrderDown(gateway);

        assertThat(ready.path("status").asText()).isEqualTo("UP");
        assertThat(ready.path("services").toString())
                .isEqualTo(
                        "{\"user\":\"UP\",\"product\":\"UP\",\"order\":\"DOWN\",\"payment\":\"UP\",\"notification\":\"UP\",\"registry\":\"DOWN\"}");
        assertThat(ready.path("checks").findValuesAsText("name")).contains("accepting-work", "http", "signing-keys");
    }

    @Test
    void askingForReadinessDoesNotFloodTheServices(Vertx vertx) {
        GatewayFixture gateway = GatewayFixture.start(vertx, Map.of());
        int before = gateway.services().pings();
        long began = System.nanoTime();

        for (int i = 0; i < 200; i++) {
            gateway.nobody().get("/ready");
        }

        long halfSeconds = Duration.ofNanos(System.nanoTime() - began).toMillis() / 500;
        assertThat(gateway.services().pings() - before).isLessThanOrEqualTo((int) (halfSeconds + 1) * 5);
    }

    @Test
    void isNotReadyWhenItDrains(Vertx vertx) {
        GatewayFixture gateway = GatewayFixture.start(vertx, Map.of());

        gateway.context().readiness().drain();
        Reply ready = gateway.nobody().get("/ready");

        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.json().path("checks").findValuesAsText("name")).containsExactly("accepting-work");
    }

    @Test
    void isFoundByDiscoveryAndAnswersPings(Vertx vertx) {
        GatewayFixture gateway = GatewayFixture.start(vertx, Map.of());

        Future<Done> pong = gateway.context()
                .bus()
                .call(Ping.of("api-gateway"), new Ping(), CallContext.ofService("test", Duration.ofSeconds(1)));

        assertThat(ServiceFixture.await(pong)).isEqualTo(Done.DONE);
        assertThat(gateway.context().discovery().instances("api-gateway"))
                .extracting(Instance::node)
                .containsExactly("test");
    }

    @Test
    void finishesWhatRunsWhenItStops(Vertx vertx) {
        GatewayFixture gateway = GatewayFixture.start(vertx, Map.of());
        Promise<OrderPage> slow = Promise.promise();
        gateway.services().answerLater(Orders.LIST, slow.future());
        CompletableFuture<Reply> running =
                CompletableFuture.supplyAsync(() -> gateway.customer().get("/api/v1/orders"));
        await(() -> gateway.services().asked(Orders.LIST) != null);

        Future<Void> stopped = vertx.undeploy(gateway.deployment());
        await(() -> refusesConnections(gateway));
        slow.complete(new OrderPage(List.of(), null));

        assertThat(running.join().status()).isEqualTo(200);
        ServiceFixture.await(stopped);
        assertThat(gateway.context().discovery().instances("api-gateway")).isEmpty();
    }

    private static JsonNode awaitOrderDown(GatewayFixture gateway) {
        await(() -> gateway.nobody()
                .get("/ready")
                .json()
                .at("/services/order")
                .asText()
                .equals("DOWN"));
        return gateway.nobody().get("/ready").json();
    }

    private static boolean refusesConnections(GatewayFixture gateway) {
        try {
            gateway.nobody().get("/health");
            return false;
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof IOException;
        }
    }

    private static void await(BooleanSupplier condition) {
        Deadline limit = Deadline.in(Duration.ofSeconds(10));
        while (!condition.getAsBoolean()) {
            if (limit.hasPassed()) {
                throw new AssertionError("did not come about in time");
            }
            Thread.onSpinWait();
        }
    }
}
