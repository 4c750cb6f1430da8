package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PidFileTest {

    @Test
    void aReadyServerIsReadWithItsPort() {
        assertThat(PidFile.parse(List.of("4711", "/data", "1", "20001", "", "127.0.0.1", "  1  2", "ready   ")))
                .contains(new PidFile(4711, 20001, true));
    }

    @Test
    void aStartingServerIsNotReady() {
        assertThat(PidFile.parse(List.of("4711", "/data", "1", "20001", "", "127.0.0.1", "  1  2", "starting")))
                .contains(new PidFile(4711, 20001, false));
        assertThat(PidFile.parse(List.of("4711"))).contains(new PidFile(4711, 0, false));
    }

    static Stream<List<String>> rubbish() {
        return Stream.of(List.of(), List.of(""), List.of("\0\0\0\0"), List.of("1", "/data", "1", "port"));
    }

    @ParameterizedTest
    @MethodSource("rubbish")
    void aBrokenFileIsNone(List<String> lines) {
        assertThat(PidFile.parse(lines)).isEmpty();
    }

    @Test
    void aProcessThatIsNoPostmasterIsNotTakenForOne() {
        long self = ProcessHandle.current().pid();
        assertThat(ProcessTable.isPostmaster(self, Path.of("").toAbsolutePath()))
                .isFalse();
        assertThat(ProcessTable.isPostmaster(Long.MAX_VALUE, Path.of("/"))).isFalse();
    }
}
