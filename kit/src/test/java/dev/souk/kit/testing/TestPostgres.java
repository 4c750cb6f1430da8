package dev.souk.kit.testing;

import dev.souk.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgreSQL for the tests of one class, and as many empty databases on it as they like. */
public final class TestPostgres implements BeforeAllCallback, AfterAllCallback {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private EmbeddedPostgres postgres;

    @Override
    public void beforeAll(ExtensionContext context) {
        postgres = EmbeddedPostgres.open(TARGET.resolve("postgres"), TARGET.resolve("postgres-binaries"));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        postgres.close();
    }

    /** A new empty database. */
    public EmbeddedPostgres.Database provision() {
        return postgres.provision("test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet());
    }
}
