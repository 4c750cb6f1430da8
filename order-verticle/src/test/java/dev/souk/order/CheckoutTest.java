package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Operation;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.Settlement;
import dev.souk.order.Step.Verdict;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CheckoutTest {
    @Test
    void reservesThenConfirmsThenCommits() {
        assertThat(Checkout.STEPS).extracting(Step::name).containsExactly("reserve", "confirm", "commit");
    }

    @Test
    void eachStepLeadsToTheNext() {
        assertThat(Checkout.first()).isEqualTo(Checkout.STEPS.getFirst());
        assertThat(Checkout.after(Checkout.named("reserve"))).contains(Checkout.named("confirm"));
        assertThat(Checkout.after(Checkout.named("confirm"))).contains(Checkout.named("commit"));
        assertThat(Checkout.after(Checkout.named("commit"))).isEmpty();
    }

    /** Names are kept in the database: an unfinished checkout must find its step again. */
    @Test
    void stepsAreFoundByTheirNames() {
        assertThat(Checkout.STEPS)
                .allSatisfy(step -> assertThat(Checkout.named(step.name())).isSameAs(step));
        assertThatThrownBy(() -> Checkout.named("charge")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatOthersAreAskedForMayBeAskedTwice() {
        assertThat(Checkout.STEPS)
                .filteredOn(Step.Command.class::isInstance)
                .map(step -> ((Step.Command<?, ?>) step).operation())
                .isNotEmpty()
                .allMatch(Operation::idempotent);
    }

    @Test
    void whatMustNotBeAskedTwiceCannotBeAStep() {
        Function<PlacedOrder, Products.Create> request = order -> null;

        assertThatThrownBy(() -> Step.step("create").call(Products.CREATE, request, created -> new Verdict.Proceed()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("product.create");
    }

    @Test
    void aShortageRejectsTheOrder() {
        assertThat(verdict("reserve", new Reservation.OutOfStock(List.of(UUID.randomUUID()))))
                .isEqualTo(new Verdict.Refuse(Reason.OUT_OF_STOCK));
        assertThat(verdict("reserve", new Reservation.Reserved())).isEqualTo(new Verdict.Proceed());
    }

    @Test
    void stockThatWasTakenBackIsABug() {
        assertThatThrownBy(() -> verdict("reserve", new Reservation.Closed()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> verdict("commit", new Settlement(Settlement.State.RELEASED)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(verdict("commit", new Settlement(Settlement.State.COMMITTED)))
                .isEqualTo(new Verdict.Proceed());
    }

    @SuppressWarnings("unchecked")
    private <R> Verdict verdict(String step, R answer) {
        return ((Step.Command<?, R>) Checkout.named(step)).verdict().apply(answer);
    }
}
