package dev.souk.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The server's programs, unpacked once per folder into {@code bin-<checksum of the archive>}. Unpacking is done beside that
 * folder and ends with a rename, by one process at a time, so that whoever sees the folder sees all of it; a folder from which
 * something was lost is unpacked again.
 */
final class Binaries {

    private static final String SEAL = "unpacked";
    private static final Logger LOG = LoggerFactory.getLogger(Binaries.class);

    private final Path home;

    private Binaries(Path home) {
        this.home = home;
    }

    /** Returns the programs under {@code folder}, unpacked first when they are missing or damaged. */
    static Binaries in(Path folder) {
        try {
            URL archive = archive();
            Path home = folder.resolve("bin-" + checksum(archive)).toAbsolutePath();
            if (!whole(home)) {
                Files.createDirectories(folder);
                try (var _ = FolderLock.of(folder.resolve("bin.lock"))) {
                    if (!whole(home)) {
                        unpack(archive, home);
                    }
                }
            }
            return new Binaries(home);
        } catch (IOException e) {
            throw Diagnosis.of(e, folder);
        }
    }

    String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    /** The major version, such as 18, which is also the format of the data folder. */
    String major() throws IOException {
        try (var lines = Files.lines(home.resolve("share/postgresql/postgres.bki"))) {
            return lines.findFirst()
                    .orElse("")
                    .replaceFirst("# PostgreSQL ", "")
                    .strip();
        }
    }

    private static URL archive() throws IOException {
        String name = Platform.here().archive();
        URL archive = Binaries.class.getResource("/" + name);
        if (archive == null) {
            throw new IOException(name + " is not on the class path: add the binaries' artifact for this machine");
        }
        return archive;
    }

    private static String checksum(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        connection.setUseCaches(false);
        try (InputStream in = connection.getInputStream()) {
            // A jar knows the checksum of each of its entries already.
            long crc = connection instanceof JarURLConnection jar
                    ? jar.getJarEntry().getCrc()
                    : crcOf(in);
            return String.format("%08x", crc);
        }
    }

    private static long crcOf(InputStream in) throws IOException {
        CheckedInputStream checked = new CheckedInputStream(in, new CRC32());
        checked.skip(Long.MAX_VALUE);
        return checked.getChecksum().getValue();
    }

    private static void unpack(URL archive, Path home) throws IOException {
        long start = System.nanoTime();
        sweep(home);
        Path part = Files.createTempDirectory(home.getParent(), home.getFileName() + ".part-");
        try {
            // Another user may run what this one unpacked, in an image for instance.
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            extract(archive, part);
            Files.writeString(part.resolve(SEAL), extent(part));
            if (Files.exists(home)) {
                LOG.warn("The PostgreSQL binaries in {} are damaged: replaced", home);
                Files.move(home, home.resolveSibling(part.getFileName() + ".damaged"));
            }
            DurableFile.move(part, home);
        } catch (IOException e) {
            DurableFile.delete(part);
            throw e;
        }
        sweep(home);
        LOG.info("Unpacked the PostgreSQL binaries into {} in {} ms", home, (System.nanoTime() - start) / 1_000_000);
    }

    private static void extract(URL archive, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(archive.openStream(), 1 << 16)))) {
            for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException(
                            "the archive of the binaries has an entry outside of itself: " + entry.getName());
                }
                extract(tar, entry, path);
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path);
        if ((entry.getMode() & 0100) != 0) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    /** Whether all files are there with all their bytes, as counted when they were unpacked. */
    private static boolean whole(Path home) throws IOException {
        try {
            return Files.readString(home.resolve(SEAL)).equals(extent(home));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String extent(Path home) throws IOException {
        long[] filesAndBytes = new long[2];
        Files.walkFileTree(home, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!file.endsWith(SEAL)) {
                    filesAndBytes[0]++;
                    filesAndBytes[1] += attributes.size();
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return filesAndBytes[0] + " files, " + filesAndBytes[1] + " bytes\n";
    }

    /** Deletes what killed unpackers left; the lock is held, so none of it is in use. */
    private static void sweep(Path home) throws IOException {
        try (DirectoryStream<Path> leftovers =
                Files.newDirectoryStream(home.getParent(), home.getFileName() + ".part-*")) {
            for (Path leftover : leftovers) {
                DurableFile.delete(leftover);
            }
        }
    }
}
