package dev.souk.postgres;

import dev.souk.postgres.EmbeddedPostgres.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** A server that another process owns, as that process's folder describes it. Has nothing to close. */
public final class Running {

    private final long pid;
    private final int port;
    private final Secrets secrets;

    private Running(long pid, int port, Secrets secrets) {
        this.pid = pid;
        this.port = port;
        this.secrets = secrets;
    }

    /** @see EmbeddedPostgres#find(Path) */
    static Optional<Running> in(Path folder, Secrets secrets) {
        Path real;
        try {
            real = folder.toRealPath();
        } catch (IOException e) {
            return Optional.empty();
        }
        return new Postmaster(real.resolve("data"), new ServerLog(real))
                .running()
                .filter(PidFile::ready)
                .map(server -> new Running(server.pid(), server.port(), secrets));
    }

    public String host() {
        return EmbeddedPostgres.HOST;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return pid;
    }

    /**
     * How to open the database of that name; empty while its owner has not provisioned it. Read anew at each call.
     *
     * @throws UncheckedIOException when the folder's secrets cannot be read, by another user for instance
     */
    public Optional<Database> database(String name) {
        Database.checkName(name);
        try {
            return secrets.of(name).map(password -> new Database(host(), port, name, name, password));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
