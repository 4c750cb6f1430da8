package dev.souk.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, AMD64",
        "Linux, x86_64, AMD64",
        "Linux, aarch64, ARM64",
        "Linux, riscv64,",
        "Mac OS X, aarch64,",
        "Windows 11, amd64,"
    })
    void knowsTheMachinesItHasBinariesFor(String os, String arch, Platform expected) {
        assertThat(Platform.of(os, arch).orElse(null)).isEqualTo(expected);
    }

    @Test
    void aMissingUnshareNamesThePackage() {
        // given a command that does not exist
        List<String> probe = List.of("no-such-unshare", "-U", "true");

        // when
        String why = Platform.whyRootCannot(probe).orElseThrow();

        // then
        assertThat(why)
                .contains("no-such-unshare")
                .contains("apt-get install util-linux")
                .hasLineCount(1);
    }

    @Test
    void aDeniedNamespaceNamesTheRemedy() {
        // given a command that says what a container without the right says
        List<String> probe = List.of("sh", "-c", "echo 'unshare: unshare failed: Operation not permitted' >&2; exit 1");

        // when
        String why = Platform.whyRootCannot(probe).orElseThrow();

        // then
        assertThat(why)
                .contains("Operation not permitted")
                .contains("run as an ordinary user")
                .hasLineCount(1);
    }

    @Test
    void namespacesThatAreSwitchedOffNameTheSwitch() {
        assertThat(Platform.denied("No space left on device", false))
                .contains("sysctl -w user.max_user_namespaces=15000");
    }
}
