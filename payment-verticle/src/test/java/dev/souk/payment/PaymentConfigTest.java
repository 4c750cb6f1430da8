package dev.souk.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentConfigTest {
    private static final Map<String, String> LEAST = Map.of(
            "SOUK_PAYMENT_DATABASE_URL", "postgresql://payment:secret@localhost:1/payment",
            "SOUK_PAYMENT_PROVIDER_URL", "http://localhost:8090/");

    @Test
    void hasADefaultForAllButTheAddresses() {
        // when
        ProviderConfig provider = PaymentConfig.from(Environment.of(LEAST)).provider();

        // then
        assertThat(provider)
                .isEqualTo(new ProviderConfig(
                        "sandbox",
                        URI.create("http://localhost:8090"),
                        Duration.ofMillis(3_500),
                        64,
                        5,
                        Duration.ofSeconds(2)));
    }

    @Test
    void namesTheAddressThatIsMissing() {
        LEAST.keySet().forEach(name -> {
            Map<String, String> others = new HashMap<>(LEAST);
            others.remove(name);
            assertThatThrownBy(() -> PaymentConfig.from(Environment.of(others)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(name);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:8090",
                "ftp://localhost",
                "http://",
                "http://a b",
                "http://me:secret@pay",
                "http://pay?q"
            })
    void refusesAnAddressThatIsNone(String url) {
        Map<String, String> wrong = new HashMap<>(LEAST);
        wrong.put("SOUK_PAYMENT_PROVIDER_URL", url);
        assertThatThrownBy(() -> PaymentConfig.from(Environment.of(wrong)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_PAYMENT_PROVIDER_URL");
    }

    @Test
    void declaresEverySettingThatItReads() {
        assertThat(PaymentVerticle.DEFINITION.settings())
                .extracting(Setting::name)
                .containsExactlyInAnyOrder(
                        "SOUK_PAYMENT_DATABASE_URL",
                        "SOUK_PAYMENT_DATABASE_POOL",
                        "SOUK_PAYMENT_DATABASE_BATCH",
                        "SOUK_PAYMENT_PROVIDER_NAME",
                        "SOUK_PAYMENT_PROVIDER_URL",
                        "SOUK_PAYMENT_PROVIDER_TIMEOUT",
                        "SOUK_PAYMENT_PROVIDER_CONNECTIONS",
                        "SOUK_PAYMENT_BREAKER_FAILURES",
                        "SOUK_PAYMENT_BREAKER_RESET");
    }
}
