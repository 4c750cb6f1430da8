package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A folder on which no server can work gives one line, which names the remedy. */
class RefusalIT {

    @RegisterExtension
    private final Ground ground = new Ground();

    private Path mounted;

    @AfterEach
    void unmount() throws Exception {
        if (mounted != null) {
            Ground.stop(mounted);
            assertThat(run("umount", mounted.toString())).isZero();
        }
    }

    @Test
    void aDiskThatIsFullAtTheFirstStart() throws Exception {
        // given
        mount("size=20m");

        // when, then
        assertRefusal(mounted).contains(mounted.toString()).contains("is full");
        try (var left = Files.list(mounted)) {
            assertThat(left.map(path -> path.getFileName().toString())).doesNotContain("data");
        }
    }

    @Test
    void aDiskThatIsFullForTheBinaries() throws Exception {
        // given
        mount("size=20m");

        // when, then
        assertThatThrownBy(() -> EmbeddedPostgres.open(mounted))
                .hasMessageContaining("is full")
                .message()
                .hasLineCount(1);
    }

    @Test
    void aDiskThatIsFullAtALaterStart() throws Exception {
        // given
        mount("size=100m");
        EmbeddedPostgres.open(mounted, Ground.BINARIES).close();
        Path ballast = mounted.resolve("ballast");
        run("sh", "-c", "cat /dev/zero > " + ballast + " 2>/dev/null");

        // when, then
        assertRefusal(mounted).contains("is full");

        // and when there is room again
        Files.delete(ballast);
        EmbeddedPostgres.open(mounted, Ground.BINARIES).close();
    }

    @Test
    void aReadOnlyFileSystem() throws Exception {
        // given
        mount("ro");

        // when, then
        assertRefusal(mounted).contains("read-only file system");
    }

    @Test
    void aFileWhereTheFolderShouldBe() throws Exception {
        // given
        Path file = Files.createFile(ground.folder().resolve("file"));

        // when, then
        assertRefusal(file).contains("is not a folder");
        assertRefusal(file.resolve("below")).contains("is not a folder");
    }

    @Test
    void aDataFolderOfAnotherMajorVersion() throws Exception {
        // given
        Path data = Files.createDirectory(ground.folder().resolve("data"));
        Files.writeString(data.resolve("PG_VERSION"), "17\n");

        // when, then
        assertRefusal(ground.folder()).contains("made by PostgreSQL 17").contains("this is 18");
    }

    @Test
    void aDataFolderOfAnotherUser() throws Exception {
        assumeTrue(Platform.root(), "only root can give a folder away");

        // given
        Path data = Files.createDirectory(ground.folder().resolve("data"));
        Files.setAttribute(data, "unix:uid", 12345);

        // when, then
        assertRefusal(ground.folder()).contains("uid 12345").contains("chown -R 0");
    }

    @Test
    void aFolderThatIsNoDataFolder() throws Exception {
        // given
        Files.createFile(Files.createDirectory(ground.folder().resolve("data")).resolve("holiday.jpg"));

        // when, then
        assertRefusal(ground.folder()).contains("is not a data folder").contains("move it away");
    }

    @Test
    @Tag("long")
    void lostPasswords() throws Exception {
        // given
        ground.open().close();
        Files.delete(ground.folder().resolve("secrets"));

        // when, then
        assertRefusal(ground.folder()).contains("secrets").contains("backup");
        assertThat(EmbeddedPostgres.find(ground.folder())).isEmpty();
    }

    private static AbstractStringAssert<?> assertRefusal(Path folder) {
        return assertThatThrownBy(
                        () -> EmbeddedPostgres.open(folder, Ground.BINARIES).close())
                .isInstanceOf(PostgresStartException.class)
                .message()
                .hasLineCount(1)
                .startsWith("PostgreSQL cannot start: ");
    }

    private void mount(String options) throws Exception {
        Path point = Files.createDirectory(ground.folder().resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", options, "tmpfs", point.toString()) == 0,
                "this needs the right to mount a small file system");
        mounted = point.toRealPath();
    }

    private static int run(String... command) throws Exception {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException missing) {
            return -1;
        }
    }
}
