package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.postgres.EmbeddedPostgres.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What dies is killed with SIGKILL: the server, its owner, both, at any moment. */
class KillIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(KillIT.class);

    @RegisterExtension
    private final Ground ground = new Ground();

    @Test
    void aKilledServerComesBackOnItsPortWithWhatWasCommitted() throws Exception {
        try (EmbeddedPostgres postgres = ground.open()) {
            // given a client that is connected, and one whose backend is too busy to notice that its postmaster died
            BlockingQueue<Supervision.Event> events = new LinkedBlockingQueue<>();
            postgres.supervise(events::add);
            Database orders = postgres.provision("orders");
            int port = postgres.port();
            long pid = postgres.pid();
            try (Connection client = Owner.connect(orders);
                    Statement statement = client.createStatement()) {
                statement.execute("CREATE TABLE kept (id int)");
                statement.execute("INSERT INTO kept SELECT generate_series(1, 1000)");
                Thread busy = Thread.ofVirtual().start(() -> countFor(orders));
                Await.until(
                        "the busy client counts", SOON, () -> ask(orders, BUSY).equals("1"));

                // when
                ProcessHandle.of(pid).orElseThrow().destroyForcibly();

                // then
                assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo(new Supervision.Died(pid));
                Supervision.Event event = events.poll(30, TimeUnit.SECONDS);
                assertThat(event).isInstanceOf(Supervision.Restarted.class);
                LOG.info("{}", event);
                assertThat(postgres.pid()).isNotEqualTo(pid);
                assertThat(postgres.port()).isEqualTo(port);
                assertThat(ask(orders, "SELECT count(*) FROM kept")).isEqualTo("1000");
                assertThatThrownBy(() -> statement.execute("SELECT 1")).isInstanceOf(SQLException.class);
                busy.join();
            }
        }
    }

    @Test
    @Tag("long")
    void aServerThatDiedUnwatchedIsStartedWhenAsked() {
        try (EmbeddedPostgres postgres = ground.open()) {
            // given
            ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
            Await.until("it is dead", SOON, () -> !postgres.alive());

            // when
            postgres.ensureRunning();

            // then
            assertThat(postgres.alive()).isTrue();
            assertThat(EmbeddedPostgres.find(ground.folder()).orElseThrow().port())
                    .isEqualTo(postgres.port());
        }
    }

    @Test
    @Tag("long")
    void aClosedSupervisionLeavesTheDeadAlone() throws Exception {
        try (EmbeddedPostgres postgres = ground.open()) {
            // given
            BlockingQueue<Supervision.Event> events = new LinkedBlockingQueue<>();
            postgres.supervise(events::add).close();

            // when
            ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();

            // then
            assertThat(events.poll(500, TimeUnit.MILLISECONDS)).isNull();
            assertThat(postgres.alive()).isFalse();
        }
    }

    @Test
    void theServerOfAKilledOwnerIsAdopted() throws Exception {
        // given
        Process owner = Owner.start(ground.folder(), Ground.BINARIES);
        long server = Owner.server(owner);
        kill(owner);

        // when
        try (EmbeddedPostgres postgres = ground.open()) {

            // then
            assertThat(postgres.adopted()).isTrue();
            assertThat(postgres.pid()).isEqualTo(server);
            assertThat(ask(postgres.provision("orders"), "SELECT count(*) FROM kept"))
                    .isEqualTo("1");
        }
        assertThat(ProcessTable.isPostmaster(server, ground.folder().resolve("data")))
                .isFalse();
    }

    @Test
    @Tag("long")
    void anAdoptedServerThatIsKilledComesBack() throws Exception {
        // given
        Process owner = Owner.start(ground.folder(), Ground.BINARIES);
        long server = Owner.server(owner);
        kill(owner);
        try (EmbeddedPostgres postgres = ground.open()) {
            BlockingQueue<Supervision.Event> events = new LinkedBlockingQueue<>();
            postgres.supervise(events::add);

            // when
            ProcessHandle.of(server).orElseThrow().destroyForcibly();

            // then
            assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo(new Supervision.Died(server));
            assertThat(events.poll(30, TimeUnit.SECONDS)).isInstanceOf(Supervision.Restarted.class);
            assertThat(ask(postgres.provision("orders"), "SELECT count(*) FROM kept"))
                    .isEqualTo("1");
        }
    }

    @Test
    @Tag("long")
    void ownerAndServerKilledTogetherAreStartedAnew() throws Exception {
        // given
        Process owner = Owner.start(ground.folder(), Ground.BINARIES);
        long server = Owner.server(owner);
        ProcessHandle.of(server).orElseThrow().destroyForcibly();
        kill(owner);

        // when
        try (EmbeddedPostgres postgres = ground.open()) {

            // then
            assertThat(postgres.adopted()).isFalse();
            assertThat(ask(postgres.provision("orders"), "SELECT count(*) FROM kept"))
                    .isEqualTo("1");
        }
    }

    @Test
    void ctrlCEndsTheOwnerAndNotTheServer() throws Exception {
        // given an owner that leads a process group, as one that a shell started does, and hears Ctrl-C even if a shell
        // has
        // put these tests into the background
        Process owner = Owner.start(ground.folder(), Ground.BINARIES, "setsid", "env", "--default-signal=INT");
        long server = Owner.server(owner);

        // when
        Ground.signal("INT", "-" + owner.pid());

        // then
        assertThat(owner.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(EmbeddedPostgres.find(ground.folder()).orElseThrow().pid()).isEqualTo(server);
    }

    @Test
    @Tag("long")
    void anOwnerKilledWhileItUnpacksLeavesNothingInTheWay() throws Exception {
        // given
        Process owner = Owner.start(ground.folder(), ground.folder());
        Await.until("it unpacks", SOON, () -> names().stream().anyMatch(name -> name.contains(".part-")));
        kill(owner);

        // when
        try (EmbeddedPostgres postgres = EmbeddedPostgres.open(ground.folder())) {

            // then
            assertThat(postgres.alive()).isTrue();
            assertThat(names()).noneMatch(name -> name.contains(".part-"));
        }
    }

    @Test
    @Tag("long")
    void anOwnerKilledWhileItMakesTheDataFolderLeavesNothingInTheWay() throws Exception {
        // given
        Process owner = Owner.start(ground.folder(), Ground.BINARIES);
        Await.until(
                "it makes the data folder",
                SOON,
                () -> names().stream().anyMatch(name -> name.startsWith("data.init-")));
        kill(owner);
        assertThat(names()).doesNotContain("data");

        // when
        try (EmbeddedPostgres postgres = ground.open()) {

            // then
            assertThat(postgres.alive()).isTrue();
            assertThat(names()).contains("data");
        }
    }

    private static final String BUSY = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT sum%'";

    private static void countFor(Database orders) {
        try {
            ask(orders, "SELECT sum(a::numeric * b) FROM generate_series(1, 1000000) a, generate_series(1, 1000000) b");
        } catch (Exception e) {
            LOG.info("The busy client was cut off: {}", e.getMessage());
        }
    }

    private static void kill(Process owner) throws InterruptedException {
        owner.destroyForcibly().waitFor();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(ground.folder())) {
            return files.map(Path::getFileName).map(Path::toString).toList();
        }
    }

    private static String ask(Database database, String query) throws Exception {
        try (Connection connection = Owner.connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
