package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products.Quantity;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.PlacedOrder.IllegalTransition;
import dev.souk.order.PlacedOrder.Left;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class PlacedOrderTest {
    private static final Instant PLACED = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant ENDED = Instant.parse("2026-01-02T03:04:06Z");
    private static final Instant LATER = Instant.parse("2026-01-03T00:00:00Z");
    private static final UUID USER = UUID.randomUUID();
    private static final Claim CLAIM = new Claim("key", "request", new byte[] {1});
    private static final Line LAPTOPS = line(2, 120_000);
    private static final Line MICE = line(3, 1_050);

    private final PlacedOrder pending =
            PlacedOrder.pending(UUID.randomUUID(), USER, CLAIM, "pm_card_visa", List.of(LAPTOPS, MICE), PLACED);
    private final PlacedOrder confirmed = pending.leave(Ending.CONFIRMED, ENDED);

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
    void aPendingOrderIsLeftConfirmed() {
        PlacedOrder confirmed = pending.leave(Ending.CONFIRMED, ENDED);

        assertThat(confirmed.status()).isEqualTo(Status.CONFIRMED);
        assertThat(confirmed.reason()).isNull();
        assertThat(confirmed.createdAt()).isEqualTo(PLACED);
        assertThat(confirmed.updatedAt()).isEqualTo(ENDED);
        assertThat(confirmed.left()).contains(new Left(Ending.CONFIRMED, ENDED));
        assertThat(confirmed.event()).isEqualTo(new OrderEvent.Confirmed(USER, pending.total()));
    }

    @Test
    void aPendingOrderIsLeftRejectedForAReason() {
        PlacedOrder rejected = pending.leave(Ending.rejected(Reason.PAYMENT_DECLINED), ENDED);

        assertThat(rejected.status()).isEqualTo(Status.REJECTED);
        assertThat(rejected.reason()).isEqualTo(Reason.PAYMENT_DECLINED);
        assertThat(rejected.event()).isEqualTo(new OrderEvent.Rejected(USER, Reason.PAYMENT_DECLINED));
    }

    @Test
    void aPendingOrderIsLeftCancelled() {
        PlacedOrder cancelled = pending.leave(Ending.CANCELLED, ENDED);

        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        assertThat(cancelled.event()).isEqualTo(new OrderEvent.Cancelled(USER, pending.total()));
    }

    @Test
    void aConfirmedOrderIsShippedAndThenDelivered() {
        PlacedOrder shipped = confirmed.ship(LATER);
        PlacedOrder delivered = shipped.deliver(LATER);

        assertThat(shipped.status()).isEqualTo(Status.SHIPPED);
        assertThat(shipped.updatedAt()).isEqualTo(LATER);
        assertThat(shipped.event()).isEqualTo(new OrderEvent.Shipped(USER));
        assertThat(delivered.status()).isEqualTo(Status.DELIVERED);
        assertThat(delivered.event()).isEqualTo(new OrderEvent.Delivered(USER));
    }

    @Test
    void nothingElseCanHappenToAnOrder() {
        PlacedOrder rejected = pending.leave(Ending.rejected(Reason.OUT_OF_STOCK), ENDED);
        PlacedOrder cancelled = confirmed.cancel(LATER);
        PlacedOrder shipped = confirmed.ship(LATER);
        PlacedOrder delivered = shipped.deliver(LATER);

        assertThat(List.of(pending, rejected, cancelled, shipped, delivered)).allSatisfy(order -> {
            refuses(() -> order.cancel(LATER));
            refuses(() -> order.ship(LATER));
        });
        assertThat(List.of(pending, rejected, cancelled, confirmed, delivered))
                .allSatisfy(order -> refuses(() -> order.deliver(LATER)));
        assertThat(List.of(rejected, cancelled, confirmed, shipped, delivered)).allSatisfy(order -> {
            refuses(() -> order.leave(Ending.CONFIRMED, LATER));
            refuses(() -> order.leave(Ending.rejected(Reason.OUT_OF_STOCK), LATER));
        });
        assertThat(List.of(rejected, confirmed, shipped, delivered))
                .allSatisfy(order -> refuses(() -> order.leave(Ending.CANCELLED, LATER)));
    }

    @Test
    void aCheckoutThatUndidACancelledOrderLeavesItAsItIs() {
        PlacedOrder cancelled = confirmed.cancel(LATER);

        assertThat(cancelled.leave(Ending.CANCELLED, LATER.plusSeconds(1))).isEqualTo(cancelled);
    }

    /** A client that repeats its request must not be told of what happened to the order since. */
    @Test
    void theKeyAnswersWithTheOrderAsItsCheckoutLeftIt() {
        Orders.Order answer = confirmed.toContract();

        assertThat(List.of(
                        confirmed,
                        confirmed.cancel(LATER),
                        confirmed.ship(LATER).deliver(LATER)))
                .extracting(PlacedOrder::answer)
                .containsOnly(answer);
        assertThat(pending.answer()).isEqualTo(pending.toContract());
    }

    @Test
    void onlyARejectedOrderHasAReason() {
        assertThatThrownBy(() -> pending.leave(Ending.rejected(null), ENDED))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("reason:");
        assertThatThrownBy(() -> with(Status.CONFIRMED, Reason.OUT_OF_STOCK, confirmed.left()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("reason:");
    }

    @Test
    void onlyAPendingOrderHasNotBeenLeft() {
        assertThatThrownBy(() -> with(Status.CONFIRMED, null, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("left:");
        assertThatThrownBy(() -> with(Status.PENDING, null, confirmed.left()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("left:");
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

    private static void refuses(ThrowingCallable transition) {
        assertThatThrownBy(transition).isInstanceOf(IllegalTransition.class);
    }

    private PlacedOrder with(Status status, Reason reason, Optional<Left> left) {
        return new PlacedOrder(
                pending.id(),
                USER,
                CLAIM,
                "pm_card_visa",
                status,
                reason,
                pending.lines(),
                pending.total(),
                PLACED,
                PLACED,
                left);
    }

    private static Line line(int quantity, long unitPrice) {
        Money price = new Money(unitPrice, "USD");
        return new Line(UUID.randomUUID(), "SKU", "Name", quantity, price, price.times(quantity));
    }
}
