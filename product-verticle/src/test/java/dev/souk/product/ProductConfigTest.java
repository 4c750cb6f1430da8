package dev.souk.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProductConfigTest {
    private static final String URL = "postgresql://product:secret@localhost:1/product";

    @Test
    void hasNoDemoDataUnlessAskedFor() {
        assertThat(config(Map.of("SOUK_PRODUCT_DATABASE_URL", URL)).demoData()).isFalse();
        assertThat(config(Map.of("SOUK_PRODUCT_DATABASE_URL", URL, "SOUK_DEMO_DATA", "true"))
                        .demoData())
                .isTrue();
    }

    @Test
    void namesTheSettingThatIsMissingOrWrong() {
        assertThatThrownBy(() -> config(Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_PRODUCT_DATABASE_URL");
        assertThatThrownBy(() -> config(Map.of("SOUK_PRODUCT_DATABASE_URL", URL, "SOUK_DEMO_DATA", "perhaps")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_DEMO_DATA");
    }

    @Test
    void asksAboutHoldsAfterTenMinutesUnlessToldOtherwise() {
        ProductConfig usual = config(Map.of("SOUK_PRODUCT_DATABASE_URL", URL));
        ProductConfig other = config(
                Map.of("SOUK_PRODUCT_DATABASE_URL", URL, "SOUK_RESERVATION_TTL", "2h", "SOUK_RESERVATION_SWEEP", "1s"));

        assertThat(usual.reservationTimeToLive()).isEqualTo(Duration.ofMinutes(10));
        assertThat(usual.reservationSweep()).isEqualTo(Duration.ofSeconds(30));
        assertThat(other.reservationTimeToLive()).isEqualTo(Duration.ofHours(2));
        assertThat(other.reservationSweep()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void declaresEverySettingThatItReads() {
        assertThat(ProductVerticle.DEFINITION.settings())
                .extracting(Setting::name)
                .containsExactlyInAnyOrder(
                        "SOUK_PRODUCT_DATABASE_URL",
                        "SOUK_PRODUCT_DATABASE_POOL",
                        "SOUK_PRODUCT_DATABASE_BATCH",
                        "SOUK_DEMO_DATA",
                        "SOUK_RESERVATION_TTL",
                        "SOUK_RESERVATION_SWEEP",
                        "SOUK_EVENTS_POLL",
                        "SOUK_EVENTS_ATTEMPTS",
                        "SOUK_EVENTS_INBOX_KEPT");
    }

    private static ProductConfig config(Map<String, String> variables) {
        return ProductConfig.from(Environment.of(variables));
    }
}
