package dev.souk.postgres;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port of a folder's server: chosen once and kept in the file {@code port}, so that clients find it again. */
final class KeptPort {

    // Below the range from which systems take the ports of outgoing connections: one of those could sit on ours at a
    // restart.
    private static final int FIRST = 20_000;
    private static final int BEYOND = 30_000;
    private static final int TRIES = 200;

    private static final Logger LOG = LoggerFactory.getLogger(KeptPort.class);

    private final Path file;
    private final RandomGenerator random;

    KeptPort(Path folder, RandomGenerator random) {
        this.file = folder.resolve("port");
        this.random = random;
    }

    /** The kept port when nobody else took it meanwhile, otherwise another, which is kept from now on. */
    int claim() throws IOException {
        int kept = read();
        if (kept > 0 && free(kept)) {
            return kept;
        }
        int chosen = choose();
        if (kept > 0) {
            LOG.warn("Port {} is taken by another program: PostgreSQL moves to port {}", kept, chosen);
        }
        keep(chosen);
        return chosen;
    }

    void keep(int port) throws IOException {
        if (port != read()) {
            DurableFile.write(file, port + "\n");
        }
    }

    static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(EmbeddedPostgres.HOST, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private int choose() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            int port = random.nextInt(FIRST, BEYOND);
            if (free(port)) {
                return port;
            }
        }
        throw new IOException("no free port between " + FIRST + " and " + BEYOND);
    }

    private int read() throws IOException {
        try {
            int port = Integer.parseInt(Files.readString(file).strip());
            return port > 0 && port < 65_536 ? port : 0;
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        }
    }
}
