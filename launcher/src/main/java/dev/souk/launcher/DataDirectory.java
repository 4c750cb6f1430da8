package dev.souk.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The folder of one shop. Whoever holds its lock owns the embedded database in it; others may join. The lock goes with
 * the process, however it ends.
 */
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private FileChannel lockFile;

    private DataDirectory(Path path) {
        this.path = path;
    }

    /** @throws LaunchException if the folder cannot be made or written */
    static DataDirectory at(Path path) {
        try {
            if (!Files.isDirectory(path)) {
                Files.createDirectories(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Path real = path.toRealPath();
            Files.createDirectories(real.resolve("log"));
            return new DataDirectory(real);
        } catch (AccessDeniedException e) {
            throw new LaunchException("the data folder " + path + " is not writable for "
                    + System.getProperty("user.name") + "; choose another with SOUK_DATA_DIR");
        } catch (IOException e) {
            throw new LaunchException("the data folder " + path + " cannot be used: " + e.getMessage()
                    + "; choose another with SOUK_DATA_DIR");
        }
    }

    Path path() {
        return path;
    }

    Path database() {
        return path.resolve("postgresql");
    }

    Path sandbox() {
        return path.resolve("sandbox");
    }

    Path logs() {
        return path.resolve("log");
    }

    /** Makes this process the owner; false if another one is. */
    boolean own() {
        try {
            FileChannel channel = FileChannel.open(
                    path.resolve("owner"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return false;
            }
            channel.truncate(0);
            channel.write(StandardCharsets.UTF_8.encode(
                    Long.toString(ProcessHandle.current().pid())));
            lockFile = channel;
            return true;
        } catch (IOException e) {
            throw new LaunchException("the data folder " + path + " cannot be locked: " + e.getMessage());
        }
    }

    /** The process that owns the folder, as far as it said so. */
    Optional<Long> owner() {
        try {
            return Optional.of(
                    Long.parseLong(Files.readString(path.resolve("owner")).strip()));
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        if (lockFile != null) {
            try {
                lockFile.close();
            } catch (IOException e) {
                throw new LaunchException("the data folder " + path + " cannot be unlocked: " + e.getMessage());
            }
        }
    }
}
