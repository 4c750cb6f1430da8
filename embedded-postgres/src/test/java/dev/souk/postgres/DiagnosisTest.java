package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosisTest {

    private static final Path HERE = Path.of("target");

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new IOException("No space left on device"), "is full"),
                Arguments.of(new FileSystemException("f", null, "Read-only file system"), "read-only file system"),
                Arguments.of(new AccessDeniedException("f"), "chown -R"),
                Arguments.of(new FileAlreadyExistsException("f"), "is not a folder"),
                Arguments.of(new FileSystemException("f", null, "f: Not a directory"), "is not a folder"),
                Arguments.of(new FileSystemException("f", null, "Too many links"), "Too many links on f"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void anOperatingSystemsRefusalBecomesOneLine(IOException failure, String expected) {
        assertThat(Diagnosis.of(failure, HERE))
                .hasMessageContaining(expected)
                .message()
                .hasLineCount(1);
    }

    static Stream<Arguments> outputs() {
        return Stream.of(
                Arguments.of("initdb: error: could not write file: No space left on device\n", "is full"),
                Arguments.of(
                        "LOG:  could not bind IPv4 address\nFATAL:  could not create any TCP/IP sockets\n",
                        "port is taken"),
                Arguments.of(
                        "FATAL:  pre-existing shared memory block (key 1) is still in use\nHINT:  Terminate\n",
                        "predecessor"),
                Arguments.of(
                        "2026-01-01 00:00:00 UTC [7] FATAL:  data directory has wrong ownership\nHINT:  x\n",
                        "wrong ownership"),
                Arguments.of("", "without a word"));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void aServersLastWordsBecomeOneLine(String output, String expected) {
        assertThat(new PostgresStartException(Diagnosis.reason(output, HERE)))
                .hasMessageContaining(expected)
                .message()
                .hasLineCount(1);
    }

    @Test
    void aMessageOfManyLinesIsFolded() {
        assertThat(new PostgresStartException("one\n  two\n")).hasMessage("PostgreSQL cannot start: one; two");
    }
}
