package dev.souk.product;

import static dev.souk.contracts.Fault.Code.INVALID_REQUEST;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttributesTest {
    @Test
    void keepsEveryKindOfValue() {
        Map<String, Object> values = new HashMap<>(Map.of(
                "text",
                "𝄞 \"quoted\" \\ /",
                "yes",
                true,
                "list",
                Arrays.asList(1, "two", null, List.of()),
                "object",
                Map.of("deep", Map.of("er", 1))));
        values.put("none", null);

        assertThat(Attributes.of(values).values()).isEqualTo(values);
    }

    @Test
    void keepsNumbersToTheLastDigit() {
        Map<String, Object> values = Map.of(
                "int", 7,
                "long", Long.MIN_VALUE,
                "big", new BigInteger("123456789012345678901234567890"),
                "price", new BigDecimal("1.10"),
                "long fraction", new BigDecimal("3.14159265358979323846264338327950288"));

        assertThat(Attributes.of(values).values()).isEqualTo(values);
    }

    @Test
    void writesNumbersAsPostgresDoes() {
        assertThat(Attributes.of(Map.of("a", 1.0E10)).json()).isEqualTo("{\"a\":10000000000}");
        assertThat(Attributes.of(Map.of("a", 1.5E-7)).json()).isEqualTo("{\"a\":0.00000015}");
        assertThat(Attributes.of(Map.of("a", 24.5)).json()).isEqualTo("{\"a\":24.5}");
        assertThat(Attributes.of(Map.of("a", new BigDecimal("1E+3"))).json()).isEqualTo("{\"a\":1000}");
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThat(refusal(() -> Attributes.of(Map.of("a", Double.POSITIVE_INFINITY))))
                .isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> Attributes.of(Map.of("a", Double.NaN)))).isEqualTo(INVALID_REQUEST);
    }

    @Test
    void isCountedInBytesWithNumbersWrittenOut() {
        String most = "b".repeat(Attributes.MAX_BYTES - "{\"a\":\"\"}".length());

        assertThat(Attributes.of(Map.of("a", most)).json()).hasSize(Attributes.MAX_BYTES);
        assertThat(refusal(() -> Attributes.of(Map.of("a", most + "b")))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> Attributes.of(Map.of("a", "ü".repeat(Attributes.MAX_BYTES / 2)))))
                .isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> Attributes.of(Map.of("a", Collections.nCopies(30, 1e300)))))
                .isEqualTo(INVALID_REQUEST);
    }
}
