package dev.souk.sandbox;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.crash.CrashPoint;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ledger's file: one JSON line for each entry, only ever added to. It blocks, and is used by one thread at a time.
 *
 * <p>A crash can leave a last line without its end: nobody was told of it, and it is cut off at the next start. A line
 * that is whole but cannot be read is damage, and stops the start.
 */
final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final ObjectReader LINE =
            WireFormat.mapper().readerFor(Entry.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final FolderLock lock;
    private final FileChannel file;
    private long length;
    private boolean usable = true;

    private Journal(FolderLock lock, FileChannel file) {
        this.lock = lock;
        this.file = file;
    }

    /**
     * Opens the ledger of a folder, or begins one, and hands over every entry in it, all of them safe on the disk.
     *
     * @throws ConfigurationException if the folder is in use, or the ledger damaged or not writable
     */
    static Journal open(Path folder, Consumer<Entry> reader) {
        try {
            FolderLock lock = FolderLock.of(folder);
            try {
                return open(folder, lock, reader);
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            String reason = e instanceof FileSystemException ? e.toString() : e.getMessage();
            throw new ConfigurationException(
                    "the payment sandbox's ledger in " + folder + " cannot be used: " + reason);
        }
    }

    private static Journal open(Path folder, FolderLock lock, Consumer<Entry> reader) throws IOException {
        Path path = folder.resolve("ledger.jsonl");
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            Journal journal = new Journal(lock, file);
            journal.read(path, reader);
            journal.cutTornLine();
            // What a killed process wrote may be in the system's memory only; it is told again from now on.
            file.force(true);
            syncFolder(folder);
            syncFolder(folder.toRealPath().getParent());
            return journal;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /**
     * Adds these lines, all of them safe on the disk when this returns.
     *
     * @throws IOException if the disk is full or fails; none of them is in the ledger then, unless the process ends
     *     before it could take them back, and a disk that fails to sync is not written to again before the next start
     */
    void append(List<Entry> entries) throws IOException {
        if (!usable) {
            throw new IOException("the ledger failed before; it takes no more until the next start");
        }
        ByteBuffer lines = lines(entries);
        List<String> kinds = entries.stream().map(Entry::kind).distinct().toList();
        kinds.forEach(kind -> CrashPoint.pass("journal", kind, "before"));
        usable = false; // until it is known what is in the file
        long end = length + lines.remaining();
        write(lines);
        sync();
        length = end;
        kinds.forEach(kind -> CrashPoint.pass("journal", kind, "after"));
        usable = true;
    }

    void close() throws IOException {
        usable = false;
        try (lock) {
            file.close();
        }
    }

    private void write(ByteBuffer lines) throws IOException {
        try {
            long position = length;
            while (lines.hasRemaining()) {
                position += file.write(lines, position);
            }
        } catch (IOException e) {
            file.truncate(length);
            usable = true;
            throw e;
        }
    }

    private void sync() throws IOException {
        try {
            file.force(false);
        } catch (IOException e) {
            // The system may drop what it could not write and call the next sync a success: no second try.
            file.truncate(length);
            throw e;
        }
    }

    private void read(Path path, Consumer<Entry> reader) throws IOException {
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(path))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long number = 1;
            for (int next = bytes.read(); next >= 0; next = bytes.read()) {
                if (next == '\n') {
                    parse(line.toByteArray(), number++, reader);
                    length += line.size() + 1;
                    line.reset();
                } else {
                    line.write(next);
                }
            }
        }
    }

    private static void parse(byte[] line, long number, Consumer<Entry> reader) throws IOException {
        try {
            Entry entry = LINE.readValue(line);
            reader.accept(entry);
        } catch (IOException | RuntimeException e) {
            LOG.debug("line {} of the ledger", number, e);
            throw new IOException("line " + number + " of ledger.jsonl is damaged");
        }
    }

    private void cutTornLine() throws IOException {
        long torn = file.size() - length;
        if (torn > 0) {
            LOG.warn("the ledger ends with {} bytes of a line that was never finished; they are cut off", torn);
            file.truncate(length);
        }
    }

    private static ByteBuffer lines(List<Entry> entries) {
        Buffer lines = Buffer.buffer();
        entries.forEach(entry -> lines.appendBuffer(WireFormat.encode(entry)).appendByte((byte) '\n'));
        return ByteBuffer.wrap(lines.getBytes());
    }

    /** A file is found again after a power cut only if its folder is on the disk too. */
    private static void syncFolder(Path folder) throws IOException {
        if (folder != null && Files.isReadable(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
