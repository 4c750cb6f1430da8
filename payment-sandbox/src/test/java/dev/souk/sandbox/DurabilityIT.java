package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.sandbox.SandboxClient.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was answered is kept, whatever happens to the process and its disk. */
@ExtendWith(VertxExtension.class)
class DurabilityIT {
    private Vertx vertx;
    private Path folder;
    private Path mounted;
    private Sandbox sandbox;
    private SandboxClient client;

    @BeforeEach
    void remember(Vertx vertx, @TempDir Path folder) {
        this.vertx = vertx;
        this.folder = folder;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            ServiceFixture.await(sandbox.close());
            assertThat(run("umount", mounted.toString())).isZero();
        }
    }

    @Test
    void aRestartKeepsEveryAnswerToTheByte() {
        // given
        open();
        List<Answer> before = everyKindOfRequest();
        String ledger = client.get("/v1/ledger").body();
        List<Answer> repeats = everyKindOfRequest();

        // when
        restart();

        // then
        assertThat(everyKindOfRequest()).isEqualTo(repeats);
        assertThat(repeats)
                .extracting(Answer::body)
                .isEqualTo(before.stream().map(Answer::body).toList());
        assertThat(client.get("/v1/ledger").body()).isEqualTo(ledger);
        assertThat(client.charge("charge:1", "pm_card_slow").code()).isEqualTo("key_reused");
        assertThat(client.refund("refund:1", "charge:9").code()).isEqualTo("key_reused");
    }

    @Test
    void aTimeoutCardIsAnsweredAtOnceAfterARestart() {
        // given
        open();
        client.startCharge("charge:1", "pm_card_timeout").otherwiseEmpty();
        Await.until("charged", () -> client.ledger().size() == 1);

        // when
        restart();

        // then
        assertThat(client.charge("charge:1", "pm_card_timeout").status()).isEqualTo(200);
        assertThat(client.ledger()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"kind\":\"charge\",\"seq\":2,\"ke", "{", "\0\0\0"})
    void aTornLastLineIsCutOff(String torn) throws IOException {
        // given
        open();
        Answer first = client.charge("charge:1", "pm_card_visa");
        ServiceFixture.await(sandbox.close());
        String whole = Files.readString(ledger());
        Files.writeString(ledger(), torn, StandardOpenOption.APPEND);

        // when
        open();

        // then
        assertThat(Files.readString(ledger())).isEqualTo(whole);
        assertThat(client.charge("charge:2", "pm_card_visa").status()).isEqualTo(201);
        restart();
        assertThat(client.charge("charge:1", "pm_card_visa").body()).isEqualTo(first.body());
        assertThat(client.ledger()).extracting(line -> line.getLong("seq")).containsExactly(1L, 2L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "{}", "", "{\"kind\":\"charge\",\"seq\":2}", "FIRST", "FIRST more"})
    void aDamagedLineStopsTheStartAndIsLeftAsItIs(String damage) throws IOException {
        // given
        open();
        client.charge("charge:1", "pm_card_visa");
        ServiceFixture.await(sandbox.close());
        String damaged = damage.replace("FIRST", Files.readString(ledger()).strip()) + "\n";
        Files.writeString(ledger(), damaged, StandardOpenOption.APPEND);
        String before = Files.readString(ledger());

        // when
        Future<Sandbox> start = Sandbox.start(vertx, config(0));

        // then
        assertThatThrownBy(() -> ServiceFixture.await(start))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("line 2 of ledger.jsonl is damaged")
                .hasMessageContaining(folder.toString())
                .message()
                .hasLineCount(1);
        assertThat(Files.readString(ledger())).isEqualTo(before);
    }

    @Test
    void twoSandboxesNeverShareALedger() {
        // given
        open();

        // when
        Future<Sandbox> second = Sandbox.start(vertx, config(0));

        // then
        assertThatThrownBy(() -> ServiceFixture.await(second))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("another sandbox is using it");
        assertThat(client.charge("charge:1", "pm_card_visa").status()).isEqualTo(201);
        restart();
    }

    @Test
    void aPortThatIsTakenStopsTheStartAndGivesTheFolderFree() throws IOException {
        // given
        open();
        Path other = Files.createDirectory(folder.resolve("other"));

        // when
        Future<Sandbox> second = Sandbox.start(vertx, new SandboxConfig("127.0.0.1", sandbox.port(), other));

        // then
        assertThatThrownBy(() -> ServiceFixture.await(second))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("SOUK_SANDBOX_PORT: cannot listen on 127.0.0.1:" + sandbox.port());
        ServiceFixture.await(Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, other)));
    }

    @Test
    void aFolderThatCannotBeMadeStopsTheStart() throws IOException {
        // given
        Path file = Files.createFile(folder.resolve("file"));

        // when
        Future<Sandbox> start = Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, file));

        // then
        assertThatThrownBy(() -> ServiceFixture.await(start))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void closingTwiceIsClosing() {
        open();

        ServiceFixture.await(sandbox.close());
        ServiceFixture.await(sandbox.close());

        open();
    }

    @Test
    void aFullDiskRefusesAndLosesNothing() throws Exception {
        // given
        mount();
        open();
        Answer first = client.charge("charge:first", "pm_card_visa");
        Path ballast = folder.resolve("ballast");
        run("sh", "-c", "cat /dev/zero > " + ballast + " 2>/dev/null");

        // when
        List<Answer> answers = IntStream.range(0, 60)
                .mapToObj(number -> client.charge("charge:" + number, "pm_card_visa"))
                .toList();

        // then
        Answer refused = answers.getLast();
        assertThat(answers).extracting(Answer::status).containsOnly(201, 503);
        assertThat(refused.code()).isEqualTo("unavailable");
        assertThat(client.charge("charge:first", "pm_card_visa")).isEqualTo(new Answer(200, first.body()));

        // and when there is room again
        Files.delete(ballast);
        assertThat(client.charge("charge:59", "pm_card_visa").status()).isEqualTo(201);
        restart();
        assertThat(client.charge("charge:first", "pm_card_visa").body()).isEqualTo(first.body());
        for (int number = 0; number < 59; number++) {
            assertThat(client.get("/v1/charges/charge:" + number).status())
                    .as("charge %s, answered %s", number, answers.get(number).status())
                    .isEqualTo(answers.get(number).status() == 201 ? 200 : 404);
        }
    }

    private List<Answer> everyKindOfRequest() {
        return List.of(
                client.charge("charge:1", "pm_card_visa"),
                client.charge("charge:2", "pm_card_declined"),
                client.charge("charge:3", "pm_card_insufficient_funds"),
                client.charge("charge:4", "pm_card_visa"),
                client.refund("refund:1", "charge:1"),
                client.refund("refund:2", "charge:2"),
                client.refund("refund:5", "charge:5"),
                client.charge("charge:5", "pm_card_visa"),
                client.charge("charge:1", "pm_card_visa"));
    }

    private void restart() {
        ServiceFixture.await(sandbox.close());
        open();
    }

    private void open() {
        sandbox = ServiceFixture.await(Sandbox.start(vertx, config(0)));
        client = new SandboxClient(vertx, sandbox.port());
    }

    private SandboxConfig config(int port) {
        return new SandboxConfig("127.0.0.1", port, folder);
    }

    private Path ledger() {
        return folder.resolve("ledger.jsonl");
    }

    /** A page of it is left for the ledger's first lines. */
    private void mount() throws Exception {
        folder = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder.toString()) == 0,
                "this needs the right to mount a small file system");
        mounted = folder;
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException missing) {
            return -1;
        }
    }
}
