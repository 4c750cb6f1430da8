package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.sandbox.SandboxClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The faults that can be asked for while it runs. */
@ExtendWith(VertxExtension.class)
class FaultsIT {
    private static final JsonObject NONE = new JsonObject()
            .put("errorRate", 0.0)
            .put("hangRate", 0.0)
            .put("latencyMs", 0)
            .put("down", false);

    private SandboxClient client;

    @BeforeEach
    void start(Vertx vertx, @TempDir Path folder) {
        Sandbox sandbox = ServiceFixture.await(Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, folder)));
        client = new SandboxClient(vertx, sandbox.port());
    }

    @Test
    void thereAreNoneAtFirstAndWhatIsLeftOutIsOff() {
        JsonObject atFirst = client.get("/v1/faults").json();
        Answer some = client.faults(new JsonObject().put("errorRate", 0.5).put("latencyMs", 20));
        JsonObject asSet = client.get("/v1/faults").json();
        Answer none = client.faults(new JsonObject());

        assertThat(atFirst).isEqualTo(NONE);
        assertThat(some.status()).isEqualTo(200);
        assertThat(asSet)
                .isEqualTo(NONE.copy().put("errorRate", 0.5).put("latencyMs", 20))
                .isEqualTo(some.json());
        assertThat(none.json()).isEqualTo(NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"errorRate\":1.1}",
                "{\"errorRate\":-0.1}",
                "{\"errorRate\":\"1\"}",
                "{\"hangRate\":null}",
                "{\"latencyMs\":-1}",
                "{\"latencyMs\":1.5}",
                "{\"latencyMs\":30001}",
                "{\"down\":1}",
                "{\"errorrate\":1}",
                "[]"
            })
    void faultsThatMakeNoSenseChangeNothing(String body) {
        client.faults(new JsonObject().put("latencyMs", 1));

        int status = ServiceFixture.await(client.raw(HttpMethod.PUT, "/v1/faults")
                        .putHeader("Content-Type", "application/json")
                        .sendBuffer(Buffer.buffer(body)))
                .statusCode();

        assertThat(status).isEqualTo(400);
        assertThat(client.get("/v1/faults").json()).isEqualTo(NONE.copy().put("latencyMs", 1));
    }

    @Test
    void errorsComeBeforeOrAfterTheEffect() {
        // given
        client.faults(new JsonObject().put("errorRate", 1));

        // when
        List<Answer> answers = IntStream.range(0, 100)
                .mapToObj(number -> client.charge("charge:" + number, "pm_card_visa"))
                .toList();

        // then
        assertThat(answers).extracting(Answer::status).containsOnly(500);
        assertThat(answers).extracting(Answer::code).containsOnly("injected_fault");
        assertThat(client.ledger()).hasSizeBetween(20, 80);
    }

    @Test
    void aRequestThatHangsHasItsEffect() {
        // given
        client.charge("charge:2", "pm_card_visa");
        client.faults(new JsonObject().put("hangRate", 1));

        // when
        Future<Answer> charge = client.startCharge("charge:1", "pm_card_visa");
        Future<Answer> refund = client.startRefund("refund:2", "charge:2");

        // then
        Await.until("both happened", () -> client.ledger().size() == 3);
        client.faults(new JsonObject());
        assertThat(client.charge("charge:1", "pm_card_visa").status()).isEqualTo(200);
        assertThat(client.refund("refund:2", "charge:2").status()).isEqualTo(200);
        assertThat(charge.isComplete()).isFalse();
        assertThat(refund.isComplete()).isFalse();
    }

    @Test
    void latencyComesBeforeTheAnswer() {
        client.faults(new JsonObject().put("latencyMs", 300));

        long began = System.nanoTime();
        Answer answer = client.charge("charge:1", "pm_card_visa");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void whoIsDownHangsUpAndDoesNothing() {
        // given
        client.charge("charge:1", "pm_card_visa");

        // when
        client.faults(new JsonObject().put("down", true));

        // then
        assertThatThrownBy(() -> client.charge("charge:2", "pm_card_visa")).hasMessageContaining("closed");
        assertThatThrownBy(() -> client.refund("refund:1", "charge:1")).hasMessageContaining("closed");
        assertThat(client.get("/health").status()).isEqualTo(200);
        assertThat(client.ledger()).hasSize(1);

        // and when it is up again
        client.faults(new JsonObject().put("down", false));
        assertThat(client.charge("charge:2", "pm_card_visa").status()).isEqualTo(201);
    }
}
