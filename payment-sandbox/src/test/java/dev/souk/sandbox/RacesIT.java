package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.testing.ServiceFixture;
import dev.souk.sandbox.SandboxClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many requests at once, about the same keys and about many. */
@ExtendWith(VertxExtension.class)
class RacesIT {
    private static final long SEED = 42;

    private Vertx vertx;
    private SandboxClient client;

    @BeforeEach
    void start(Vertx vertx, @TempDir Path folder) {
        this.vertx = vertx;
        Sandbox sandbox = ServiceFixture.await(Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, folder)));
        client = new SandboxClient(vertx, sandbox.port());
    }

    @Test
    void chargesWithOneKeyAtOnceAreOneCharge() {
        List<Answer> answers = all(IntStream.range(0, 100)
                .mapToObj(number -> client.startCharge("charge:1", "pm_card_visa"))
                .toList());

        Answer charged = client.charge("charge:1", "pm_card_visa");
        assertThat(client.ledger()).hasSize(1);
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).isSubsetOf(200, 201, 409);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.status() == 409 ? answer.code() : answer.body())
                        .isIn("charge_in_progress", charged.body()));
    }

    @Test
    void refundsOfOneChargeAtOnceAreOneRefund() {
        client.charge("charge:1", "pm_card_visa");

        List<Answer> answers = all(IntStream.range(0, 100)
                .mapToObj(number -> client.startRefund("refund:" + number % 3, "charge:1"))
                .toList());

        assertThat(client.ledger()).hasSize(2);
        assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).isSubsetOf(200, 201);
        assertThat(answers)
                .extracting(Answer::body)
                .containsOnly(answers.getFirst().body());
    }

    @Test
    void aRefundThatRacesItsChargeLeavesNothingCharged() {
        // given
        Random random = new Random(SEED);
        List<Future<Answer>> refunds = new ArrayList<>();
        List<Future<Answer>> charges = new ArrayList<>();

        // when
        for (int number = 0; number < 100; number++) {
            int order = number;
            String method = List.of("pm_card_visa", "pm_card_visa", "pm_card_slow", "pm_card_declined")
                    .get(random.nextInt(4));
            for (int repeat = random.nextInt(3); repeat >= 0; repeat--) {
                charges.add(soon(random).compose(now -> client.startCharge("charge:" + order, method)));
            }
            for (int repeat = random.nextInt(2); repeat >= 0; repeat--) {
                refunds.add(soon(random).compose(now -> client.startRefund("refund:" + order, "charge:" + order)));
            }
        }
        List<Answer> refunded = all(refunds);
        List<Answer> charged = all(charges);

        // then
        assertThat(refunded).extracting(Answer::status).isSubsetOf(200, 201);
        assertThat(charged).extracting(Answer::status).isSubsetOf(200, 201, 402, 409);
        assertNothingIsCharged(100);
        assertThat(client.ledger())
                .as("each way it can end was seen")
                .extracting(line -> line.getString("kind"))
                .contains("charge", "refund", "void", "decline");
    }

    @Test
    void underFaultsEachKeyIsStillChargedOnceAndGivenBackOnce() {
        // given
        client.faults(
                new JsonObject().put("errorRate", 0.3).put("hangRate", 0.1).put("latencyMs", 1));

        // when
        List<Answer> charged = all(IntStream.range(0, 100)
                .mapToObj(number -> untilCertain(() -> client.startCharge("charge:" + number, "pm_card_visa", 500)))
                .toList());
        List<Answer> refunded = all(IntStream.range(0, 100)
                .mapToObj(number -> untilCertain(() -> client.startRefund("refund:" + number, "charge:" + number, 500)))
                .toList());

        // then
        assertThat(charged).extracting(Answer::status).isSubsetOf(200, 201).contains(200, 201);
        assertThat(refunded).extracting(Answer::status).isSubsetOf(200, 201).contains(200, 201);
        assertThat(client.ledger()).hasSize(200);
        assertNothingIsCharged(100);
    }

    @Test
    void manyClientsAtOnce() {
        List<Answer> answers = all(IntStream.range(0, 64)
                .mapToObj(caller -> chargeInTurn(caller, 0, 50))
                .toList());

        assertThat(answers).extracting(Answer::status).containsOnly(201);
        List<JsonObject> ledger = client.ledger();
        Set<String> ids = new HashSet<>();
        ledger.forEach(line -> ids.add(line.getString("id")));
        assertThat(ids).hasSize(64 * 50);
        assertThat(ledger)
                .extracting(line -> line.getLong("seq"))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 64 * 50).boxed().toList());
    }

    private Future<Answer> chargeInTurn(int caller, int number, int most) {
        Future<Answer> charge = client.startCharge("charge:" + caller + "-" + number, "pm_card_visa");
        return number + 1 == most
                ? charge
                : charge.compose(answer -> answer.status() == 201
                        ? chargeInTurn(caller, number + 1, most)
                        : Future.succeededFuture(answer));
    }

    /** Asks with the same key again for as long as the answer leaves it open. */
    private static Future<Answer> untilCertain(Supplier<Future<Answer>> request) {
        return request.get()
                .transform(asked -> asked.failed()
                                || Set.of(409, 500).contains(asked.result().status())
                        ? untilCertain(request)
                        : Future.succeededFuture(asked.result()));
    }

    private void assertNothingIsCharged(int orders) {
        Map<String, Long> held = new HashMap<>();
        Map<String, Integer> charges = new HashMap<>();
        for (JsonObject line : client.ledger()) {
            switch (line.getString("kind")) {
                case "charge" -> {
                    held.merge(line.getString("id"), line.getLong("amount"), Long::sum);
                    charges.merge(line.getString("key"), 1, Integer::sum);
                }
                case "refund" -> held.merge(line.getString("charge"), -line.getLong("amount"), Long::sum);
                default -> assertThat(line.getString("kind")).isIn("void", "decline");
            }
        }
        assertThat(held.values()).containsOnly(0L);
        assertThat(charges.values()).containsOnly(1);
        for (int order = 0; order < orders; order++) {
            assertThat(client.get("/v1/charges/charge:" + order).json().getString("status"))
                    .isIn("refunded", "voided", "declined");
        }
    }

    private Future<Void> soon(Random random) {
        int millis = random.nextInt(20);
        return millis == 0
                ? Future.succeededFuture()
                : vertx.timer(millis, TimeUnit.MILLISECONDS).mapEmpty();
    }

    private static List<Answer> all(List<Future<Answer>> answers) {
        ServiceFixture.await(Future.all(answers));
        return answers.stream().map(Future::result).toList();
    }
}
