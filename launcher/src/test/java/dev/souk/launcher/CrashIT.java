package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import dev.souk.launcher.testing.ShopWalk;
import dev.souk.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Processes killed under load: what was acknowledged is there afterwards. */
class CrashIT {
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    /** Orders one after another, several at a time, until told to stop; remembers what was acknowledged. */
    private static final class Load {
        private final ShopClient client;
        private final String token;
        private final String product;
        private final ConcurrentLinkedQueue<String> confirmed = new ConcurrentLinkedQueue<>();
        private final ConcurrentLinkedQueue<Answer> odd = new ConcurrentLinkedQueue<>();
        private final AtomicInteger unavailable = new AtomicInteger();
        private final AtomicBoolean going = new AtomicBoolean(true);
        private final List<Thread> clients;

        Load(ShopClient client, String token, String product) {
            this.client = client;
            this.token = token;
            this.product = product;
            this.clients = IntStream.range(0, 8)
                    .mapToObj(number -> Thread.ofVirtual().start(this::work))
                    .toList();
        }

        void stop() throws InterruptedException {
            going.set(false);
            for (Thread thread : clients) {
                thread.join();
            }
        }

        private void work() {
            while (going.get()) {
                try {
                    remember(client.order(token, UUID.randomUUID().toString(), product, 1)
                            .join());
                } catch (CompletionException e) {
                    // The gateway itself is gone, or was while it answered: nothing was acknowledged.
                    unavailable.incrementAndGet();
                }
            }
        }

        private void remember(Answer answer) {
            switch (answer.status()) {
                case 201 -> confirmed.add(answer.json().path("id").asText());
                case 202, 503 -> unavailable.incrementAndGet();
                default -> odd.add(answer);
            }
        }
    }

    @Test
    void theShopOutlivesItsDatabase() throws InterruptedException {
        Map<String, String> settings = settings("database-death");
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            ShopClient client = new ShopClient(ShopProcess.url(settings));
            String admin = client.admin();
            String product = client.product(admin, 1_000_000);
            Load load = new Load(client, client.customer(), product);
            ShopProcess.await("some orders", () -> load.confirmed.size() > 50);

            // Who is told that the shop cannot at the moment, and who just waits, is a matter of luck.
            long killed = ShopProcess.postmaster(settings);
            ProcessHandle.of(killed).orElseThrow().destroyForcibly();
            ShopProcess.await("another server", () -> isServedByAnother(settings, killed));
            int before = load.confirmed.size();
            ShopProcess.await("orders again", RECOVERY, () -> load.confirmed.size() > before + 50);
            load.stop();

            assertThat(load.odd).isEmpty();
            assertThat(shop.isAlive()).isTrue();
            assertAllThere(settings, load, product);
        }
    }

    private static boolean isServedByAnother(Map<String, String> settings, long killed) {
        return EmbeddedPostgres.find(ShopProcess.databaseFolder(settings))
                .filter(running -> running.pid() != killed)
                .isPresent();
    }

    @Test
    void aKilledShopComesBackWithEverythingAcknowledged() throws InterruptedException, IOException {
        Map<String, String> settings = settings("kill-9");
        ShopProcess first = ShopProcess.souk(settings, "up").awaitReady();
        ShopClient client = new ShopClient(ShopProcess.url(settings));
        client.post(
                        "/api/v1/services",
                        ShopClient.bearer(client.admin()),
                        "{\"name\": \"ratings\", \"url\": \"http://127.0.0.1:9/v1\"}")
                .require(201);
        String product = client.product(client.admin(), 1_000_000);
        Load load = new Load(client, client.customer(), product);
        ShopProcess.await("some orders", () -> load.confirmed.size() > 50);

        first.kill();
        load.stop();

        try (ShopProcess second = ShopProcess.souk(settings, "up").awaitReady()) {
            assertThat(second.text()).contains("PostgreSQL adopted");
            ShopProcess.await(
                    "the external service that was registered",
                    () -> client.get("/api/v1/services", ShopClient.bearer(client.admin()))
                            .body()
                            .contains("http://127.0.0.1:9/v1"));
            assertThat(load.odd).isEmpty();
            assertAllThere(settings, load, product);
            new ShopWalk(settings).fromRegisteringToTheOrder();
        }
        assertThat(ProcessHandle.of(first.pid())).isEmpty();
    }

    @Test
    @Tag("long")
    void isKilledTenTimesInARowAndLosesNothing() throws InterruptedException {
        Map<String, String> settings = settings("ten-kills");
        ShopClient client = new ShopClient(ShopProcess.url(settings));
        ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady();
        String product = client.product(client.admin(), 1_000_000);
        Load load = new Load(client, client.customer(), product);

        for (int kill = 1; kill <= 10; kill++) {
            int before = load.confirmed.size();
            ShopProcess.await("orders", () -> load.confirmed.size() > before + 20);
            if (kill % 2 == 0) {
                ProcessHandle.of(ShopProcess.postmaster(settings)).orElseThrow().destroyForcibly();
            }
            shop.kill();
            shop = ShopProcess.souk(settings, "up").awaitReady();
        }
        load.stop();

        assertThat(load.odd).isEmpty();
        assertAllThere(settings, load, product);
        shop.close();
    }

    /** With a shorter lease, so that what a dead process held is taken over sooner. */
    private static Map<String, String> settings(String name) {
        Map<String, String> settings = ShopProcess.settings(name);
        settings.put("SOUK_CHECKOUT_LEASE", "5s");
        return settings;
    }

    private static void assertAllThere(Map<String, String> settings, Load load, String product) {
        // Products count what is sold when they hear of it, which a process that died may have left to the next.
        ShopProcess.await(
                "checkouts to settle, and everybody to hear of it",
                Duration.ofSeconds(40),
                () -> ShopProcess.number(
                                settings,
                                "order",
                                "SELECT (SELECT count(*) FROM saga) + (SELECT count(*) FROM event_delivery)")
                        == 0);
        assertThat(load.confirmed).doesNotHaveDuplicates();
        assertThat(ShopProcess.texts(settings, "order", "SELECT id::text FROM orders WHERE status = 'CONFIRMED'"))
                .containsAll(load.confirmed);
        assertThat(ShopProcess.number(settings, "order", "SELECT count(*) FROM orders WHERE status = 'PENDING'"))
                .isZero();
        assertThat(ShopProcess.number(
                        settings, "product", "SELECT sold FROM stock WHERE product_id = '" + product + "'"))
                .isEqualTo(ShopProcess.number(
                        settings,
                        "order",
                        "SELECT sum(quantity) FROM order_line JOIN orders ON id = order_id"
                                + " WHERE status = 'CONFIRMED' AND product_id = '" + product + "'"));
        assertThat(ShopProcess.number(
                        settings,
                        "product",
                        "SELECT count(*) FROM stock WHERE product_id = '" + product
                                + "' AND available + sold = 1000000 AND reserved = 0"))
                .isEqualTo(1);
    }
}
