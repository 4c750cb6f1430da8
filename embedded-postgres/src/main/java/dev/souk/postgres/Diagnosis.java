package dev.souk.postgres;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Turns what the operating system or PostgreSQL said into one line that an operator can act on. */
final class Diagnosis {

    /** A start writes a handful of small files; with less than this left they do not fit. */
    private static final long FULL_BYTES = 256 * 1024;

    private static final Pattern COMPLAINT =
            Pattern.compile(".*\\b(FATAL|PANIC|initdb: error|error while|cannot|could not)\\b.*");

    private Diagnosis() {}

    static PostgresStartException of(IOException failure, Path where) {
        return new PostgresStartException(reason(failure, where), failure);
    }

    static String reason(IOException failure, Path where) {
        String said = Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
        if (failure instanceof AccessDeniedException) {
            return notWritable(where);
        }
        if (failure instanceof FileAlreadyExistsException || said.contains("Not a directory")) {
            return where + " is not a folder, and neither can be made one: move the file that is in its way";
        }
        return known(said, where, failure instanceof FileSystemException system ? said(system) : said);
    }

    /** The reason in what a program printed before it failed on the files under {@code where}. */
    static String reason(String output, Path where) {
        // On a full disk the log cannot be written either, so that it is the disk that must be asked.
        return output.contains("Check free disk space") || full(where)
                ? diskFull(where)
                : known(output, where, complaint(output));
    }

    static String notWritable(Path where) {
        return where + " is not writable for this user: chown -R " + Platform.uid() + " " + where;
    }

    private static String known(String said, Path where, String otherwise) {
        if (said.contains("No space left") || said.contains("Disk quota exceeded")) {
            return diskFull(where);
        }
        if (said.contains("Read-only file system")) {
            return where + " is on a read-only file system: choose another folder, or mount it writable";
        }
        if (said.contains("could not bind")) {
            return "its port is taken by another program: " + otherwise;
        }
        if (said.contains("Permission denied")) {
            return notWritable(where) + " (" + otherwise + ")";
        }
        if (said.contains("pre-existing shared memory block")) {
            return "processes of its predecessor still run on " + where + ": wait a moment and start again";
        }
        return otherwise;
    }

    private static String diskFull(Path where) {
        return "the disk that holds " + where + " is full: free some space and start again";
    }

    private static String said(FileSystemException failure) {
        return failure.getReason() == null
                ? failure.getClass().getSimpleName() + " on " + failure.getFile()
                : failure.getReason() + " on " + failure.getFile();
    }

    private static String complaint(String output) {
        return Stream.of(output.split("\\R"))
                .filter(line -> COMPLAINT.matcher(line).matches())
                .reduce((_, last) -> last)
                .map(line -> line.replaceFirst("^.*?\\b(FATAL|PANIC|error):\\s*", ""))
                .orElseGet(() -> output.isBlank() ? "it ended without a word" : output.strip());
    }

    private static boolean full(Path where) {
        try {
            return Files.getFileStore(where).getUsableSpace() < FULL_BYTES;
        } catch (IOException e) {
            return false;
        }
    }
}
