package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import dev.souk.launcher.testing.ShopWalk;
import dev.souk.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole shop in one JVM, as {@code ./souk up} starts it. */
class UpIT {
    private static final Map<String, String> SETTINGS = withGrpc(ShopProcess.settings("up"));

    private static ShopProcess shop;
    private static ShopWalk walk;

    @BeforeAll
    static void start() {
        shop = ShopProcess.souk(SETTINGS, "up").awaitReady();
        walk = new ShopWalk(SETTINGS);
    }

    @AfterAll
    static void stop() {
        shop.close();
    }

    @Test
    void saysWhereEverythingIs() {
        assertThat(shop.text())
                .contains(ShopProcess.url(SETTINGS).toString())
                .contains("/docs")
                .contains(ShopProcess.ADMIN_EMAIL)
                .contains(SETTINGS.get("SOUK_DATA_DIR"))
                .doesNotContain("\u001b")
                .doesNotContain(ShopProcess.ADMIN_PASSWORD);
    }

    @Test
    void walksFromRegisteringToTheOrder() {
        walk.fromRegisteringToTheOrder();
    }

    @Test
    void walksTheSameWayByGrpc() {
        try (GrpcWalk byGrpc = new GrpcWalk(Integer.parseInt(SETTINGS.get("SOUK_GRPC_PORT")))) {
            byGrpc.fromRegisteringToTheCancelledOrder();
        }
    }

    @Test
    void neverOversells() {
        walk.aThousandOrdersForAHundred();
    }

    @Test
    void oneKeyIsOneOrder() {
        walk.twoHundredPostsWithOneKey();
    }

    @Test
    void theDemoEndsWithAConfirmedOrder() {
        ShopProcess demo = ShopProcess.souk(SETTINGS, "demo");

        assertThat(demo.exitStatus()).as(demo.text()).isZero();
        assertThat(demo.text()).contains("curl -X POST").contains("is CONFIRMED");
    }

    @Test
    void servesItsContractAndItsPage() {
        ShopClient client = walk.client();

        assertThat(client.get("/openapi.yaml", Map.of()).require(200).body()).startsWith("openapi: 3.1");
        assertThat(client.get("/docs", Map.of()).require(200).body()).contains("swagger");
        assertThat(client.get("/ready", Map.of()).require(200).json().path("services"))
                .hasToString(ShopWalk.ALL_UP);
    }

    @Test
    void aSecondOwnerOfTheFolderIsRefusedAndDoesNoHarm() {
        Map<String, String> second = new HashMap<>(SETTINGS);
        second.put("SOUK_HTTP_PORT", Integer.toString(ShopProcess.freePort()));

        ShopProcess refused = ShopProcess.souk(second, "up");

        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.text()).contains("runs on " + SETTINGS.get("SOUK_DATA_DIR") + " already");
        walk.client().get("/api/v1/products", Map.of()).require(200);
    }

    @Test
    void aTakenPortIsOneClearLine() {
        Map<String, String> other = ShopProcess.settings("taken-port");
        other.put("SOUK_HTTP_PORT", SETTINGS.get("SOUK_HTTP_PORT"));

        ShopProcess refused = ShopProcess.souk(other, "up");

        assertThat(refused.exitStatus()).isEqualTo(1);
        assertThat(refused.text()
                        .lines()
                        .filter(line -> line.startsWith("souk: "))
                        .toList())
                .singleElement()
                .asString()
                .contains("port " + SETTINGS.get("SOUK_HTTP_PORT"))
                .contains("SOUK_HTTP_PORT");
        assertThat(refused.text()).doesNotContain("Exception").doesNotContain("\tat ");
    }

    /** On databases that the operator named, none of which is embedded. */
    @Test
    void anotherShopBesideItIsAnotherShop() {
        Map<String, String> other = ShopProcess.settings("beside");
        Path folder = Path.of(other.get("SOUK_DATA_DIR") + "-databases");
        try (EmbeddedPostgres elsewhere = EmbeddedPostgres.open(folder)) {
            for (String service : List.of("user", "product", "order", "payment", "notification", "registry")) {
                other.put(
                        "SOUK_" + service.toUpperCase(Locale.ROOT) + "_DATABASE_URL",
                        elsewhere.provision(service).url());
            }
            try (ShopProcess beside = ShopProcess.souk(other, "up").awaitReady()) {
                ShopClient client = new ShopClient(ShopProcess.url(other));
                String product = client.product(client.admin(), 1);
                Answer placed =
                        client.order(client.customer(), "a-key", product, 1).join();

                Answer fromTheFirst = walk.client().get("/api/v1/products/" + product, Map.of());

                assertThat(placed.status()).isEqualTo(201);
                assertThat(fromTheFirst.status()).isEqualTo(404);
                assertThat(ShopProcess.databaseFolder(other)).doesNotExist();
                assertThat(beside.isAlive()).isTrue();
            }
        }
    }

    private static Map<String, String> withGrpc(Map<String, String> settings) {
        settings.put("SOUK_GRPC_PORT", Integer.toString(ShopProcess.freePort()));
        return settings;
    }
}
