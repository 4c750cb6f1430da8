package dev.souk.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Users.Register;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UserConfigTest {
    private final AccountRules rules = new AccountRules(CommonPasswords.load());

    @Test
    void hasDefaultsForAllButTheDatabase() {
        UserConfig config = read(Map.of());

        assertThat(config.accessTokenTtl()).isEqualTo(Duration.ofMinutes(15));
        assertThat(config.sessions()).isEqualTo(new Sessions.Limits(Duration.ofDays(30), Duration.ofDays(90)));
        assertThat(config.keyRotation()).contains(Duration.ofDays(30));
        assertThat(config.passwordWorkers()).isPositive();
        assertThat(config.passwordQueue()).isEqualTo(100);
        assertThat(config.admin()).isEmpty();
    }

    @Test
    void readsTheAdmin() {
        UserConfig config =
                read(Map.of("SOUK_ADMIN_EMAIL", "boss@example.com", "SOUK_ADMIN_PASSWORD", "a long enough one"));

        assertThat(config.admin()).contains(new Register("Admin", "boss@example.com", "a long enough one"));
        assertThat(config.toString()).doesNotContain("a long enough one");
    }

    @ParameterizedTest
    @CsvSource({
        "SOUK_ADMIN_PASSWORD, boss@example.com,",
        "SOUK_ADMIN_EMAIL,, a long enough one",
        "SOUK_ADMIN_EMAIL, boss, a long enough one",
        "SOUK_ADMIN_PASSWORD, boss@example.com, short",
        "SOUK_ADMIN_PASSWORD, boss@example.com, admin1234",
        "SOUK_ADMIN_PASSWORD, boss@example.com, BOSS@example.com"
    })
    void namesTheSettingThatIsWrongWithTheAdmin(String setting, String email, String password) {
        Map<String, String> variables = new HashMap<>();
        variables.put("SOUK_ADMIN_EMAIL", email == null ? "" : email);
        variables.put("SOUK_ADMIN_PASSWORD", password == null ? "" : password);

        assertThatThrownBy(() -> read(variables))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(setting + ": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SOUK_ACCESS_TOKEN_TTL", "SOUK_REFRESH_TOKEN_TTL", "SOUK_SESSION_TTL", "SOUK_KEY_ROTATION"})
    void refusesATokenOrKeyThatIsOverAtOnce(String setting) {
        assertThatThrownBy(() -> read(Map.of(setting, "500ms")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(setting + ": ");
    }

    @Test
    void aKeyMayStayForEver() {
        assertThat(read(Map.of("SOUK_KEY_ROTATION", "0")).keyRotation()).isEmpty();
    }

    private UserConfig read(Map<String, String> variables) {
        Map<String, String> all = new HashMap<>(variables);
        all.put("SOUK_USER_DATABASE_URL", "postgresql://user:secret@127.0.0.1/user");
        return UserConfig.from(Environment.of(all), rules);
    }
}
