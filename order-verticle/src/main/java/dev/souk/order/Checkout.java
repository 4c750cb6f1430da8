package dev.souk.order;

import static dev.souk.order.Step.step;

import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.Settlement;
import dev.souk.order.Step.Verdict;
import dev.souk.order.Step.Verdict.Proceed;
import dev.souk.order.Step.Verdict.Refuse;
import java.util.List;
import java.util.Optional;

/**
 * The checkout as its steps: what becomes of an order once it is stored. A refusal before {@code confirm} rejects the
 * order; after it there is no way back, and every step is asked for until it is done.
 */
final class Checkout {
    static final List<Step> STEPS = List.of(
            step("reserve").call(Products.RESERVE, Checkout::reserve, Checkout::reserved),
            step("confirm").local(PlacedOrder::confirm),
            step("commit").call(Products.COMMIT, Checkout::commit, Checkout::committed));

    private Checkout() {}

    static Step first() {
        return STEPS.getFirst();
    }

    /** @throws IllegalStateException for a step of another version */
    static Step named(String name) {
        return STEPS.stream()
                .filter(step -> step.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the checkout has no step " + name));
    }

    static Optional<Step> after(Step step) {
        int next = STEPS.indexOf(step) + 1;
        return next < STEPS.size() ? Optional.of(STEPS.get(next)) : Optional.empty();
    }

    private static Products.Reserve reserve(PlacedOrder order) {
        return new Products.Reserve(order.id(), order.quantities());
    }

    private static Verdict reserved(Reservation reservation) {
        return switch (reservation) {
            case Reservation.Reserved held -> new Proceed();
            case Reservation.OutOfStock shortage -> new Refuse(Reason.OUT_OF_STOCK);
            case Reservation.Closed closed ->
                throw new IllegalStateException("a reservation was closed before its order had ended");
        };
    }

    private static Products.Commit commit(PlacedOrder order) {
        return new Products.Commit(order.id());
    }

    private static Verdict committed(Settlement settlement) {
        return switch (settlement.state()) {
            case COMMITTED -> new Proceed();
            case RELEASED -> throw new IllegalStateException("the stock of a confirmed order was released");
        };
    }
}
