package dev.souk.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Registry.Register;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrationRulesTest {
    private final RegistrationRules rules = new RegistrationRules(false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8000",
                "https://ratings.example",
                "http://10.0.0.7/",
                "http://[::1]:8000/v1/x",
                "HTTP://ratings.internal/a~b;c=d"
            })
    void allowWhereServicesLive(String url) {
        assertThatCode(() -> rules.check(new Register("ratings", URI.create(url), "/health?deep=1", 100, null)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "ftp://ratings.example",
                "/relative",
                "mailto:a@b",
                "http://user:secret@ratings.example",
                "http://user@ratings.example",
                "http://ratings.example/#part",
                "http://ratings.example/?a=b",
                "http://ratings.example/a/../b",
                "http://ratings.example/%2e%2e/b",
                "http://ratings.example/..",
                "http://ratings.example:0/",
                "http://ratings.example:65536/",
                "http:///path",
                "http://169.254.169.254/latest",
                "http://2852039166/latest",
                "http://[fe80::1]/",
                "http://[::ffff:169.254.169.254]/",
                "http://100.100.100.200/",
                "http://0.0.0.0:80/"
            })
    void refuseOtherUrls(String url) {
        assertThat(refused(new Register("ratings", url == null ? null : URI.create(url), null, null, null)))
                .isEqualTo("/url");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "Ratings", "9lives", "-a", "a_b", "a/b", "rätings", "a\n"})
    void refuseOtherNames(String name) {
        assertThat(refused(new Register(name, URI.create("http://127.0.0.1"), null, null, null)))
                .isEqualTo("/name");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "health", "/a b", "/a\r\nX: y", "/../admin", "/a#b", "/é"})
    void refuseOtherHealthPaths(String path) {
        assertThat(refused(new Register("ratings", URI.create("http://127.0.0.1"), path, null, null)))
                .isEqualTo("/healthPath");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101})
    void refuseOtherWeights(int weight) {
        assertThat(refused(new Register("ratings", URI.create("http://127.0.0.1"), null, weight, null)))
                .isEqualTo("/weight");
    }

    @Test
    void tellEverythingThatIsWrong() {
        Fault fault = catchThrowableOfType(Fault.class, () -> rules.check(new Register("A", null, "x", 0, null)));

        assertThat(fault.violations()).extracting(Violation::pointer).hasSize(4);
    }

    @Test
    void allowLinkLocalAddressesWhereTheOperatorDoes() {
        assertThatCode(() -> new RegistrationRules(true)
                        .check(new Register("ratings", URI.create("http://169.254.1.1"), null, null, null)))
                .doesNotThrowAnyException();
    }

    private String refused(Register asked) {
        Fault fault = catchThrowableOfType(Fault.class, () -> rules.check(asked));
        assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
        return fault.violations().getFirst().pointer();
    }
}
