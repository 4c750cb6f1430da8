package dev.souk.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseConfigTest {
    @Test
    void readsEveryPart() {
        DatabaseConfig config = read("postgresql://keeper:geheim@db.example.com:6543/ledger?sslmode=verify-full");

        assertThat(config)
                .isEqualTo(new DatabaseConfig(
                        "order", "db.example.com", 6543, "ledger", "keeper", "geheim", "verify-full", 8, 512));
    }

    @Test
    void whatIsLeftOutHasADefault() {
        DatabaseConfig config = read("postgresql://localhost/ledger");

        assertThat(config)
                .isEqualTo(new DatabaseConfig("order", "localhost", 5432, "ledger", "order", "", "disable", 8, 512));
    }

    @ParameterizedTest
    @CsvSource({
        "p%40ss%3Aw%2Ford, p@ss:w/ord",
        "p%20w, 'p w'",
        "p%2Bw, p+w",
        "p+w, p+w",
        "a:b, a:b",
        "%E2%82%AC, €",
        "p%25w, p%w"
    })
    void aPasswordMayHoldAnyCharacter(String encoded, String password) {
        assertThat(read("postgresql://keeper:" + encoded + "@localhost/ledger").password())
                .isEqualTo(password);
    }

    @Test
    void otherParametersAreNoMatter() {
        DatabaseConfig config = read("postgresql://localhost/ledger?application_name=x&flag&sslmode=require");

        assertThat(config.sslMode()).isEqualTo("require");
    }

    @Test
    void thePoolHasASettingOfItsOwn() {
        Environment environment = Environment.of(
                Map.of("SOUK_ORDER_DATABASE_URL", "postgresql://localhost/ledger", "SOUK_ORDER_DATABASE_POOL", "3"));

        assertThat(DatabaseConfig.from(environment, "order").poolSize()).isEqualTo(3);
    }

    @Test
    void theBatchHasASettingOfItsOwn() {
        Environment environment = Environment.of(
                Map.of("SOUK_ORDER_DATABASE_URL", "postgresql://localhost/ledger", "SOUK_ORDER_DATABASE_BATCH", "1"));

        assertThat(DatabaseConfig.from(environment, "order").mostInBatch()).isEqualTo(1);
    }

    @Test
    void aMissingAddressIsAskedForByName() {
        Environment nothing = Environment.of(Map.of());

        assertThatThrownBy(() -> DatabaseConfig.from(nothing, "order"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_ORDER_DATABASE_URL");
    }

    @Test
    void thePasswordIsNeverShown() {
        DatabaseConfig config = read("postgresql://keeper:geheim@localhost/ledger");
        Environment environment =
                Environment.of(Map.of("SOUK_ORDER_DATABASE_URL", "postgresql://keeper:geheim@localhost/ledger"));

        assertThat(config.toString()).isEqualTo("database ledger at localhost:5432");
        assertThat(environment.shown(DatabaseConfig.url("order"))).isEqualTo("***");
    }

    private static DatabaseConfig read(String url) {
        return DatabaseConfig.from(Environment.of(Map.of("SOUK_ORDER_DATABASE_URL", url)), "order");
    }
}
