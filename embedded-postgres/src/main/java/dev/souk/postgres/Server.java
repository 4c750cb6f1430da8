package dev.souk.postgres;

import dev.souk.postgres.EmbeddedPostgres.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one server of a folder: how it comes to run, on which port, and that it is durable. Its caller takes turns. */
final class Server {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Path folder;
    private final Binaries binaries;
    private final DataFolder data;
    private final Postmaster postmaster;
    private final Secrets secrets;
    private final KeptPort keptPort;
    private final Superuser superuser;

    // Read by any thread while another one starts the server again.
    private volatile boolean adopted;
    private volatile int port;
    private volatile long pid;

    /** @param folder a real path, which can be written */
    Server(Path folder, Binaries binaries, SecureRandom random) {
        this.folder = folder;
        this.binaries = binaries;
        this.data = new DataFolder(folder);
        this.postmaster = new Postmaster(data.path(), new ServerLog(folder));
        this.secrets = new Secrets(folder, random);
        this.keptPort = new KeptPort(folder, random);
        this.superuser = new Superuser(secrets);
    }

    int port() {
        return port;
    }

    long pid() {
        return pid;
    }

    boolean adopted() {
        return adopted;
    }

    boolean alive() {
        return postmaster.alive(pid);
    }

    void stop() {
        postmaster.stop(pid);
    }

    Database provision(String name) throws IOException, SQLException {
        String password = secrets.of(name).orElseGet(secrets::fresh);
        superuser.provision(port, name, password);
        // Kept last: who reads it in another process may rely on the database, and a kill before leads to a new
        // password.
        secrets.keep(name, password);
        return new Database(EmbeddedPostgres.HOST, port, name, name, password);
    }

    /** After its death: on the same port, on the data that are there, and never on a fresh folder. */
    void startAgain() {
        try (var _ = FolderLock.of(folder.resolve("start.lock"))) {
            data.check(binaries);
            Optional<PidFile> other = postmaster.awaitReady();
            if (other.isPresent() && other.get().port() != port) {
                throw new PostgresStartException("somebody else started the server on port "
                        + other.get().port());
            }
            pid = other.isPresent() ? other.get().pid() : postmaster.start(binaries, port);
            requireDurable();
        } catch (IOException e) {
            throw Diagnosis.of(e, folder);
        }
    }

    void startOrAdopt() {
        long start = System.nanoTime();
        try (var _ = FolderLock.of(folder.resolve("start.lock"))) {
            if (!data.exists()) {
                String password = secrets.of(Superuser.NAME).orElseGet(secrets::fresh);
                secrets.keep(Superuser.NAME, password);
                data.initialise(binaries, password);
            }
            data.check(binaries);
            adopted = postmaster.awaitReady().filter(this::adopt).isPresent();
            if (!adopted) {
                port = keptPort.claim();
                pid = postmaster.start(binaries, port);
                requireDurable();
            }
        } catch (IOException e) {
            throw Diagnosis.of(e, folder);
        }
        LOG.info(
                "PostgreSQL (pid {}) {} on port {} in {} ms",
                pid,
                adopted ? "adopted" : "started",
                port,
                (System.nanoTime() - start) / 1_000_000);
    }

    /** Returns false when the running server had to be stopped because it is not durable. */
    private boolean adopt(PidFile server) {
        try {
            List<String> undurable = superuser.undurable(server.port());
            if (undurable.isEmpty()) {
                port = server.port();
                pid = server.pid();
                keptPort.keep(port);
                return true;
            }
            LOG.warn("The server that runs on {} has {} off: starting it anew", folder, undurable);
            postmaster.stop(server.pid());
            return false;
        } catch (IOException e) {
            throw Diagnosis.of(e, folder);
        }
    }

    private void requireDurable() throws IOException {
        try {
            List<String> undurable = superuser.undurable(port);
            if (!undurable.isEmpty()) {
                throw new PostgresStartException(
                        "it runs with " + undurable + " off, which could lose what it acknowledged");
            }
        } catch (IOException | RuntimeException e) {
            postmaster.stop(pid);
            throw e;
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL on port " + port + " in " + folder;
    }
}
