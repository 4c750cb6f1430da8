package dev.souk.launcher.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.gateway.contract.Exchange;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of requests made out of the contract, right and wrong, against a whole shop over real connections: no answer
 * leaves the contract, none is a 500, none tells of the inside, and afterwards the shop's books are right.
 */
class ContractFuzzIT {
    private static final long SEED = Long.getLong("souk.fuzz.seed", 42);
    private static final long REQUESTS = Long.getLong("souk.fuzz.requests", 20_000);
    private static final int IN_FLIGHT = 24;
    /** Fewer leave it to chance whether everything was served once. */
    private static final long ENOUGH = 10_000;

    /** Of an account that anybody may try. */
    private static final String LOG_IN = "known@example.com";

    private static final String PASSWORD = "known to everybody";

    private final Map<String, String> settings = settings();
    private final URI url = ShopProcess.url(settings);
    private final Things things = new Things();
    private final Judge judge = new Judge();

    @Test
    void everyAnswerIsInsideTheContract() throws Exception {
        System.out.println("souk.fuzz.seed=" + SEED + " souk.fuzz.requests=" + REQUESTS);
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            Shots shots = new Shots(SEED, things, stock(new ShopClient(url)));

            fire(shots, 0, REQUESTS);
            // A rare operation may have met an overload each time.
            for (long more = REQUESTS; more < 2 * REQUESTS && isMissing(shots); more += ENOUGH / 10) {
                fire(shots, more, more + ENOUGH / 10);
            }

            System.out.println("souk.fuzz: " + judge.statuses());
            List<String> findings = judge.findings();
            assertThat(findings)
                    .as(() -> "with souk.fuzz.seed=" + SEED + "\n\n" + String.join("\n\n", findings))
                    .isEmpty();
            assertThat(judge.count(503))
                    .as("answers that are no answers, of " + REQUESTS)
                    .isLessThan(REQUESTS / 4 + 1);
            if (REQUESTS >= ENOUGH) {
                assertThat(judge.neverServed(shots.operations())).isEmpty();
            }
            assertBooksAreRight();
            assertThat(shop.isAlive()).isTrue();
            assertThat(errors()).isEmpty();
        }
    }

    private boolean isMissing(Shots shots) {
        return REQUESTS >= ENOUGH && !judge.neverServed(shots.operations()).isEmpty();
    }

    private void fire(Shots shots, long from, long to) throws InterruptedException, ExecutionException {
        AtomicLong next = new AtomicLong(from);
        try (ExecutorService clients = Executors.newFixedThreadPool(IN_FLIGHT)) {
            List<Future<?>> running = IntStream.range(0, IN_FLIGHT)
                    .<Future<?>>mapToObj(client -> clients.submit(() -> fire(shots, next, to)))
                    .toList();
            for (Future<?> client : running) {
                client.get();
            }
        }
    }

    private void fire(Shots shots, AtomicLong next, long to) {
        try (Wire wire = new Wire(url)) {
            for (long number = next.getAndIncrement(); number < to; number = next.getAndIncrement()) {
                Shot shot = shots.shot(number);
                try {
                    Exchange answer = wire.send(shot);
                    judge.judge(number, shot, answer);
                    things.learn(shot, answer);
                } catch (IOException e) {
                    judge.judgeSilence(number, shot, e);
                }
            }
        }
    }

    /** Fills the shop a little, so that ids lead somewhere from the first request on. */
    private Shots.Tokens stock(ShopClient client) {
        Shots.Tokens tokens = new Shots.Tokens(client.customer(), client.admin(), client.customer());
        for (String file : List.of("swagger-ui.css", "swagger-initializer.js", "index.html")) {
            things.add("file", file);
        }
        for (String slug : List.of("out-of-stock", "invalid-request", "overloaded")) {
            things.add("slug", slug);
        }
        String me = client.get("/api/v1/users/me", ShopClient.bearer(tokens.customer()))
                .require(200)
                .json()
                .path("id")
                .asText();
        things.add("userId", me);
        things.add("service", "nobody-there");
        things.add("email", LOG_IN);
        things.add("password", PASSWORD);
        client.register(LOG_IN, PASSWORD);
        String webhook = "{\"url\": \"http://127.0.0.1:9/\", \"events\": [\"ORDER_CONFIRMED\"]}";
        for (int i = 0; i < 10; i++) {
            // Each is good for one exchange, and log-ins that a fuzzer gets right are few.
            things.add(
                    "refreshToken",
                    client.tokens(LOG_IN, PASSWORD).path("refreshToken").asText());
            things.add(
                    "webhookId",
                    client.post("/api/v1/webhooks", ShopClient.bearer(tokens.admin()), webhook)
                            .require(201)
                            .json()
                            .path("id")
                            .asText());
            String product = client.product(tokens.admin(), 1_000_000);
            things.add("productId", product);
            things.add(
                    "orderId",
                    client.order(tokens.customer(), UUID.randomUUID().toString(), product, 1)
                            .join()
                            .require(201)
                            .json()
                            .path("id")
                            .asText());
        }
        return tokens;
    }

    private void assertBooksAreRight() {
        ShopProcess verify = ShopProcess.souk(settings, "verify");
        assertThat(verify.exitStatus()).as(verify.text()).isZero();
        new ShopClient(url).get("/ready", Map.of()).require(200);
    }

    /** What the shop itself calls an error is one, whatever was answered. */
    private List<String> errors() throws IOException {
        try (Stream<Path> logs = Files.walk(Path.of(settings.get("SOUK_DATA_DIR"), "log"))) {
            return logs.filter(Files::isRegularFile)
                    .flatMap(ContractFuzzIT::lines)
                    .filter(line -> line.contains(" ERROR "))
                    .limit(10)
                    .toList();
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = ShopProcess.settings("fuzz");
        settings.put("SOUK_WEBHOOK_ALLOW_PRIVATE", "true");
        return settings;
    }
}
