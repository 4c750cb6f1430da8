package dev.souk.product;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products.Change;
import dev.souk.contracts.Products.Create;
import dev.souk.contracts.Products.Quantity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductRulesTest {
    private static final UUID ID = UUID.randomUUID();

    @ParameterizedTest
    @ValueSource(strings = {"A", "tea-glass_6.b", "0123456789012345678901234567890123456789012345678901234567890123"})
    void takesSkus(String sku) {
        assertThat(ProductRules.sku(sku)).isEqualTo(sku);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-a",
                "a b",
                "a\n",
                "größe",
                "';--",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void refusesOtherSkus(String sku) {
        refused("/sku", () -> ProductRules.sku(sku));
    }

    @Test
    void takesWhatIsJustWithinTheLimits() {
        assertThatCode(() -> {
                    ProductRules.name("𝄞".repeat(200));
                    ProductRules.description("d".repeat(4_000));
                    ProductRules.description("two\nlines");
                    ProductRules.price(new Money(0, "USD"));
                    ProductRules.price(new Money(1_000_000_000_000L, "USD"));
                    ProductRules.stock(0);
                    ProductRules.stock(1_000_000_000);
                    ProductRules.delta(-1_000_000_000);
                    ProductRules.delta(1_000_000_000);
                    ProductRules.reason(null);
                    ProductRules.idempotencyKey("k".repeat(255));
                    ProductRules.ids(Collections.nCopies(100, ID));
                    ProductRules.lines(Collections.nCopies(100, new Quantity(ID, 1)));
                })
                .doesNotThrowAnyException();
    }

    static Stream<List<Object>> wrongs() {
        return Stream.of(
                wrong("/sku", () -> ProductRules.sku(null)),
                wrong("/name", () -> ProductRules.name(null)),
                wrong("/name", () -> ProductRules.name("")),
                wrong("/name", () -> ProductRules.name(" \t ")),
                wrong("/name", () -> ProductRules.name("n".repeat(201))),
                wrong("/name", () -> ProductRules.name("a\u001fb")),
                wrong("/description", () -> ProductRules.description("d".repeat(4_001))),
                wrong("/description", () -> ProductRules.description("a\0b")),
                wrong("/price", () -> ProductRules.price(null)),
                wrong("/price", () -> ProductRules.price(new Money(-1, "USD"))),
                wrong("/price", () -> ProductRules.price(new Money(1_000_000_000_001L, "USD"))),
                wrong("/stock", () -> ProductRules.stock(-1)),
                wrong("/stock", () -> ProductRules.stock(1_000_000_001)),
                wrong("/delta", () -> ProductRules.delta(0)),
                wrong("/delta", () -> ProductRules.delta(-1_000_000_001)),
                wrong("/delta", () -> ProductRules.delta(1_000_000_001)),
                wrong("/delta", () -> ProductRules.delta(Long.MIN_VALUE)),
                wrong("/reason", () -> ProductRules.reason("r".repeat(501))),
                wrong("Idempotency-Key", () -> ProductRules.idempotencyKey(null)),
                wrong("Idempotency-Key", () -> ProductRules.idempotencyKey("")),
                wrong("Idempotency-Key", () -> ProductRules.idempotencyKey("k".repeat(256))),
                wrong("q", () -> ProductRules.search("q".repeat(201))),
                wrong("q", () -> ProductRules.search("\0")),
                wrong("/productId", () -> ProductRules.id(null, "/productId")),
                wrong("/productIds", () -> ProductRules.ids(Collections.nCopies(101, ID))),
                wrong("/lines", () -> ProductRules.lines(List.of())),
                wrong("/lines", () -> ProductRules.lines(Collections.nCopies(101, new Quantity(ID, 1)))),
                wrong(
                        "/lines/1/productId",
                        () -> ProductRules.lines(List.of(new Quantity(ID, 1), new Quantity(null, 1)))));
    }

    @ParameterizedTest
    @MethodSource("wrongs")
    void namesTheFieldThatIsWrong(List<Object> wrong) {
        refused((String) wrong.getFirst(), (Runnable) wrong.getLast());
    }

    @Test
    void aNewProductNeedsNoDescriptionAndNoAttributes() {
        NewProduct product = NewProduct.of(new Create("A", "Lamp", null, null, new Money(1, "USD"), 0));

        assertThat(product.description()).isEmpty();
        assertThat(product.attributes()).isEqualTo(new Attributes("{}"));
    }

    @Test
    void checksEveryFieldOfANewProduct() {
        Money price = new Money(1, "USD");
        refused("/sku", () -> NewProduct.of(new Create("", "Lamp", "", Map.of(), price, 0)));
        refused("/name", () -> NewProduct.of(new Create("A", "", "", Map.of(), price, 0)));
        refused("/description", () -> NewProduct.of(new Create("A", "Lamp", "\0", Map.of(), price, 0)));
        refused("/attributes", () -> NewProduct.of(new Create("A", "Lamp", "", tooLarge(), price, 0)));
        refused("/price", () -> NewProduct.of(new Create("A", "Lamp", "", Map.of(), null, 0)));
        refused("/stock", () -> NewProduct.of(new Create("A", "Lamp", "", Map.of(), price, -1)));
    }

    @Test
    void checksEveryFieldOfAnEditThatIsGiven() {
        assertThat(ProductEdit.of(new Change(ID, 1, null, null, null, null)).name())
                .isEmpty();
        refused("/productId", () -> ProductEdit.of(new Change(null, 1, null, null, null, null)));
        refused("/name", () -> ProductEdit.of(new Change(ID, 1, "", null, null, null)));
        refused("/description", () -> ProductEdit.of(new Change(ID, 1, null, "\0", null, null)));
        refused("/attributes", () -> ProductEdit.of(new Change(ID, 1, null, null, tooLarge(), null)));
        refused("/price", () -> ProductEdit.of(new Change(ID, 1, null, null, null, new Money(-1, "USD"))));
    }

    private static Map<String, Object> tooLarge() {
        return Map.of("a", "b".repeat(Attributes.MAX_BYTES));
    }

    private static List<Object> wrong(String pointer, Runnable check) {
        return List.of(pointer, check);
    }

    private static void refused(String pointer, Runnable check) {
        assertThatExceptionOfType(Fault.class).isThrownBy(check::run).satisfies(fault -> {
            assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
            assertThat(fault.violations()).extracting(Fault.Violation::pointer).containsExactly(pointer);
        });
    }
}
