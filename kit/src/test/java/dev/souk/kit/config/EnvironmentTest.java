package dev.souk.kit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
    private static final Setting<String> NAME = Setting.text("SOUK_NAME", "souk", "a name");
    private static final Setting<String> NEEDED = Setting.text("SOUK_NEEDED", "", "what nobody can guess");
    private static final Setting<String> SECRET = Setting.secret("SOUK_SECRET", "a password");

    @Test
    void whatIsSetCountsMostThenTheFallbackThenTheDefault() {
        Environment nothing = Environment.of(Map.of());
        Environment fallback = nothing.withFallbacks(Map.of("SOUK_NAME", "worked out"), "embedded");
        Environment set = Environment.of(Map.of("SOUK_NAME", "mine"))
                .withFallbacks(Map.of("SOUK_NAME", "worked out"), "embedded");

        assertThat(nothing.get(NAME)).isEqualTo("souk");
        assertThat(nothing.source(NAME)).isEqualTo("default");
        assertThat(fallback.get(NAME)).isEqualTo("worked out");
        assertThat(fallback.source(NAME)).isEqualTo("embedded");
        assertThat(set.get(NAME)).isEqualTo("mine");
        assertThat(set.source(NAME)).isEqualTo("environment");
    }

    @Test
    void blankMeansNotSet() {
        Environment environment = Environment.of(Map.of("SOUK_NAME", "  "));

        assertThat(environment.get(NAME)).isEqualTo("souk");
        assertThat(environment.source(NAME)).isEqualTo("default");
    }

    @Test
    void theSpaceAroundAValueIsNotOfIt() {
        assertThat(Environment.of(Map.of("SOUK_NAME", " mine\n")).get(NAME)).isEqualTo("mine");
    }

    @Test
    void whatMustBeSetIsAskedForByName() {
        assertThatThrownBy(() -> Environment.of(Map.of()).get(NEEDED))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("SOUK_NEEDED: must be set (what nobody can guess)");
    }

    @Test
    void whatMayBeUnsetIsEmpty() {
        assertThat(Environment.of(Map.of()).find(NEEDED)).isEmpty();
    }

    @Test
    void aSecretIsReadButNeverShown() {
        Environment environment = Environment.of(Map.of("SOUK_SECRET", "geheim"));

        assertThat(environment.get(SECRET)).isEqualTo("geheim");
        assertThat(environment.shown(SECRET)).isEqualTo("***");
        assertThat(Environment.of(Map.of()).shown(SECRET)).isEmpty();
        assertThat(environment.toString()).doesNotContain("geheim");
    }

    @Test
    void aWrongSecretIsNamedButNotShown() {
        Setting<String> checked = new Setting<>("SOUK_SECRET", "", "a password", true, text -> {
            throw new IllegalArgumentException("must be longer");
        });

        assertThatThrownBy(() -> Environment.of(Map.of("SOUK_SECRET", "geheim")).get(checked))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("SOUK_SECRET: must be longer");
    }

    @Test
    void whatIsNoSecretIsShown() {
        assertThat(Environment.of(Map.of("SOUK_NAME", "mine")).shown(NAME)).isEqualTo("mine");
        assertThat(Environment.of(Map.of()).shown(NAME)).isEqualTo("souk");
    }

    @Test
    void knowsWhatTheOperatorSetByPrefix() {
        Environment environment = Environment.of(Map.of("SOUK_NAME", "mine", "HOME", "/", "SOUK_EMPTY", ""))
                .withFallbacks(Map.of("SOUK_OTHER", "worked out"), "embedded");

        assertThat(environment.setNames("SOUK_")).containsExactly("SOUK_NAME");
    }
}
