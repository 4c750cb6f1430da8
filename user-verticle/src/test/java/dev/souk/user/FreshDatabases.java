package dev.souk.user;

import dev.souk.kit.config.Environment;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.event.Routes;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.postgres.EmbeddedPostgres;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Empty databases for the user service on one real PostgreSQL, which runs until the last test of this JVM is done. */
final class FreshDatabases implements BeforeAllCallback {
    private static final Path TARGET = Path.of("target");

    private Server server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = context.getRoot()
                .getStore(Namespace.GLOBAL)
                .computeIfAbsent(Server.class, key -> Server.start(), Server.class);
    }

    /** The setting that leads to a new database. */
    Map<String, String> fresh() {
        return Map.of("SOUK_USER_DATABASE_URL", server.freshUrl());
    }

    /** A view of a database beside the service. */
    static Database open(Vertx vertx, Map<String, String> variables) {
        DatabaseConfig config = DatabaseConfig.from(Environment.of(variables), UserConfig.SERVICE);
        return ServiceFixture.await(Database.open(vertx, config, new Random(1)));
    }

    /** The accounts of a database beside the service. */
    static AccountRepository accounts(Database database) {
        return new AccountRepository(database, new Routes(Map.of()), "test", UUID::randomUUID);
    }

    private record Server(Path folder, EmbeddedPostgres postgres, AtomicInteger databases) implements AutoCloseable {
        static Server start() {
            try {
                Path folder = Files.createTempDirectory(Files.createDirectories(TARGET), "postgres-");
                EmbeddedPostgres postgres = EmbeddedPostgres.open(folder, TARGET.resolve("postgres-binaries"));
                return new Server(folder, postgres, new AtomicInteger());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String freshUrl() {
            return postgres.provision("user_" + databases.incrementAndGet()).url();
        }

        @Override
        public void close() throws IOException {
            postgres.close();
            try (Stream<Path> files = Files.walk(folder)) {
                List<Path> deepestFirst =
                        files.sorted(Comparator.reverseOrder()).toList();
                for (Path file : deepestFirst) {
                    Files.delete(file);
                }
            }
        }
    }
}
