package dev.souk.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of the database cluster. They come into being at once, by a rename, and are never deleted. */
final class DataFolder {

    private static final String UNFINISHED = "data.init-";
    private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

    private final Path folder;
    private final Path data;

    /** @param folder a real path: processes are recognised by it */
    DataFolder(Path folder) {
        this.folder = folder;
        this.data = folder.resolve("data");
    }

    Path path() {
        return data;
    }

    boolean exists() {
        return Files.exists(data);
    }

    /** Refuses a folder on which this server cannot or must not work. */
    void check(Binaries binaries) throws IOException {
        int owner = Platform.ownerOf(data);
        if (owner != Platform.uid()) {
            throw new PostgresStartException(data + " belongs to the user with uid " + owner
                    + ": start as that user, or chown -R " + Platform.uid() + " " + folder);
        }
        String made;
        try {
            made = Files.readString(data.resolve("PG_VERSION")).strip();
        } catch (NoSuchFileException e) {
            throw new PostgresStartException(data + " is not a data folder of PostgreSQL: move it away", e);
        }
        if (!made.equals(binaries.major())) {
            throw new PostgresStartException(data + " was made by PostgreSQL " + made + " and this is "
                    + binaries.major() + ": dump it with " + made + ", or move it away");
        }
    }

    /** Makes the cluster beside its place and renames it there, so that a kill at any moment leaves all of it or none. */
    void initialise(Binaries binaries, String superuserPassword) throws IOException {
        long start = System.nanoTime();
        sweep();
        Path unfinished = Files.createTempDirectory(folder, UNFINISHED);
        try {
            initdb(binaries, unfinished, superuserPassword);
            DurableFile.move(unfinished, data);
        } finally {
            discard(unfinished);
        }
        LOG.info("Made the database cluster {} in {} ms", data, (System.nanoTime() - start) / 1_000_000);
    }

    private void initdb(Binaries binaries, Path target, String superuserPassword) throws IOException {
        // The provider "builtin" sorts the same on every machine; that of libc changes with the system's library.
        ProcessBuilder initdb = new ProcessBuilder(Platform.asOrdinaryUser(List.of(
                        binaries.program("initdb"),
                        "--pgdata=" + target,
                        "--username=" + Superuser.NAME,
                        "--pwfile=/dev/stdin",
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--locale=C",
                        // The disk is asked whether it is full before the unfinished files go.
                        "--no-clean",
                        "--no-instructions")))
                .redirectErrorStream(true);
        cleanEnvironment(initdb.environment());
        Process process = initdb.start();
        String output;
        int exit;
        try {
            try (var password = process.getOutputStream()) {
                password.write((superuserPassword + "\n").getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It ended before it read the password; its output says why.
                LOG.debug("initdb did not read its password", e);
            }
            output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            exit = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresStartException("interrupted while it made its data folder", e);
        }
        if (exit != 0) {
            LOG.debug("initdb ended with {}: {}", exit, output);
            throw new PostgresStartException(Diagnosis.reason(output, folder));
        }
    }

    /** Messages in English, times in UTC, and none of the PG* or library settings that an operator's shell may hold. */
    static void cleanEnvironment(Map<String, String> environment) {
        environment.keySet().retainAll(Set.of("PATH"));
        environment.put("LC_ALL", "C");
        environment.put("TZ", "UTC");
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder, UNFINISHED + "*")) {
            for (Path leftover : leftovers) {
                discard(leftover);
            }
        }
    }

    private static void discard(Path leftover) {
        try {
            DurableFile.delete(leftover);
        } catch (IOException e) {
            // The orphan of a killed start may still write into it; it is in nobody's way and goes with a later start.
            LOG.debug("{} stays for now", leftover, e);
        }
    }
}
