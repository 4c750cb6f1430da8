package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    private Path folder;

    @Test
    void aKeptPasswordIsFoundByAnotherReader() throws IOException {
        // given
        Secrets writer = new Secrets(folder, new SecureRandom());
        String password = writer.fresh();

        // when
        writer.keep("orders", password);
        writer.keep("users", "other");

        // then
        Secrets reader = new Secrets(folder, new SecureRandom());
        assertThat(reader.of("orders")).contains(password);
        assertThat(reader.of("users")).contains("other");
        assertThat(reader.of("payments")).isEmpty();
    }

    @Test
    void onlyTheOwnerCanReadThem() throws IOException {
        // given
        Secrets secrets = new Secrets(folder, new SecureRandom());

        // when
        secrets.keep("orders", "password");

        // then
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secrets.file())))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(secrets.file());
        }
    }

    @Test
    void passwordsAreLongAndDifferent() {
        Secrets secrets = new Secrets(folder, new SecureRandom());
        assertThat(secrets.fresh()).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(secrets.fresh());
    }

    @Test
    void aBrokenFileIsNotReadAsEmpty() throws IOException {
        // given
        Secrets secrets = new Secrets(folder, new SecureRandom());
        Files.writeString(secrets.file(), "rubbish\n");

        // when, then
        assertThatThrownBy(() -> secrets.of("orders"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("role=password");
    }
}
