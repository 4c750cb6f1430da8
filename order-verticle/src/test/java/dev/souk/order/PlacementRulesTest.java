package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Orders.Place;
import dev.souk.contracts.Products.Quantity;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementRulesTest {
    private static final Quantity ONE = new Quantity(UUID.randomUUID(), 1);

    @ParameterizedTest
    @ValueSource(strings = {"k", " ", "~", "a key with spaces", "'; DROP TABLE orders; --"})
    void anyPrintableKeyWillDo(String key) {
        assertThatCode(() -> PlacementRules.check(new Place(key, List.of(ONE), "pm_card_visa", null)))
                .doesNotThrowAnyException();
    }

    @Test
    void aKeyHasTwoHundredAndFiftyFiveCharactersAtMost() {
        assertThat(violations(new Place("k".repeat(255), List.of(ONE), "pm_card_visa", null)))
                .isEmpty();
        assertThat(violations(new Place("k".repeat(256), List.of(ONE), "pm_card_visa", null)))
                .containsExactly("Idempotency-Key");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "ä", "a\nb", "a\0b", "\u007f", "🧺"})
    void otherKeysAreRefused(String key) {
        assertThat(violations(new Place(key, List.of(ONE), "pm_card_visa", null)))
                .containsExactly("Idempotency-Key");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "pm_", "visa", "pm_Card", "pm_card visa", "pm_card_visa\n", "4111111111111111"})
    void whatIsNoPaymentMethodIsRefused(String method) {
        assertThat(violations(new Place("key", List.of(ONE), method, null))).containsExactly("/paymentMethod");
    }

    @Test
    void anOrderHasOneToAHundredItems() {
        assertThat(violations(new Place("key", List.of(), "pm_card_visa", null)))
                .containsExactly("/items");
        assertThat(violations(new Place("key", items(100), "pm_card_visa", null)))
                .isEmpty();
        assertThat(violations(new Place("key", items(101), "pm_card_visa", null)))
                .containsExactly("/items");
    }

    @Test
    void thereAreAThousandOfAProductAtMost() {
        assertThat(violations(new Place("key", List.of(of(1_000)), "pm_card_visa", null)))
                .isEmpty();
        assertThat(violations(new Place("key", List.of(ONE, of(1_001), of(1_000_000_000)), "pm_card_visa", null)))
                .containsExactly("/items/1/quantity", "/items/2/quantity");
    }

    @Test
    void aProductStandsInAnOrderOnce() {
        List<Quantity> twice = List.of(ONE, of(2), new Quantity(ONE.productId(), 3));

        assertThat(violations(new Place("key", twice, "pm_card_visa", null))).containsExactly("/items/2/productId");
    }

    @Test
    void anItemNamesAProduct() {
        assertThat(violations(new Place("key", List.of(new Quantity(null, 1)), "pm_card_visa", null)))
                .containsExactly("/items/0/productId");
    }

    @Test
    void everythingThatIsWrongIsNamedAtOnce() {
        Place wrong = new Place("", List.of(ONE, new Quantity(ONE.productId(), 1_001)), "cash", null);

        assertThat(violations(wrong))
                .containsExactly("Idempotency-Key", "/paymentMethod", "/items/1/productId", "/items/1/quantity");
    }

    private static List<String> violations(Place request) {
        try {
            PlacementRules.check(request);
            return List.of();
        } catch (Fault fault) {
            assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
            return fault.violations().stream().map(Violation::pointer).toList();
        }
    }

    private static Quantity of(int quantity) {
        return new Quantity(UUID.randomUUID(), quantity);
    }

    private static List<Quantity> items(int number) {
        return Stream.generate(() -> of(1)).limit(number).toList();
    }
}
