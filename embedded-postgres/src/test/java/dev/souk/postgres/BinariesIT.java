package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BinariesIT {

    @RegisterExtension
    private final Ground ground = new Ground();

    @Test
    @Tag("long")
    void unpackersAtOnceUnpackOnceAndDamageIsMended() throws Exception {
        // given two that unpack at the same time
        var first = CompletableFuture.supplyAsync(() -> Binaries.in(ground.folder()));
        var second = CompletableFuture.supplyAsync(() -> Binaries.in(ground.folder()));
        assertThat(first.join().major()).isEqualTo("18");
        assertThat(second.join().program("postgres")).isEqualTo(first.join().program("postgres"));
        Path server = Path.of(first.join().program("postgres"));
        long size = Files.size(server);
        Files.write(server, new byte[] {1});

        // when
        Binaries.in(ground.folder());

        // then
        assertThat(server).hasSize(size).isExecutable();
        assertThat(names()).hasSize(2).contains("bin.lock");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(ground.folder())) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }
}
