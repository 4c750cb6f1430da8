package dev.souk.postgres;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A durable PostgreSQL on this machine's loopback address, whose files all live in one folder: {@code data/}, the log, the
 * port, the passwords and, unless they are shared, the unpacked binaries.
 *
 * <p>What was committed survives a kill of any process and, as far as the disk keeps its word, a power cut: {@code fsync},
 * {@code synchronous_commit} and {@code full_page_writes} are forced on and looked at after each start.
 *
 * <p>The server is a process of its own session. It outlives a killed JVM and is adopted by the next {@link #open} on its
 * folder; it does not notice a Ctrl-C. Nothing here ever deletes data.
 *
 * <p>All methods block and may be called from any thread. There is to be one owner of a folder at a time; the caller sees to
 * that. If there are two by mistake they share one server and the data come to no harm.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    /** The only address on which the server listens. */
    public static final String HOST = "127.0.0.1";

    private final Server server;
    private final ReentrantLock turn = new ReentrantLock();

    private Supervision supervision;
    private volatile boolean closed;

    private EmbeddedPostgres(Server server) {
        this.server = server;
    }

    /** As {@link #open(Path, Path)}, with the binaries unpacked in the folder itself. */
    public static EmbeddedPostgres open(Path folder) {
        return open(folder, folder);
    }

    /**
     * Returns the folder's server once it takes connections: the one that still runs there, or else a new one, made first if
     * the folder is empty.
     *
     * @param binaries where the programs are unpacked; several folders and processes may share it
     * @throws PostgresStartException saying in one line what is in the way and how to mend it
     */
    public static EmbeddedPostgres open(Path folder, Path binaries) {
        whyItCannotRun().ifPresent(reason -> {
            throw new PostgresStartException(reason);
        });
        Path home = writable(folder);
        Server server = new Server(home, Binaries.in(folder.equals(binaries) ? home : binaries), new SecureRandom());
        server.startOrAdopt();
        return new EmbeddedPostgres(server);
    }

    /**
     * The server that another process runs on this folder; empty when none is ready there now. For processes that join a shop
     * without owning its database; they must run as the same user.
     */
    public static Optional<Running> find(Path folder) {
        return Running.in(folder, new Secrets(folder, new SecureRandom()));
    }

    /** One line why no server can run on this machine as this user, with the remedy; empty when nothing stands in its way. */
    public static Optional<String> whyItCannotRun() {
        return Platform.whyItCannotRun();
    }

    public String host() {
        return HOST;
    }

    /** The same for the life of the folder, unless another program takes it while the server is down. */
    public int port() {
        return server.port();
    }

    /** The server's process id: another one after each restart. */
    public long pid() {
        return server.pid();
    }

    /** Whether {@link #open} found the server running, left by an owner that was killed. */
    public boolean adopted() {
        return server.adopted();
    }

    /** Whether the server's process is there. It may be in recovery. */
    public boolean alive() {
        return server.alive();
    }

    /**
     * Makes sure of a database of this name, owned by a login role of the same name that can open no other database. May be
     * repeated; the password stays the same and is kept in the folder.
     *
     * @param name 1 to 63 of {@code a-z}, {@code 0-9} and {@code _}, beginning with a letter, not one of PostgreSQL's own
     * @throws IllegalStateException when the server refuses or cannot be reached
     */
    public Database provision(String name) {
        Database.checkName(name);
        turn.lock();
        try {
            refuseIfClosed();
            return server.provision(name);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("Cannot provision the database " + name + ": " + e.getMessage(), e);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Starts the server again, on the same port, if it died; does nothing if it is alive.
     *
     * @throws PostgresStartException when it cannot be started; may be tried again
     * @throws IllegalStateException after {@link #close}
     */
    public void ensureRunning() {
        turn.lock();
        try {
            refuseIfClosed();
            if (!alive()) {
                server.startAgain();
            }
        } finally {
            turn.unlock();
        }
    }

    /** As {@link #supervise(Consumer)}, with nobody told; deaths and restarts are logged in any case. */
    public Supervision supervise() {
        return supervise(_ -> {});
    }

    /**
     * Starts the server again whenever it dies, from now until this is closed.
     *
     * @param listener is told what happens, on the thread of the supervision
     * @throws IllegalStateException when it is supervised already or closed
     */
    public Supervision supervise(Consumer<Supervision.Event> listener) {
        turn.lock();
        try {
            refuseIfClosed();
            if (supervision != null) {
                throw new IllegalStateException("The server is supervised already");
            }
            supervision = Supervision.of(this, listener);
            return supervision;
        } finally {
            turn.unlock();
        }
    }

    /**
     * Stops the server cleanly, cutting off its clients, and returns when it has ended: within 30 s, after which it is stopped
     * the hard way. May be repeated.
     */
    @Override
    public void close() {
        closed = true;
        turn.lock();
        try {
            if (supervision != null) {
                supervision.close();
            }
            server.stop();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public String toString() {
        return server.toString();
    }

    private static Path writable(Path folder) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path home = folder.toRealPath();
            // Asked by doing: root may write anywhere but on a read-only file system.
            Files.delete(Files.createTempFile(home, "writable.", ".probe"));
            return home;
        } catch (IOException e) {
            throw Diagnosis.of(e, folder);
        }
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("The server is closed");
        }
    }

    /** How to open one database as the role that owns it. */
    public record Database(String host, int port, String name, String user, String password) {

        private static final Pattern NAME =
                Pattern.compile("(?!pg_)(?!(postgres|template\\d*|public|none)$)[a-z][a-z0-9_]{0,62}");

        public Database {
            checkName(name);
        }

        static void checkName(String name) {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "name: 1 to 63 of a-z, 0-9 and _, beginning with a letter and not PostgreSQL's own, but was "
                                + name);
            }
        }

        /** {@code postgresql://user:password@host:port/name}, as clients of PostgreSQL read it. Holds the password. */
        public String url() {
            return "postgresql://" + encode(user) + ":" + encode(password) + "@" + host + ":" + port + "/" + name;
        }

        /** Everything but the password. */
        @Override
        public String toString() {
            return "Database[postgresql://" + user + ":***@" + host + ":" + port + "/" + name + "]";
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }
}
