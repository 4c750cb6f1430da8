package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Quotation;
import dev.souk.contracts.Products.Quoted;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OrderPricingTest {
    private static final Quoted LAPTOP = quoted("LAPTOP", 120_000, "USD");
    private static final Quoted MOUSE = quoted("MOUSE", 1_050, "USD");
    private static final Quoted TEA = quoted("TEA", 500, "EUR");

    @Test
    void eachLineCostsTheQuotedPriceInTheOrderOfTheItems() {
        List<Line> lines = OrderPricing.lines(List.of(of(MOUSE, 3), of(LAPTOP, 2)), quotation(LAPTOP, MOUSE));

        assertThat(lines)
                .containsExactly(
                        new Line(
                                MOUSE.productId(),
                                "MOUSE",
                                "The MOUSE",
                                3,
                                new Money(1_050, "USD"),
                                new Money(3_150, "USD")),
                        new Line(
                                LAPTOP.productId(),
                                "LAPTOP",
                                "The LAPTOP",
                                2,
                                new Money(120_000, "USD"),
                                new Money(240_000, "USD")));
    }

    @Test
    void everyProductThatIsNotQuotedIsNamed() {
        List<Quantity> items = List.of(of(TEA, 1), of(LAPTOP, 1), of(MOUSE, 1));

        assertThatThrownBy(() -> OrderPricing.lines(items, quotation(LAPTOP)))
                .asInstanceOf(type(Fault.class))
                .satisfies(fault -> {
                    assertThat(fault.code()).isEqualTo(Fault.Code.PRODUCT_NOT_FOUND);
                    assertThat(fault.violations())
                            .extracting(Violation::pointer)
                            .containsExactly("/items/0/productId", "/items/2/productId");
                });
    }

    @Test
    void anOrderHasOneCurrency() {
        List<Quantity> items = List.of(of(TEA, 1), of(LAPTOP, 1));

        assertThatThrownBy(() -> OrderPricing.lines(items, quotation(LAPTOP, TEA)))
                .asInstanceOf(type(Fault.class))
                .extracting(Fault::code)
                .isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    private static Quotation quotation(Quoted... quoted) {
        return new Quotation(List.of(quoted));
    }

    private static Quoted quoted(String sku, long amount, String currency) {
        return new Quoted(UUID.randomUUID(), sku, "The " + sku, new Money(amount, currency));
    }

    private static Quantity of(Quoted product, int quantity) {
        return new Quantity(product.productId(), quantity);
    }
}
