package dev.souk.launcher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.launcher.testing.ShopClient.Answer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What must hold of any running shop, in one JVM or in many; each walk asserts what it sees. */
public final class ShopWalk {
    /** What a gateway says of its services when each answers. */
    public static final String ALL_UP =
            "{\"user\":\"UP\",\"product\":\"UP\",\"order\":\"UP\",\"payment\":\"UP\",\"notification\":\"UP\",\"registry\":\"UP\"}";

    private final ShopClient client;
    private final Map<String, String> settings;

    public ShopWalk(Map<String, String> settings) {
        this.settings = settings;
        this.client = new ShopClient(ShopProcess.url(settings));
    }

    public ShopClient client() {
        return client;
    }

    /** The README's walk. */
    public void fromRegisteringToTheOrder() {
        String token = client.customer();
        JsonNode product = client.get("/api/v1/products?q=lamp&limit=5", Map.of())
                .require(200)
                .json()
                .path("items")
                .path(0);
        String productId = product.path("id").asText();
        String key = UUID.randomUUID().toString();

        Answer placed = client.order(token, key, productId, 2).join().require(201);
        Answer replayed = client.order(token, key, productId, 2).join().require(201);
        Answer read = client.get(
                        "/api/v1/orders/" + placed.json().path("id").asText() + "?expand=user,products",
                        ShopClient.bearer(token))
                .require(200);

        assertThat(placed.json().path("status").asText()).isEqualTo("CONFIRMED");
        assertThat(placed.json().path("total").path("amount").asLong())
                .isEqualTo(2 * product.path("price").path("amount").asLong());
        assertThat(placed.headers().firstValue("Location"))
                .contains("/api/v1/orders/" + placed.json().path("id").asText());
        assertThat(replayed.body()).isEqualTo(placed.body());
        assertThat(replayed.headers().firstValue("Idempotency-Replayed")).contains("true");
        assertThat(read.json().path("user").path("name").asText()).isEqualTo("Customer");
        assertThat(read.json().path("items").path(0).path("product").path("id").asText())
                .isEqualTo(productId);
        assertThat(ShopProcess.number(
                        settings,
                        "order",
                        "SELECT count(*) FROM orders WHERE status = 'CONFIRMED' AND id = '"
                                + placed.json().path("id").asText() + "'"))
                .isEqualTo(1);
    }

    /** A flash sale: a thousand want one of a hundred, at once. */
    public void aThousandOrdersForAHundred() {
        String admin = client.admin();
        String product = client.product(admin, 100);
        List<String> tokens =
                IntStream.range(0, 4).mapToObj(any -> client.customer()).toList();

        List<Answer> answers = together(IntStream.range(0, 1_000)
                .mapToObj(number ->
                        client.orderToTheEnd(tokens.get(number % tokens.size()), "sale-" + number, product, 1))
                .toList());

        assertThat(answers.stream().map(Answer::status).filter(status -> status == 201))
                .as(() -> summary(answers))
                .hasSize(100);
        List<Answer> refused =
                answers.stream().filter(answer -> answer.status() == 409).toList();
        assertThat(refused).as(() -> summary(answers)).hasSize(900).allSatisfy(answer -> {
            assertThat(answer.problem()).isEqualTo("out-of-stock");
            assertThat(answer.json().path("orderId").asText()).isNotEmpty();
        });
        assertThat(client.get("/api/v1/products/" + product, Map.of())
                        .require(200)
                        .json()
                        .path("available")
                        .asLong())
                .isZero();
        awaitSold(admin, product, 100);
    }

    /** A client that cannot wait: two hundred posts with one key. */
    public void twoHundredPostsWithOneKey() {
        String admin = client.admin();
        String product = client.product(admin, 1_000);
        String token = client.customer();

        List<Answer> answers = together(IntStream.range(0, 200)
                .mapToObj(any -> client.order(token, "one-key", product, 1))
                .toList());

        Set<String> bodies = new HashSet<>();
        answers.forEach(answer -> {
            if (answer.status() == 409) {
                assertThat(answer.problem()).isEqualTo("request-in-progress");
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            } else {
                bodies.add(answer.require(201).body());
            }
        });
        assertThat(bodies).hasSize(1);
        awaitSold(admin, product, 1);
    }

    /** Waits until exactly so much is sold, nothing is reserved, and the service's own books agree. */
    public void awaitSold(String adminToken, String product, long sold) {
        ShopProcess.await("stock to settle", Duration.ofSeconds(20), () -> {
            JsonNode stock = client.get("/api/v1/products/" + product + "/stock", ShopClient.bearer(adminToken))
                    .require(200)
                    .json();
            return stock.path("reserved").asLong() == 0 && stock.path("sold").asLong() == sold;
        });
        assertThat(ShopProcess.number(settings, "order", "SELECT count(*) FROM saga"))
                .isZero();
    }

    public static List<Answer> together(List<CompletableFuture<Answer>> requests) {
        return requests.stream().map(CompletableFuture::join).toList();
    }

    private static String summary(List<Answer> answers) {
        return answers.stream()
                .collect(Collectors.groupingBy(
                        answer -> answer.status() + (answer.status() < 300 ? "" : " " + answer.problem()),
                        Collectors.counting()))
                .toString();
    }
}
