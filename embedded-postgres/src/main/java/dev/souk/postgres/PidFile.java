package dev.souk.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * What a postmaster writes into {@code postmaster.pid} of its data folder. The file may be stale: a killed postmaster leaves it.
 *
 * @param port 0 while the server has not written it yet
 * @param ready whether the server takes connections
 */
record PidFile(long pid, int port, boolean ready) {

    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    static Path of(Path data) {
        return data.resolve("postmaster.pid");
    }

    /** Empty when there is no file, or none that begins with a process id. */
    static Optional<PidFile> read(Path data) {
        try {
            return parse(Files.readAllLines(of(data)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Optional<PidFile> parse(List<String> lines) {
        try {
            return Optional.of(new PidFile(
                    Long.parseLong(lines.getFirst().strip()),
                    lines.size() > PORT_LINE
                            ? Integer.parseInt(lines.get(PORT_LINE).strip())
                            : 0,
                    lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready")));
        } catch (NumberFormatException | NoSuchElementException e) {
            return Optional.empty();
        }
    }
}
