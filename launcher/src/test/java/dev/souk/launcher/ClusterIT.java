package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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

    private static ShopProcess usersAndProducts;
    private static ShopProcess orders;
    private static ShopProcess moreOrders;
    private static ShopProcess gateway;
    private static ShopWalk walk;

    @BeforeAll
    static void start() {
        Map<String, String> demo = new HashMap<>(SETTINGS);
        usersAndProducts = ShopProcess.souk(demo, "up", "user", "product").awaitReady();
        orders = ShopProcess.souk(SETTINGS, "up", "order").awaitReady();
        moreOrders = ShopProcess.souk(SETTINGS, "up", "order").awaitReady();
        gateway = ShopProcess.souk(SETTINGS, "up", "api-gateway").awaitReady();
        walk = new ShopWalk(SETTINGS);
        GatewayWait.untilAllServicesAnswer(walk.client());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        moreOrders.close();
        orders.close();
        usersAndProducts.close();
    }

    @Test
    @Order(1)
    void walksFromRegisteringToTheOrder() {
        walk.fromRegisteringToTheOrder();
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

    /** Discovery tells a new gateway about the others as they announce themselves. */
    private static final class GatewayWait {
        static void untilAllServicesAnswer(ShopClient client) {
            ShopProcess.await(
                    "every service to answer through the gateway",
                    () -> client.get("/ready", Map.of())
                            .json()
                            .path("services")
                            .toString()
                            .equals("{\"user\":\"UP\",\"product\":\"UP\",\"order\":\"UP\"}"));
        }
    }
}
