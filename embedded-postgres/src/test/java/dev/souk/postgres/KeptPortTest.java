package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptPortTest {

    @TempDir
    private Path folder;

    @Test
    void aFreePortIsKept() throws IOException {
        // given
        int first = new KeptPort(folder, new SecureRandom()).claim();

        // when
        int second = new KeptPort(folder, new SecureRandom()).claim();

        // then
        assertThat(second).isEqualTo(first).isBetween(20_000, 29_999);
    }

    @Test
    void aPortThatAStrangerTookIsReplaced() throws IOException {
        // given
        KeptPort port = new KeptPort(folder, new SecureRandom());
        int taken = port.claim();
        try (ServerSocket stranger = new ServerSocket()) {
            stranger.bind(new InetSocketAddress(EmbeddedPostgres.HOST, taken));

            // when
            int other = port.claim();

            // then
            assertThat(other).isNotEqualTo(taken);
            assertThat(Files.readString(folder.resolve("port"))).isEqualTo(other + "\n");
        }
    }
}
