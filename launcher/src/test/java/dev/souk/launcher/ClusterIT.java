package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopProcess;
import dev.souk.launcher.testing.ShopWalk;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The same jars as a cluster of JVMs that find each other over Hazelcast. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
    private static final Map<String, String> SETTINGS = ShopProcess.settings("cluster");

    private static final Deque<ShopProcess> STARTED = new ArrayDeque<>();

    private static ShopProcess orders;
    private static ShopProcess moreOrders;
    private static ShopWalk walk;

    @BeforeAll
    static void start() {
        up("user", "product", "payment", "notification", "registry").awaitReady();
        orders = up("order");
        moreOrders = up("order");
        ShopProcess gateway = up("api-gateway");
        List.of(orders, moreOrders, gateway).forEach(ShopProcess::awaitReady);
        walk = new ShopWalk(SETTINGS);
        ShopProcess.await("every service to answer through the gateway", ClusterIT::allServicesAnswer);
    }

    /** The last first: the first one owns the database. */
    @AfterAll
    static void stop() {
        STARTED.forEach(ShopProcess::close);
    }

    @Test
    @Order(1)
    void walksFromRegisteringToTheOrder() {
        walk.fromRegisteringToTheOrder();
    }

    @Test
    @Order(2)
    void tellsTheAdminWhatRunsWhere() {
        JsonNode items = walk.client()
                .get("/api/v1/services", ShopClient.bearer(walk.client().admin()))
                .require(200)
                .json()
                .path("items");

        assertThat(items.findValuesAsText("name"))
                .containsExactly(
                        "api-gateway", "notification", "order", "order", "payment", "product", "registry", "user");
        assertThat(items.findValuesAsText("node").stream().distinct()).hasSize(4);
        assertThat(items.findValuesAsText("health")).containsOnly("up");
    }

    @Test
    @Order(2)
    void neverOversells() {
        walk.aThousandOrdersForAHundred();
    }

    @Test
    @Order(3)
    void oneKeyIsOneOrder() {
        walk.twoHundredPostsWithOneKey();
    }

    @Test
    @Order(4)
    void goesOnWithoutAnInstanceThatWasKilled() {
        String token = walk.client().customer();
        String product = walk.client().product(walk.client().admin(), 10);

        orders.kill();

        ShopProcess.await(
                "an order after the kill",
                Duration.ofSeconds(15),
                () -> walk.client()
                                .order(token, "after-the-kill", product, 1)
                                .join()
                                .status()
                        == 201);
        walk.awaitSold(walk.client().admin(), product, 1);
    }

    @Test
    @Order(5)
    void anAbsentServiceIsA503AtOnceAndTheRestGoesOn() {
        String token = walk.client().customer();

        moreOrders.close();

        ShopProcess.await(
                "the order service to be missed",
                () -> walk.client()
                                .get("/api/v1/orders", ShopClient.bearer(token))
                                .status()
                        == 503);
        assertThat(walk.client().get("/api/v1/orders", ShopClient.bearer(token)).problem())
                .isEqualTo("service-unavailable");
        walk.client().get("/api/v1/products", Map.of()).require(200);
    }

    private static ShopProcess up(String... services) {
        String[] arguments = Stream.concat(Stream.of("up"), Stream.of(services)).toArray(String[]::new);
        ShopProcess process = ShopProcess.souk(SETTINGS, arguments);
        STARTED.push(process);
        return process;
    }

    /** Discovery tells a new gateway about the others as they announce themselves. */
    private static boolean allServicesAnswer() {
        return walk.client()
                .get("/ready", Map.of())
                .json()
                .path("services")
                .toString()
                .equals(ShopWalk.ALL_UP);
    }
}
