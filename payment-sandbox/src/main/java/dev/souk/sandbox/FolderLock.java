package dev.souk.sandbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A folder that one sandbox has for itself. The lock goes with the process, however it ends. */
final class FolderLock implements AutoCloseable {
    // A file's lock belongs to the process: opening and closing the file once more in this JVM would let it go.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path folder;
    private final FileChannel file;

    private FolderLock(Path folder, FileChannel file) {
        this.folder = folder;
        this.file = file;
    }

    /** @throws IOException if another sandbox has the folder, here or in another process, or if it cannot be written */
    static FolderLock of(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path real = folder.toRealPath();
        if (!HELD_HERE.add(real)) {
            throw inUse();
        }
        try {
            return new FolderLock(real, lock(real.resolve("ledger.lock")));
        } catch (IOException | RuntimeException e) {
            HELD_HERE.remove(real);
            throw e;
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw inUse();
            }
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static IOException inUse() {
        return new IOException("another sandbox is using it");
    }

    @Override
    public void close() throws IOException {
        file.close();
        HELD_HERE.remove(folder);
    }
}
