package dev.souk.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    private static final Setting<Integer> PORT = Setting.integer("SOUK_PORT", 8080, 1, 65_535, "a port");
    private static final Setting<Boolean> FLAG = Setting.flag("SOUK_FLAG", true, "a switch");
    private static final Setting<Duration> PAUSE = Setting.duration("SOUK_PAUSE", "500ms", "a pause");
    private static final Setting<URI> DATABASE = Setting.databaseUrl("SOUK_DATABASE_URL", "a database");

    @ParameterizedTest
    @CsvSource({
        "500ms,PT0.5S",
        "5s,PT5S",
        "5S,PT5S",
        "1.5s,PT1.5S",
        "10m,PT10M",
        "2h,PT2H",
        "1h30m,PT1H30M",
        "30d,PT720H"
    })
    void readsTimes(String text, Duration expected) {
        assertThat(value(PAUSE, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5", "0s", "0ms", "-5s", "-1ms", "ms", "s", "soon", "5 s", "1.5d", "d", "99999999999999999999ms"
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> value(PAUSE, text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("SOUK_PAUSE '" + text + "': must be a time such as 500ms, 5s or 10m");
    }

    @Test
    void readsThatNeverIsMeant() {
        Setting<Optional<Duration>> age = Setting.durationOrNever("SOUK_AGE", "30d", "an age");

        assertThat(value(age, "0")).isEmpty();
        assertThat(value(age, "2s")).contains(Duration.ofSeconds(2));
        assertThatThrownBy(() -> value(age, "never")).isInstanceOf(ConfigurationException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "65535"})
    void readsNumbersUpToTheirBounds(String text) {
        assertThat(value(PORT, text)).isEqualTo(Integer.parseInt(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "eighty", "1e3", "80.0", "99999999999"})
    void refusesNumbersOutOfTheirBounds(String text) {
        assertThatThrownBy(() -> value(PORT, text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("SOUK_PORT '" + text + "': must be a whole number from 1 to 65535");
    }

    @ParameterizedTest
    @CsvSource({"true,true", "TRUE,true", "on,true", "false,false", "off,false", "Off,false"})
    void readsSwitches(String text, boolean expected) {
        assertThat(value(FLAG, text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes", "1", "wahr"})
    void refusesWhatIsNoSwitch(String text) {
        assertThatThrownBy(() -> value(FLAG, text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("SOUK_FLAG '" + text + "': must be true or false");
    }

    @Test
    void readsLists() {
        Setting<List<String>> hosts = Setting.list("SOUK_HOSTS", "localhost", "hosts");

        assertThat(value(hosts, " a, b ,,c ")).containsExactly("a", "b", "c");
        assertThat(Environment.of(Map.of()).get(hosts)).containsExactly("localhost");
    }

    @Test
    void refusesAPathThatIsNone() {
        Setting<Path> folder = Setting.path("SOUK_FOLDER", "", "a folder");

        assertThatThrownBy(() -> value(folder, "a\0b"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_FOLDER");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://user:geheim@host",
                "postgresql://user:geheim@host/",
                "mysql://user:geheim@host/name",
                "postgresql://user:geheim%@host/name",
                "user:geheim@host/name",
                "postgresql:///geheim"
            })
    void refusesADatabaseAddressWithoutShowingIt(String text) {
        assertThatThrownBy(() -> value(DATABASE, text))
                .isInstanceOf(ConfigurationException.class)
                .hasNoCause()
                .hasMessage("SOUK_DATABASE_URL: must be postgresql://user:password@host:port/database");
    }

    private static <T> T value(Setting<T> setting, String text) {
        return Environment.of(Map.of(setting.name(), text)).get(setting);
    }
}
