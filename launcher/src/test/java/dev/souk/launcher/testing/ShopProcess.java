package dev.souk.launcher.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.postgres.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The {@code ./souk} command as a process of its own, as its users run it. */
public final class ShopProcess implements AutoCloseable {
    public static final String ADMIN_EMAIL = "admin@example.com";
    public static final String ADMIN_PASSWORD = "open sesame, said the test";
    public static final Duration LIMIT = Duration.ofSeconds(60);
    /** The shop gives up before, and says why. */
    private static final Duration READY_LIMIT = Duration.ofSeconds(120);

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private final Process process;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final Thread reader;

    private ShopProcess(Process process) {
        this.process = process;
        this.reader = Thread.ofPlatform().daemon().start(this::read);
    }

    /** A configuration of its own: data folder below target, free ports, a known admin. */
    public static Map<String, String> settings(String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put(
                "SOUK_DATA_DIR",
                Path.of("target", "shops", name + "-" + ProcessHandle.current().pid())
                        .toAbsolutePath()
                        .toString());
        settings.put("SOUK_HTTP_PORT", Integer.toString(freePort()));
        settings.put("SOUK_MANAGEMENT_PORT", Integer.toString(freePort()));
        settings.put("SOUK_SANDBOX_PORT", "0");
        settings.put("SOUK_ADMIN_EMAIL", ADMIN_EMAIL);
        settings.put("SOUK_ADMIN_PASSWORD", ADMIN_PASSWORD);
        return settings;
    }

    public static ShopProcess souk(Map<String, String> settings, String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("souk").toString()));
        command.addAll(Arrays.asList(arguments));
        return command(settings, command);
    }

    /** Any other command with the settings of a shop. */
    public static ShopProcess command(Map<String, String> settings, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.directory(Path.of("target").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SOUK_"));
        builder.environment().putAll(settings);
        builder.environment().put("SOUK_SKIP_BUILD", "true");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        try {
            return new ShopProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when the process has said that it is ready. */
    public ShopProcess awaitReady() {
        await(this::text, READY_LIMIT, () -> hasSaid("ready in") || !process.isAlive());
        assertThat(process.isAlive()).as(text()).isTrue();
        return this;
    }

    public boolean hasSaid(String words) {
        return text().contains(words);
    }

    /** Everything that it has printed so far. */
    public String text() {
        synchronized (output) {
            return String.join("\n", output);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** The status that it ends with, and nothing printed is missing any more. */
    public int exitStatus() {
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS))
                    .as(text())
                    .isTrue();
            reader.join(LIMIT);
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGTERM, as an operator does it. */
    public int stop() {
        process.destroy();
        return exitStatus();
    }

    /** kill -9, as the kernel does it. */
    public void kill() {
        process.destroyForcibly();
        exitStatus();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }

    public static URI url(Map<String, String> settings) {
        return URI.create("http://127.0.0.1:" + settings.get("SOUK_HTTP_PORT"));
    }

    public static Path databaseFolder(Map<String, String> settings) {
        return Path.of(settings.get("SOUK_DATA_DIR"), "postgresql");
    }

    public static long postmaster(Map<String, String> settings) {
        return EmbeddedPostgres.find(databaseFolder(settings)).orElseThrow().pid();
    }

    /** One number out of a service's database, read with the service's own role. */
    public static long number(Map<String, String> settings, String service, String sql) {
        EmbeddedPostgres.Database database = EmbeddedPostgres.find(databaseFolder(settings))
                .orElseThrow()
                .database(service)
                .orElseThrow();
        String url = "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name();
        try (Connection connection = DriverManager.getConnection(url, database.user(), database.password());
                var statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Waits for a condition, and says for which if it does not come. */
    public static void await(String what, BooleanSupplier condition) {
        await(what, LIMIT, condition);
    }

    public static void await(String what, Duration limit, BooleanSupplier condition) {
        await(() -> what, limit, condition);
    }

    private static void await(Supplier<String> what, Duration limit, BooleanSupplier condition) {
        long until = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new AssertionError("waited " + limit + " in vain for " + what.get());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void deleteFolder(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().forEach(output::add);
        } catch (IOException | UncheckedIOException e) {
            output.add("(output ended: " + e.getMessage() + ")");
        }
    }
}
