package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.sandbox.SandboxClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that ends at the worst moment. */
@ExtendWith(VertxExtension.class)
class CrashIT {
    @TempDir
    private Path folder;

    private SandboxProcess process;

    @AfterEach
    void kill() throws InterruptedException {
        process.kill();
    }

    @ParameterizedTest
    @CsvSource({"journal.charge.before, 201", "journal.charge.after, 200"})
    void aCrashHasItsEffectOrNone(String point, int chargedAgain, Vertx vertx) throws Exception {
        assertEffectOrNone(point, chargedAgain, vertx);
    }

    @ParameterizedTest
    @Tag("long")
    @CsvSource({
        "journal.decline.after, 402",
        "journal.void.after, 409",
        "journal.refund.before, 200",
        "journal.refund.after, 200",
        "answer.sandbox-charge.before, 200",
        "answer.sandbox-refund.before, 200"
    })
    void soHasOneAtTheOtherPlaces(String point, int chargedAgain, Vertx vertx) throws Exception {
        assertEffectOrNone(point, chargedAgain, vertx);
    }

    private void assertEffectOrNone(String point, int chargedAgain, Vertx vertx) throws Exception {
        // given
        boolean refunds = point.contains("refund");
        boolean voids = point.contains("void");
        Path crashPoints = folder.resolve("crash");
        Path armed = Files.createDirectories(crashPoints.resolve("armed"));
        process = SandboxProcess.start(folder, crashPoints);
        SandboxClient client = new SandboxClient(vertx, process.port());
        if (refunds) {
            client.charge("charge:1", "pm_card_visa");
        }
        String method = chargedAgain == 402 ? "pm_card_declined" : "pm_card_visa";

        // when
        Files.createFile(armed.resolve(point));
        Future<Answer> last =
                refunds || voids ? client.startRefund("refund:1", "charge:1") : client.startCharge("charge:1", method);
        assertThatThrownBy(() -> ServiceFixture.await(last)).hasMessageContaining("closed");
        assertThat(process.exitCode()).isEqualTo(137);
        process = SandboxProcess.start(folder, crashPoints);
        client = new SandboxClient(vertx, process.port());

        // then
        assertThat(client.charge("charge:1", method).status()).isEqualTo(chargedAgain);
        if (refunds) {
            assertThat(client.refund("refund:1", "charge:1").status())
                    .isEqualTo(point.equals("journal.refund.before") ? 201 : 200);
        }
        assertThat(client.ledger()).hasSize(refunds ? 2 : 1);
    }

    @Test
    void whatWasAnsweredSurvivesAKillUnderLoad(Vertx vertx) throws Exception {
        // given
        Path crashPoints = folder.resolve("crash");
        process = SandboxProcess.start(folder, crashPoints);
        SandboxClient client = new SandboxClient(vertx, process.port());
        List<Future<Answer>> charges = IntStream.range(0, 2_000)
                .mapToObj(number -> client.startCharge("charge:" + number, "pm_card_visa"))
                .toList();
        ServiceFixture.await(charges.get(50));

        // when
        process.kill();
        ServiceFixture.await(Future.join(charges).otherwiseEmpty());
        process = SandboxProcess.start(folder, crashPoints);

        // then
        SandboxClient again = new SandboxClient(vertx, process.port());
        List<Future<Answer>> repeats = IntStream.range(0, 2_000)
                .mapToObj(number -> again.startCharge("charge:" + number, "pm_card_visa"))
                .toList();
        ServiceFixture.await(Future.all(repeats));
        int told = 0;
        for (int number = 0; number < 2_000; number++) {
            if (charges.get(number).succeeded()) {
                told++;
                assertThat(repeats.get(number).result())
                        .isEqualTo(new Answer(200, charges.get(number).result().body()));
            }
        }
        assertThat(told).isBetween(1, 1_999);
        assertThat(again.ledger()).hasSize(2_000);
    }

    @Test
    void anotherProcessCannotHaveTheSameFolder(Vertx vertx) throws Exception {
        process = SandboxProcess.start(folder, folder.resolve("crash"));

        Future<Sandbox> second = Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, folder));

        assertThatThrownBy(() -> ServiceFixture.await(second))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("another sandbox is using it");
    }
}
