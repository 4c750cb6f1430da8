package dev.souk.postgres;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts, recognises and stops the one server process of a data folder. */
final class Postmaster {

    // On the command line, where neither postgresql.conf nor ALTER SYSTEM can override them.
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            // When a row was committed can be asked afterwards, on the one clock that all services share.
            Map.entry("track_commit_timestamp", "on"),
            Map.entry("full_page_writes", "on"),
            // Rows of queues are written and deleted by the thousand within seconds.
            Map.entry("autovacuum_naptime", "20s"),
            Map.entry("listen_addresses", EmbeddedPostgres.HOST),
            Map.entry("unix_socket_directories", ""),
            Map.entry("password_encryption", "scram-sha-256"),
            Map.entry("max_connections", "200"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] %q%u@%d "),
            Map.entry("logging_collector", "off"),
            Map.entry("log_destination", "stderr"));

    /** Long, because crash recovery replays up to {@code max_wal_size} before the server takes connections. */
    private static final Duration START = Duration.ofMinutes(5);

    private static final Duration FAST_STOP = Duration.ofSeconds(30);
    private static final Duration IMMEDIATE_STOP = Duration.ofSeconds(10);
    private static final Duration ORPHANS_LEAVE = Duration.ofSeconds(1);
    private static final int POLL_MILLIS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Postmaster.class);

    private final Path data;
    private final ServerLog log;

    Postmaster(Path data, ServerLog log) {
        this.data = data;
        this.log = log;
    }

    /** The server that runs on this data folder, whoever started it; a stale file or a process id used again is none. */
    Optional<PidFile> running() {
        return PidFile.read(data).filter(file -> alive(file.pid()));
    }

    boolean alive(long pid) {
        return ProcessTable.isPostmaster(pid, data);
    }

    /** Waits until the running server takes connections; empty when it ended instead. */
    Optional<PidFile> awaitReady() {
        await(START, () -> running().map(PidFile::ready).orElse(true));
        Optional<PidFile> server = running();
        if (server.isPresent() && !server.get().ready()) {
            throw new PostgresStartException("the server with pid "
                    + server.get().pid() + " on " + data + " does not become ready: see " + log.file());
        }
        return server;
    }

    /** Starts the server and returns its process id once it takes connections. */
    long start(Binaries binaries, int port) throws IOException {
        clearWayAfterDeath();
        log.turnOver();
        long logEnd = log.end();
        Process process = launch(binaries, port);
        try {
            if (await(START, () -> !process.isAlive() || ready(process.pid())) && process.isAlive()) {
                return process.pid();
            }
        } catch (PostgresStartException interrupted) {
            process.destroyForcibly();
            throw interrupted;
        }
        if (process.isAlive()) {
            process.destroyForcibly();
            throw new PostgresStartException(
                    "it did not become ready within " + START.toSeconds() + " s: see " + log.file());
        }
        throw new PostgresStartException(Diagnosis.reason(log.since(logEnd), data.getParent()));
    }

    /**
     * Stops the server so that the next start needs no recovery. Clients are cut off. A server that does not listen is stopped
     * at once, which costs a recovery and never data.
     */
    void stop(long pid) {
        if (!alive(pid)) {
            return;
        }
        signal("INT", pid);
        if (await(FAST_STOP, () -> !alive(pid))) {
            return;
        }
        LOG.warn("PostgreSQL (pid {}) did not stop within {} s: stopping it at once", pid, FAST_STOP.toSeconds());
        signal("QUIT", pid);
        if (!await(IMMEDIATE_STOP, () -> !alive(pid))) {
            LOG.error("PostgreSQL (pid {}) did not stop at once either: killing it", pid);
            signal("KILL", pid);
            await(IMMEDIATE_STOP, () -> !alive(pid));
        }
    }

    private boolean ready(long pid) {
        return PidFile.read(data)
                .filter(file -> file.pid() == pid && file.ready())
                .isPresent();
    }

    private Process launch(Binaries binaries, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(binaries.program("postgres"), "-D", data.toString()));
        Stream.concat(SETTINGS.entrySet().stream(), Stream.of(Map.entry("port", String.valueOf(port))))
                .forEach(setting -> command.addAll(List.of("-c", setting.getKey() + "=" + setting.getValue())));
        try {
            // Ctrl-C signals every process of the terminal's session in the foreground: the server gets a session of
            // its own.
            return process(Stream.concat(Stream.of("setsid"), Platform.asOrdinaryUser(command).stream())
                    .toList());
        } catch (IOException e) {
            LOG.warn("The command setsid is missing, so that Ctrl-C stops PostgreSQL too: apt-get install util-linux");
            return process(Platform.asOrdinaryUser(command));
        }
    }

    private Process process(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(data.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()));
        DataFolder.cleanEnvironment(builder.environment());
        return builder.start();
    }

    /**
     * PostgreSQL refuses to start while a process has the id in its pid file, whatever program that is, and while backends of
     * a killed postmaster, which end by themselves as soon as they notice, still hold its shared memory.
     */
    private void clearWayAfterDeath() throws IOException {
        if (Files.notExists(PidFile.of(data))) {
            return;
        }
        if (!await(ORPHANS_LEAVE, this::noBackends)) {
            LOG.warn("Backends of a dead postmaster still run on {}: ending them", data);
            ProcessTable.backends(data).forEach(pid -> signal("TERM", pid));
            if (!await(ORPHANS_LEAVE, this::noBackends)) {
                // What they committed is in the log, and what they did not must not be: nothing is lost with them.
                ProcessTable.backends(data).forEach(pid -> signal("KILL", pid));
                await(ORPHANS_LEAVE, this::noBackends);
            }
        }
        if (running().isEmpty()) {
            Files.deleteIfExists(PidFile.of(data));
        }
    }

    private boolean noBackends() {
        return ProcessTable.backends(data).isEmpty();
    }

    /** Java itself can only send SIGTERM and SIGKILL, and SIGTERM lets PostgreSQL wait for its clients. */
    private static void signal(String name, long pid) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            LOG.warn("Cannot send SIG{} to {}", name, pid, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean await(Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new PostgresStartException("interrupted while it waited for the server", e);
            }
        }
        return true;
    }
}
