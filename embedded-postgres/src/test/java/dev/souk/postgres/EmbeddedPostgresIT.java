package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.postgres.EmbeddedPostgres.Database;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresIT {

    @RegisterExtension
    private final Ground ground = new Ground();

    @Test
    void dataPortAndPasswordsOutliveARestart() throws Exception {
        // given
        int port;
        Database before;
        try (EmbeddedPostgres postgres = ground.open()) {
            port = postgres.port();
            before = postgres.provision("orders");
            write(before);
        }

        // when
        try (EmbeddedPostgres postgres = ground.open()) {
            Database after = postgres.provision("orders");

            // then
            assertThat(postgres.adopted()).isFalse();
            assertThat(postgres.port()).isEqualTo(port);
            assertThat(after).isEqualTo(before);
            assertThat(rows(after)).isEqualTo(1);
        }
    }

    @Test
    void theServerIsDurableAndPrivate() throws Exception {
        try (EmbeddedPostgres postgres = ground.open()) {
            // when
            Database database = postgres.provision("orders");

            // then
            assertThat(show(database, "fsync")).isEqualTo("on");
            assertThat(show(database, "synchronous_commit")).isEqualTo("on");
            assertThat(show(database, "full_page_writes")).isEqualTo("on");
            assertThat(show(database, "data_checksums")).isEqualTo("on");
            assertThat(show(database, "listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(show(database, "log_timezone")).isEqualTo("UTC");
            assertThat(show(database, "server_encoding")).isEqualTo("UTF8");
            assertThat(show(database, "server_version")).startsWith("18.");
            assertThat(show(database, "max_connections")).isEqualTo("200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "postgres", "template1"})
    void aRoleCanOpenNoDatabaseButItsOwn(String other) throws Exception {
        try (EmbeddedPostgres postgres = ground.open()) {
            // given
            Database orders = postgres.provision("orders");
            postgres.provision("users");

            // when, then
            assertThatThrownBy(() -> Owner.connect(orders, other))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied for database");
            write(orders);
        }
    }

    @Test
    @Tag("long")
    void aWrongPasswordIsRefused() throws Exception {
        try (EmbeddedPostgres postgres = ground.open()) {
            // given
            Database orders = postgres.provision("orders");
            Database guessed = new Database(orders.host(), orders.port(), "orders", "orders", "guess");

            // when, then
            assertThatThrownBy(() -> Owner.connect(guessed)).hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void anotherProcessFindsTheServerAndItsDatabases() throws Exception {
        // given
        assertThat(EmbeddedPostgres.find(ground.folder())).isEmpty();
        try (EmbeddedPostgres postgres = ground.open()) {
            Database orders = postgres.provision("orders");

            // when
            Running running = EmbeddedPostgres.find(ground.folder()).orElseThrow();

            // then
            assertThat(running.pid()).isEqualTo(postgres.pid());
            assertThat(running.port()).isEqualTo(postgres.port());
            assertThat(running.database("orders")).contains(orders);
            assertThat(running.database("users")).isEmpty();
        }
        assertThat(EmbeddedPostgres.find(ground.folder())).isEmpty();
    }

    @Test
    @Tag("long")
    void aClosedServerIsGoneAndStaysSo() {
        // given
        EmbeddedPostgres postgres = ground.open();

        // when
        postgres.close();
        postgres.close();

        // then
        assertThat(postgres.alive()).isFalse();
        assertThat(PidFile.of(ground.folder().resolve("data"))).doesNotExist();
        assertThatIllegalStateException().isThrownBy(postgres::ensureRunning);
        assertThatIllegalStateException().isThrownBy(() -> postgres.provision("orders"));
    }

    @Test
    @Tag("long")
    void aPortThatAStrangerTookMeanwhileIsReplaced() throws Exception {
        // given
        int taken;
        try (EmbeddedPostgres postgres = ground.open()) {
            taken = postgres.port();
        }
        try (ServerSocket stranger = new ServerSocket()) {
            stranger.bind(new InetSocketAddress(EmbeddedPostgres.HOST, taken));

            // when
            try (EmbeddedPostgres postgres = ground.open()) {

                // then
                assertThat(postgres.port()).isNotEqualTo(taken);
                write(postgres.provision("orders"));
            }
        }
    }

    @Test
    @Tag("long")
    void aStaleFileWithAProcessIdUsedAgainIsNoServer() throws Exception {
        // given a process of another program, which even stands in the data folder
        ground.open().close();
        Path data = ground.folder().resolve("data");
        Process other =
                new ProcessBuilder("sleep", "600").directory(data.toFile()).start();
        try {
            Files.write(
                    PidFile.of(data),
                    List.of(
                            String.valueOf(other.pid()),
                            data.toString(),
                            "1",
                            "20001",
                            "",
                            "127.0.0.1",
                            "1 2",
                            "ready   "));
            assertThat(EmbeddedPostgres.find(ground.folder())).isEmpty();

            // when
            try (EmbeddedPostgres postgres = ground.open()) {

                // then
                assertThat(postgres.adopted()).isFalse();
                assertThat(other.isAlive()).isTrue();
            }
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    @Tag("long")
    void aFolderOpenedTwiceAtOnceHasOneServer() throws Exception {
        // given
        List<CompletableFuture<EmbeddedPostgres>> opening = new ArrayList<>();

        // when
        for (int i = 0; i < 3; i++) {
            opening.add(CompletableFuture.supplyAsync(ground::open));
        }

        // then
        assertThat(opening.stream().map(each -> each.join().pid()).distinct()).hasSize(1);
        assertThat(opening.stream().filter(each -> !each.join().adopted())).hasSize(1);
        opening.getFirst().join().close();
    }

    @Test
    @Tag("long")
    void aServerThatSomebodyRunsWithoutDurabilityIsStartedAnew() throws Exception {
        // given
        ground.open().close();
        Path data = ground.folder().toRealPath().resolve("data");
        int port = Integer.parseInt(
                Files.readString(ground.folder().resolve("port")).strip());
        Process careless = new ProcessBuilder(Platform.asOrdinaryUser(List.of(
                        Binaries.in(Ground.BINARIES).program("postgres"),
                        "-D",
                        data.toString(),
                        "--fsync=off",
                        "--port=" + port,
                        "--unix_socket_directories=")))
                .redirectErrorStream(true)
                .redirectOutput(ground.folder().resolve("careless.log").toFile())
                .start();
        Await.until(
                "it runs",
                Duration.ofSeconds(30),
                () -> EmbeddedPostgres.find(ground.folder()).isPresent());

        // when
        try (EmbeddedPostgres postgres = ground.open()) {

            // then
            assertThat(careless.isAlive()).isFalse();
            assertThat(postgres.adopted()).isFalse();
            assertThat(show(postgres.provision("orders"), "fsync")).isEqualTo("on");
        }
    }

    private static void write(Database database) throws Exception {
        try (Connection connection = Owner.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE kept (id int)");
            statement.execute("INSERT INTO kept VALUES (1)");
        }
    }

    private static int rows(Database database) throws Exception {
        return Integer.parseInt(ask(database, "SELECT count(*) FROM kept"));
    }

    private static String show(Database database, String setting) throws Exception {
        return ask(database, "SHOW " + setting);
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
