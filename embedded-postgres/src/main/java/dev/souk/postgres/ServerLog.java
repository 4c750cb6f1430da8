package dev.souk.postgres;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file {@code postgres.log}, into which the server writes for itself: a pipe to this JVM would break when the JVM is
 * killed, and take the server with it.
 */
final class ServerLog {

    private static final long ENOUGH_BYTES = 16 * 1024 * 1024;
    private static final int TAIL_BYTES = 64 * 1024;

    private final Path file;

    ServerLog(Path folder) {
        this.file = folder.resolve("postgres.log");
    }

    Path file() {
        return file;
    }

    /** Where the log ends now. */
    long end() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /** Sets a long log aside as {@code postgres.log.1}; only while no server writes to it. */
    void turnOver() throws IOException {
        if (end() > ENOUGH_BYTES) {
            Files.move(file, file.resolveSibling(file.getFileName() + ".1"), REPLACE_EXISTING);
        }
    }

    /** What was written after {@code from}, or the last 64 KiB of it. */
    String since(long from) {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(from, log.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) Math.max(0, log.length() - start)];
            log.seek(start);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
