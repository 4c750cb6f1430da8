package dev.souk.product;

import static dev.souk.contracts.Fault.Code.IDEMPOTENCY_KEY_REUSED;
import static dev.souk.contracts.Fault.Code.STOCK_NEGATIVE;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Orders;
import dev.souk.contracts.Products.AdjustStock;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Reservation.Closed;
import dev.souk.contracts.Products.Reservation.OutOfStock;
import dev.souk.contracts.Products.Reservation.Reserved;
import dev.souk.contracts.Products.StockLevel;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StockRulesTest {
    private static final UUID LAMP = UUID.randomUUID();
    private static final UUID RUG = UUID.randomUUID();
    private static final UUID TEA = UUID.randomUUID();

    @Test
    void addsUpTheLinesOfOneProduct() {
        Map<UUID, Long> wanted = StockRules.wanted(
                List.of(new Quantity(LAMP, Integer.MAX_VALUE), new Quantity(RUG, 2), new Quantity(LAMP, 3)));

        assertThat(wanted).containsOnly(Map.entry(LAMP, Integer.MAX_VALUE + 3L), Map.entry(RUG, 2L));
    }

    @Test
    void reservesTheLastPiece() {
        assertThat(StockRules.reserve(Map.of(LAMP, 3L, RUG, 1L), Map.of(LAMP, 3L, RUG, 1L)))
                .isEqualTo(new Reserved());
    }

    @Test
    void reservesNothingWhenOneLineIsShort() {
        assertThat(StockRules.reserve(Map.of(LAMP, 3L, RUG, 0L), Map.of(LAMP, 1L, RUG, 1L)))
                .isEqualTo(new OutOfStock(List.of(RUG)));
    }

    @Test
    void namesEverythingThatIsShortInTheOrderAskedFor() {
        Map<UUID, Long> wanted =
                StockRules.wanted(List.of(new Quantity(TEA, 5), new Quantity(LAMP, 1), new Quantity(RUG, 4)));

        assertThat(StockRules.reserve(Map.of(LAMP, 1L, RUG, 3L, TEA, 4L), wanted))
                .isEqualTo(new OutOfStock(List.of(TEA, RUG)));
    }

    @Test
    void whatCannotBeOrderedIsOutOfStock() {
        assertThat(StockRules.reserve(Map.of(), Map.of(LAMP, 1L))).isEqualTo(new OutOfStock(List.of(LAMP)));
    }

    @Test
    void answersARepeatAsTheFirst() {
        assertThat(StockRules.reserveAgain(kept(ReservationState.HELD))).isEqualTo(new Reserved());
        assertThat(StockRules.reserveAgain(kept(ReservationState.COMMITTED))).isEqualTo(new Reserved());
        assertThat(StockRules.reserveAgain(new KeptReservation(ReservationState.REFUSED, List.of(RUG))))
                .isEqualTo(new OutOfStock(List.of(RUG)));
        assertThat(StockRules.reserveAgain(kept(ReservationState.RELEASED))).isEqualTo(new Closed());
    }

    @ParameterizedTest
    @CsvSource({"HELD,      SELL, GIVE_BACK", "COMMITTED, ,     TAKE_BACK", "RELEASED,  ,     "})
    void aReleaseGivesBackWhatIsHeldOrSoldAndACommitSellsOnlyWhatIsHeld(
            ReservationState state, Settling commit, Settling release) {
        assertThat(StockRules.commit(state)).isEqualTo(Optional.ofNullable(commit));
        assertThat(StockRules.release(state)).isEqualTo(Optional.ofNullable(release));
    }

    @Test
    void whatWasRefusedCannotBeSoldAndNeedsNoRelease() {
        assertThat(StockRules.release(ReservationState.REFUSED)).isEmpty();
        assertThatThrownBy(() -> StockRules.commit(ReservationState.REFUSED)).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @EnumSource(Settling.class)
    void aPieceThatMovesIsNeitherLostNorDoubled(Settling settling) {
        assertThat(settling.available() + settling.reserved() + settling.sold()).isZero();
        assertThat(List.of(settling.available(), settling.reserved(), settling.sold()))
                .containsExactlyInAnyOrder(-1, 0, 1);
    }

    @ParameterizedTest
    @CsvSource({
        "         , GIVE_BACK",
        "REJECTED , GIVE_BACK",
        "CANCELLED, GIVE_BACK",
        "PENDING  , STAYS_HELD",
        "CONFIRMED, STAYS_HELD",
        "SHIPPED  , STAYS_HELD",
        "DELIVERED, STAYS_HELD"
    })
    void onlyWhatIsHeldForNoOrderExpires(Orders.Status standing, Expiry expected) {
        Optional<Orders.Status> stands = Optional.ofNullable(standing);

        assertThat(StockRules.expire(ReservationState.HELD, stands)).isEqualTo(expected);
        for (ReservationState settled : EnumSet.complementOf(EnumSet.of(ReservationState.HELD))) {
            assertThat(StockRules.expire(settled, stands)).isEqualTo(Expiry.IS_SETTLED);
        }
    }

    @Test
    void adjustsWhatIsAvailableDownToNothing() {
        StockLevel stock = new StockLevel(5, 2, 1);

        assertThat(StockRules.adjust(stock, 3)).isEqualTo(new StockLevel(8, 2, 1));
        assertThat(StockRules.adjust(stock, -5)).isEqualTo(new StockLevel(0, 2, 1));
        assertThat(refusal(() -> StockRules.adjust(stock, -6))).isEqualTo(STOCK_NEGATIVE);
    }

    @Test
    void aKeyStandsForOneAdjustment() {
        KeptAdjustment kept = new KeptAdjustment(3, "found", new StockLevel(8, 0, 0));

        assertThat(StockRules.adjustAgain(kept, new AdjustStock(LAMP, "key", 3, "found")))
                .isEqualTo(new StockLevel(8, 0, 0));
        assertThat(refusal(() -> StockRules.adjustAgain(kept, new AdjustStock(LAMP, "key", 4, "found"))))
                .isEqualTo(IDEMPOTENCY_KEY_REUSED);
        assertThat(refusal(() -> StockRules.adjustAgain(kept, new AdjustStock(LAMP, "key", 3, null))))
                .isEqualTo(IDEMPOTENCY_KEY_REUSED);
    }

    private static KeptReservation kept(ReservationState state) {
        return new KeptReservation(state, List.of());
    }
}
