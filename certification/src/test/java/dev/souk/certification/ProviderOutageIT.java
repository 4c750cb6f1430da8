package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The payment provider goes away under load, for a while: nothing is lost, and all else goes on. */
class ProviderOutageIT {
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void eightSecondsWithoutTheProvider() throws Exception {
        withoutTheProvider("outage-8", Duration.ofSeconds(8));
    }

    @Test
    @Tag("long")
    void aMinuteWithoutTheProvider() throws Exception {
        withoutTheProvider("outage-60", Duration.ofSeconds(60));
    }

    /** The money was taken and the answer never came, or the first call failed: one charge, and the order is confirmed. */
    @Test
    void ordersWithALostAnswerAreConfirmedAndChargedOnce() {
        Map<String, String> settings = ShopProcess.settings("lost-answers");
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            ShopClient client = new ShopClient(ShopProcess.url(settings));
            String product = client.product(client.admin(), 100);
            String customer = client.customer();
            List<String> ids = new ArrayList<>();
            for (String method : List.of("pm_card_timeout", "pm_card_flaky", "pm_card_slow", "pm_card_timeout")) {
                String key = UUID.randomUUID().toString();
                String body = ShopClient.orderBody(product, 1).replace("pm_card_visa", method);
                Map<String, String> headers = Map.of("Authorization", "Bearer " + customer, "Idempotency-Key", key);
                Answer answer = client.post("/api/v1/orders", headers, body);
                while (answer.hasNoEndYet()) {
                    answer = client.post("/api/v1/orders", headers, body);
                }
                ids.add(answer.require(201).json().path("id").asText());
            }

            for (String id : ids) {
                Answer payments = client.get("/api/v1/orders/" + id + "/payments", ShopClient.bearer(customer))
                        .require(200);
                assertThat(payments.json().path("items")).hasSize(1);
                assertThat(payments.json().at("/items/0/status").asText()).isEqualTo("succeeded");
            }
            Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
            assertThat(shop.isAlive()).isTrue();
        }
    }

    private void withoutTheProvider(String name, Duration outage) throws Exception {
        Map<String, String> settings = ShopProcess.settings(name);
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            ShopClient client = new ShopClient(ShopProcess.url(settings));
            String product = client.product(client.admin(), 1_000_000);
            String customer = client.customer();
            String known = client.order(customer, UUID.randomUUID().toString(), product, 1)
                    .join()
                    .require(201)
                    .json()
                    .path("id")
                    .asText();

            // given
            faults(settings, "{\"down\": true}");
            long until = System.nanoTime() + outage.toNanos();
            Queue<Answer> answers = new ConcurrentLinkedQueue<>();
            AtomicInteger slowest = new AtomicInteger();
            AtomicBoolean sawOpen = new AtomicBoolean();
            List<Thread> crowd = new ArrayList<>();
            for (int number = 0; number < 8; number++) {
                crowd.add(Thread.ofVirtual().start(() -> {
                    while (System.nanoTime() - until < 0) {
                        answers.add(client.order(customer, UUID.randomUUID().toString(), product, 1)
                                .join());
                    }
                }));
            }

            // when
            while (System.nanoTime() - until < 0) {
                long begin = System.nanoTime();
                client.get("/api/v1/products?limit=5", Map.of()).require(200);
                client.get("/api/v1/orders/" + known, ShopClient.bearer(customer))
                        .require(200);
                int millis = (int) Duration.ofNanos(System.nanoTime() - begin).toMillis();
                slowest.accumulateAndGet(millis, Math::max);
                sawOpen.compareAndSet(false, breaker(settings) > 0);
            }
            for (Thread thread : crowd) {
                thread.join();
            }
            faults(settings, "{\"down\": false}");
            long back = System.nanoTime();

            // then
            Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
            long settled = Duration.ofNanos(System.nanoTime() - back).toMillis();
            System.out.println(name + ": " + answers.size() + " orders while the provider was away, settled " + settled
                    + " ms after it was back; slowest pair of reads meanwhile " + slowest + " ms");
            assertThat(settled).isLessThan(SETTLES_WITHIN.toMillis());
            assertThat(answers)
                    .isNotEmpty()
                    .allSatisfy(answer ->
                            assertThat(answer.status()).as(answer.body()).isIn(202, 503));
            for (Answer answer : answers) {
                if (answer.status() == 202) {
                    String id = answer.json().path("id").asText();
                    String status = client.get("/api/v1/orders/" + id, ShopClient.bearer(customer))
                            .require(200)
                            .json()
                            .path("status")
                            .asText();
                    assertThat(status).isEqualTo("CONFIRMED");
                }
            }
            assertThat(sawOpen).isTrue();
            assertThat(breaker(settings)).isZero();
            assertThat(slowest.get()).isLessThan(3_000);
            assertThat(shop.isAlive()).isTrue();
        }
    }

    private void faults(Map<String, String> settings, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(Verdict.sandbox(settings).resolve("/v1/faults"))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(body))
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isBetween(200, 299);
    }

    /** The state of the circuit breaker to the provider: 0 is closed. */
    private double breaker(Map<String, String> settings) throws Exception {
        URI metrics = URI.create("http://127.0.0.1:" + settings.get("SOUK_MANAGEMENT_PORT") + "/metrics");
        return http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("souk_payment_provider_breaker"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
