package dev.souk.sandbox;

import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A sandbox in a JVM of its own, which can end at a crash point. */
final class SandboxProcess {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final int port;

    private SandboxProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** What runs in there: {@code folder, file to write the port to}. */
    public static void main(String[] arguments) throws IOException {
        SandboxConfig config = new SandboxConfig("127.0.0.1", 0, Path.of(arguments[0]));
        Sandbox sandbox = ServiceFixture.await(Sandbox.start(Vertx.vertx(), config));
        Path told = Path.of(arguments[1]);
        Path written = Files.writeString(told.resolveSibling("port.new"), Integer.toString(sandbox.port()));
        Files.move(written, told);
    }

    /** @param crashPoints where points are armed */
    static SandboxProcess start(Path folder, Path crashPoints) throws IOException {
        Path port = Files.createTempDirectory(folder, "start").resolve("port");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SandboxProcess.class.getName(),
                        folder.toString(),
                        port.toString())
                .inheritIO();
        builder.environment().put("SOUK_CRASH_POINTS", crashPoints.toString());
        Process process = builder.start();
        Await.until("the sandbox runs", START_LIMIT, () -> Files.exists(port));
        return new SandboxProcess(process, Integer.parseInt(Files.readString(port)));
    }

    int port() {
        return port;
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("still runs");
        }
        return process.exitValue();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
