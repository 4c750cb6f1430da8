package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxConfigTest {
    private static final Path DATA = Path.of("data");

    @Test
    void listensOnLoopbackUnlessTold() {
        assertThat(SandboxConfig.from(Environment.of(Map.of()), DATA))
                .isEqualTo(new SandboxConfig("127.0.0.1", 8090, DATA.resolve("sandbox")));
    }

    @Test
    void listensWhereItIsTold() {
        Environment environment = Environment.of(Map.of("SOUK_SANDBOX_HOST", "10.0.0.1", "SOUK_SANDBOX_PORT", "0"));

        assertThat(SandboxConfig.from(environment, DATA))
                .isEqualTo(new SandboxConfig("10.0.0.1", 0, DATA.resolve("sandbox")));
    }

    @Test
    void aPortThatCannotBeStopsTheStart() {
        Environment environment = Environment.of(Map.of("SOUK_SANDBOX_PORT", "65536"));

        assertThatThrownBy(() -> SandboxConfig.from(environment, DATA))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_SANDBOX_PORT");
    }
}
