package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlacedOrderTest {
    private static final Instant PLACED = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant ENDED = Instant.parse("2026-01-02T03:04:06Z");
    private static final UUID USER = UUID.randomUUID();
    private static final Claim CLAIM = new Claim("key", "request", new byte[] {1});
    private static final Line LAPTOPS = line(2, 120_000);
    private static final Line MICE = line(3, 1_050);

    private final PlacedOrder pending =
            PlacedOrder.pending(UUID.randomUUID(), USER, CLAIM, "pm_card_visa", List.of(LAPTOPS, MICE), PLACED);

    @Test
    void aNewOrderIsPendingAndCostsWhatItsLinesCost() {
        assertThat(pending.isPending()).isTrue();
        assertThat(pending.reason()).isNull();
        assertThat(pending.total()).isEqualTo(new Money(243_150, "USD"));
        assertThat(pending.createdAt()).isEqualTo(PLACED);
        assertThat(pending.updatedAt()).isEqualTo(PLACED);
        assertThat(pending.event()).isEqualTo(new OrderEvent.Placed(USER, pending.lines(), pending.total()));
    }

    @Test
    void aPendingOrderCanBeConfirmed() {
        PlacedOrder confirmed = pending.confirm(ENDED);

        assertThat(confirmed.status()).isEqualTo(Status.CONFIRMED);
        assertThat(confirmed.reason()).isNull();
        assertThat(confirmed.createdAt()).isEqualTo(PLACED);
        assertThat(confirmed.updatedAt()).isEqualTo(ENDED);
        assertThat(confirmed.event()).isEqualTo(new OrderEvent.Confirmed());
    }

    @Test
    void aPendingOrderCanBeRejectedForAReason() {
        PlacedOrder rejected = pending.reject(Reason.OUT_OF_STOCK, ENDED);

        assertThat(rejected.status()).isEqualTo(Status.REJECTED);
        assertThat(rejected.reason()).isEqualTo(Reason.OUT_OF_STOCK);
        assertThat(rejected.event()).isEqualTo(new OrderEvent.Rejected(Reason.OUT_OF_STOCK));
    }

    @Test
    void anOrderThatHasEndedStaysAsItIs() {
        List<PlacedOrder> ended = List.of(pending.confirm(ENDED), pending.reject(Reason.OUT_OF_STOCK, ENDED));

        assertThat(ended).noneMatch(PlacedOrder::isPending).allSatisfy(order -> {
            assertThatThrownBy(() -> order.confirm(ENDED)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> order.reject(Reason.OUT_OF_STOCK, ENDED))
                    .isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void onlyARejectedOrderHasAReason() {
        assertThatThrownBy(() -> pending.reject(null, ENDED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("reason:");
        assertThatThrownBy(() -> withReason(Status.CONFIRMED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("reason:");
    }

    @Test
    void tellsWhatToTakeFromStock() {
        assertThat(pending.quantities())
                .containsExactly(new Quantity(LAPTOPS.productId(), 2), new Quantity(MICE.productId(), 3));
    }

    @Test
    void aTotalThatDoesNotFitIsRefused() {
        List<Line> tooMuch = List.of(line(1, Long.MAX_VALUE), line(1, 1));

        assertThatThrownBy(() -> PlacedOrder.pending(UUID.randomUUID(), USER, CLAIM, "pm_card_visa", tooMuch, PLACED))
                .isInstanceOf(ArithmeticException.class);
    }

    private PlacedOrder withReason(Status status) {
        return new PlacedOrder(
                pending.id(),
                USER,
                CLAIM,
                "pm_card_visa",
                status,
                Reason.OUT_OF_STOCK,
                pending.lines(),
                pending.total(),
                PLACED,
                PLACED);
    }

    private static Line line(int quantity, long unitPrice) {
        Money price = new Money(unitPrice, "USD");
        return new Line(UUID.randomUUID(), "SKU", "Name", quantity, price, price.times(quantity));
    }
}
