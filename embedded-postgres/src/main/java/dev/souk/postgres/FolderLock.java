package dev.souk.postgres;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One at a time, over all threads and processes of this machine, for as long as it is not closed. The operating system frees
 * it when its holder is killed.
 */
final class FolderLock implements AutoCloseable {

    // A file lock belongs to the whole JVM and refuses a second thread instead of letting it wait.
    private static final Map<Path, ReentrantLock> WITHIN_JVM = new ConcurrentHashMap<>();

    private final ReentrantLock within;
    private final FileChannel channel;

    private FolderLock(ReentrantLock within, FileChannel channel) {
        this.within = within;
        this.channel = channel;
    }

    /** Waits for its turn. The file is made when it is missing and stays, empty. */
    static FolderLock of(Path file) throws IOException {
        ReentrantLock within = WITHIN_JVM.computeIfAbsent(file.toAbsolutePath().normalize(), _ -> new ReentrantLock());
        within.lock();
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, CREATE, WRITE);
            channel.lock();
            return new FolderLock(within, channel);
        } catch (IOException | RuntimeException e) {
            if (channel != null) {
                channel.close();
            }
            within.unlock();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            within.unlock();
        }
    }
}
