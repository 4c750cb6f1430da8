package dev.souk.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A fresh folder for each test, under which no server is left running, whatever the test did. Binaries are shared. */
final class Ground implements BeforeEachCallback, AfterEachCallback {

    static final Path BINARIES = Path.of("target/postgres-binaries").toAbsolutePath();

    private Path folder;

    Path folder() {
        return folder;
    }

    EmbeddedPostgres open() {
        return EmbeddedPostgres.open(folder, BINARIES);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Path parent = Path.of("target/it").toAbsolutePath();
        Files.createDirectories(parent);
        folder = Files.createTempDirectory(
                parent, context.getRequiredTestMethod().getName() + "-");
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        stop(folder);
        DurableFile.delete(folder);
    }

    static void stop(Path folder) throws IOException {
        Path data = folder.toRealPath().resolve("data");
        PidFile.read(data)
                .filter(server -> ProcessTable.isPostmaster(server.pid(), data))
                .flatMap(server -> ProcessHandle.of(server.pid()))
                .ifPresent(ProcessHandle::destroyForcibly);
        Await.until(
                "no server is left",
                Duration.ofSeconds(20),
                () -> ProcessTable.backends(data).isEmpty());
    }

    static void signal(String name, String target) throws Exception {
        new ProcessBuilder("sh", "-c", "kill -" + name + " " + target)
                .inheritIO()
                .start()
                .waitFor();
    }
}
