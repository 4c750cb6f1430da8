package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.sandbox.SandboxClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row of the provider's HTTP contract. */
@ExtendWith(VertxExtension.class)
class ContractIT {
    private static final String BODY = SandboxClient.body("pm_card_visa").encode();

    private SandboxClient client;

    @BeforeEach
    void start(Vertx vertx, @TempDir Path folder) {
        Sandbox sandbox = ServiceFixture.await(Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, folder)));
        client = new SandboxClient(vertx, sandbox.port());
    }

    @Test
    void aChargeAndItsRepeat() {
        Answer first = client.charge("charge:1", "pm_card_visa");
        Answer again = client.charge("charge:1", "pm_card_visa");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.json().fieldNames()).containsExactly("id", "status", "amount", "currency");
        assertThat(first.json().getString("id")).startsWith("ch_");
        assertThat(first.json().getString("status")).isEqualTo("succeeded");
        assertThat(first.json().getLong("amount")).isEqualTo(500);
        assertThat(first.json().getString("currency")).isEqualTo("USD");
        assertThat(again).isEqualTo(new Answer(200, first.body()));
    }

    @ParameterizedTest
    @CsvSource({"pm_card_declined, card_declined", "pm_card_insufficient_funds, insufficient_funds"})
    void aDeclineAndItsRepeat(String paymentMethod, String code) {
        Answer first = client.charge("charge:1", paymentMethod);
        Answer again = client.charge("charge:1", paymentMethod);

        assertThat(first.status()).isEqualTo(402);
        assertThat(first.code()).isEqualTo(code);
        assertThat(again).isEqualTo(first);
        assertThat(client.get("/v1/charges/charge:1").json().getString("status"))
                .isEqualTo("declined");
    }

    @Test
    void anotherBodyWithTheSameKey() {
        client.charge("charge:1", "pm_card_visa");

        Answer other = client.charge("charge:1", "pm_card_declined");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("key_reused");
    }

    @Test
    void aRefundAndItsRepeat() {
        String id = client.charge("charge:1", "pm_card_visa").json().getString("id");

        Answer first = client.refund("refund:1", "charge:1");
        Answer again = client.refund("refund:1", "charge:1");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.json().fieldNames()).containsExactly("id", "status", "charge", "amount", "currency");
        assertThat(first.json().getString("id")).startsWith("re_");
        assertThat(first.json().getString("charge")).isEqualTo(id);
        assertThat(first.json().getLong("amount")).isEqualTo(500);
        assertThat(again).isEqualTo(new Answer(200, first.body()));
        assertThat(client.get("/v1/charges/charge:1").json().getString("status"))
                .isEqualTo("refunded");
    }

    @Test
    void aRefundThatComesFirst() {
        Answer refund = client.refund("refund:1", "charge:1");
        Answer late = client.charge("charge:1", "pm_card_visa");

        assertThat(refund).isEqualTo(new Answer(200, "{\"status\":\"void\"}"));
        assertThat(client.refund("refund:1", "charge:1")).isEqualTo(refund);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.code()).isEqualTo("charge_voided");
        assertThat(client.get("/v1/charges/charge:1").json().getString("status"))
                .isEqualTo("voided");
    }

    @Test
    void aRefundOfADeclinedCharge() {
        client.charge("charge:1", "pm_card_declined");

        assertThat(client.refund("refund:1", "charge:1")).isEqualTo(new Answer(200, "{\"status\":\"void\"}"));
    }

    @Test
    void aRefundsKeyForAnotherCharge() {
        client.refund("refund:1", "charge:1");

        Answer other = client.refund("refund:1", "charge:2");

        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("key_reused");
    }

    @Test
    void whatIsKnownOfAKey() {
        client.post("/v1/charges", "a key/with ?signs", BODY);

        Answer known = client.get("/v1/charges/a%20key%2Fwith%20%3Fsigns");

        assertThat(known.status()).isEqualTo(200);
        assertThat(known.json().fieldNames()).containsExactly("key", "id", "status", "amount", "currency");
        assertThat(known.json().getString("key")).isEqualTo("a key/with ?signs");
        assertThat(known.json().getString("status")).isEqualTo("succeeded");
    }

    @Test
    void aKeyThatIsNotKnown() {
        Answer unknown = client.get("/v1/charges/charge:1");

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.code()).isEqualTo("unknown_key");
    }

    @Test
    void theLedger() {
        String id = client.charge("charge:1", "pm_card_visa").json().getString("id");
        client.charge("charge:2", "pm_card_declined");
        client.refund("refund:1", "charge:1");
        client.refund("refund:3", "charge:3");

        HttpResponse<Buffer> answer = client.send(HttpMethod.GET, "/v1/ledger");
        List<JsonObject> lines = client.ledger();

        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(lines).extracting(line -> line.getLong("seq")).containsExactly(1L, 2L, 3L, 4L);
        assertThat(lines)
                .extracting(line -> line.getString("kind"))
                .containsExactly("charge", "decline", "refund", "void");
        assertThat(lines)
                .extracting(line -> line.getString("key"))
                .containsExactly("charge:1", "charge:2", "refund:1", "charge:3");
        assertThat(lines).extracting(line -> line.getLong("amount")).containsExactly(500L, 500L, 500L, 0L);
        assertThat(lines.get(0).fieldNames()).containsExactly("seq", "kind", "key", "id", "amount", "currency", "at");
        assertThat(lines.get(2).getString("charge")).isEqualTo(id);
        assertThat(lines)
                .allSatisfy(line -> assertThat(Instant.parse(line.getString("at")))
                        .isBetween(Instant.now().minusSeconds(60), Instant.now()));
    }

    @Test
    void aLedgerOfManyLines() {
        List<Future<Answer>> charges = IntStream.range(0, 1_500)
                .mapToObj(number -> client.startCharge("charge:" + number, "pm_card_visa"))
                .toList();
        ServiceFixture.await(Future.all(charges));

        assertThat(client.ledger())
                .hasSize(1_500)
                .extracting(line -> line.getLong("seq"))
                .isSorted();
    }

    @Test
    void anEmptyLedger() {
        assertThat(client.get("/v1/ledger")).isEqualTo(new Answer(200, ""));
    }

    @Test
    void health() {
        assertThat(client.get("/health").status()).isEqualTo(200);
    }

    @Test
    void aSlowCardIsInProgressUntilItIsApproved() {
        // given
        long began = System.nanoTime();
        List<Future<Answer>> both = startSlowTwice("charge:1");
        Duration firstAnswer = Duration.ofNanos(System.nanoTime() - began);

        // when
        ServiceFixture.await(Future.all(both));

        // then
        Duration lastAnswer = Duration.ofNanos(System.nanoTime() - began);
        Answer charged = withStatus(both, 201);
        assertThat(withStatus(both, 409).code()).isEqualTo("charge_in_progress");
        assertThat(firstAnswer).isLessThan(Duration.ofSeconds(3));
        assertThat(lastAnswer).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
        assertThat(client.charge("charge:1", "pm_card_slow")).isEqualTo(new Answer(200, charged.body()));
    }

    @Test
    void aRefundClosesASlowChargeBeforeItIsApproved() {
        // given
        List<Future<Answer>> both = startSlowTwice("charge:1");

        // when
        Answer refund = client.refund("refund:1", "charge:1");

        // then
        assertThat(refund).isEqualTo(new Answer(200, "{\"status\":\"void\"}"));
        ServiceFixture.await(Future.all(both));
        assertThat(both)
                .extracting(answer -> answer.result().code())
                .containsExactlyInAnyOrder("charge_in_progress", "charge_voided");
        assertThat(client.charge("charge:1", "pm_card_slow").code()).isEqualTo("charge_voided");
        assertThat(client.ledger()).hasSize(1);
    }

    @Test
    void aTimeoutIsChargedButOnlyTheRepeatIsAnswered() {
        Future<Answer> never = client.startCharge("charge:1", "pm_card_timeout");
        Await.until("charged", () -> client.ledger().size() == 1);

        Answer repeat = client.charge("charge:1", "pm_card_timeout");

        assertThat(repeat.status()).isEqualTo(200);
        assertThat(repeat.json().getString("status")).isEqualTo("succeeded");
        assertThat(client.charge("charge:1", "pm_card_timeout")).isEqualTo(repeat);
        assertThat(never.isComplete()).isFalse();
        assertThat(client.ledger()).hasSize(1);
    }

    @Test
    void aFlakyCardWorksTheSecondTime() {
        Answer first = client.charge("charge:1", "pm_card_flaky");
        int entries = client.ledger().size();
        Answer second = client.charge("charge:1", "pm_card_flaky");

        assertThat(first.status()).isEqualTo(500);
        assertThat(entries).isZero();
        assertThat(second.status()).isEqualTo(201);
        assertThat(client.charge("charge:1", "pm_card_flaky")).isEqualTo(new Answer(200, second.body()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "7",
                "{} {}",
                "{\"amount\":1,\"amount\":1,\"currency\":\"USD\",\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":1,\"currency\":\"USD\",\"paymentMethod\":\"pm_card_visa\",\"more\":1}",
                "{\"currency\":\"USD\",\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":-1,\"currency\":\"USD\",\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":1.5,\"currency\":\"USD\",\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":\"1\",\"currency\":\"USD\",\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":99999999999999999999,\"currency\":\"USD\",\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":1,\"currency\":\"usd\",\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":1,\"currency\":null,\"paymentMethod\":\"pm_card_visa\"}",
                "{\"amount\":1,\"currency\":\"USD\"}",
                "{\"amount\":1,\"currency\":\"USD\",\"paymentMethod\":{}}"
            })
    void aChargeThatMakesNoSense(String body) {
        Answer answer = client.post("/v1/charges", "charge:1", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_request");
        assertThat(client.charge("charge:1", "pm_card_visa").status()).isEqualTo(201);
    }

    @Test
    void aPaymentMethodThatDoesNotExist() {
        Answer answer = client.charge("charge:1", "4242424242424242");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("unknown_payment_method");
        assertThat(answer.body()).doesNotContain("4242");
        assertThat(client.ledger()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{}", "{\"charge\":7}", "{\"charge\":\"\"}", "{\"charge\":\"a\\nb\"}", "{\"key\":\"a\"}"})
    void aRefundThatMakesNoSense(String body) {
        Answer answer = client.post("/v1/refunds", "refund:1", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("invalid_request");
        assertThat(client.ledger()).isEmpty();
    }

    @Test
    void aKeyIsRequired() {
        Answer tooLong = client.post("/v1/charges", "k".repeat(256), BODY);
        Answer longest = client.post("/v1/charges", "k".repeat(255), BODY);
        HttpResponse<Buffer> missing = ServiceFixture.await(client.raw(HttpMethod.POST, "/v1/charges")
                .putHeader("Content-Type", "application/json")
                .sendBuffer(Buffer.buffer(BODY)));
        HttpResponse<Buffer> twice = ServiceFixture.await(client.raw(HttpMethod.POST, "/v1/charges")
                .putHeader("Content-Type", "application/json")
                .putHeader("Idempotency-Key", List.of("a", "b"))
                .sendBuffer(Buffer.buffer(BODY)));

        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(longest.status()).isEqualTo(201);
        assertThat(client.ledger()).hasSize(1);
    }

    @Test
    void onlyJsonAndNotTooMuchOfIt() {
        HttpResponse<Buffer> text = ServiceFixture.await(client.raw(HttpMethod.POST, "/v1/charges")
                .putHeader("Content-Type", "text/plain")
                .putHeader("Idempotency-Key", "charge:1")
                .sendBuffer(Buffer.buffer(BODY)));
        Answer large = client.post("/v1/charges", "charge:1", " ".repeat(64 * 1024) + BODY);
        Answer almost = client.post("/v1/charges", "charge:1", " ".repeat(64 * 1024 - BODY.length()) + BODY);

        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.code()).isEqualTo("payload_too_large");
        assertThat(almost.status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/v1", "/v1/charge", "/v1/refunds/1", "/v1/charges/1/2", "/healthy"})
    void aPathThatDoesNotExist(String path) {
        Answer answer = client.get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("not_found");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/charges, POST",
        "DELETE, /v1/refunds, POST",
        "POST, /v1/charges/1, GET",
        "PUT, /v1/ledger, GET",
        "'DELETE', /v1/faults, 'GET, PUT'",
        "POST, /health, GET"
    })
    void aMethodThatIsNotPossible(String method, String path, String allowed) {
        HttpResponse<Buffer> answer = client.send(HttpMethod.valueOf(method), path);

        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.getHeader("Allow")).isEqualTo(allowed);
        assertThat(answer.bodyAsJsonObject().getJsonObject("error").getString("code"))
                .isEqualTo("method_not_allowed");
    }

    /** Returns once one of them, it cannot be said which, is known to be in progress. */
    private List<Future<Answer>> startSlowTwice(String key) {
        List<Future<Answer>> both =
                List.of(client.startCharge(key, "pm_card_slow"), client.startCharge(key, "pm_card_slow"));
        ServiceFixture.await(Future.any(both));
        return both;
    }

    private static Answer withStatus(List<Future<Answer>> answers, int status) {
        return answers.stream()
                .map(Future::result)
                .filter(answer -> answer.status() == status)
                .findFirst()
                .orElseThrow();
    }
}
