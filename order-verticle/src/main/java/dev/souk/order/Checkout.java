package dev.souk.order;

import static dev.souk.order.Step.step;

import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Reservation;
import dev.souk.order.Step.Verdict;
import dev.souk.order.Step.Verdict.Overtaken;
import dev.souk.order.Step.Verdict.Proceed;
import dev.souk.order.Step.Verdict.Refuse;
import java.util.List;
import java.util.Optional;

/**
 * The checkout: what becomes of an order once it is stored. Its steps are taken one after the other, and when the last is
 * done the order is confirmed. When one is refused, or the order is cancelled, the checkout turns back: the steps are
 * undone in reverse, one after the other, beginning with the one whose outcome is not known, and then the order is
 * rejected or cancelled.
 *
 * <p>All of it is decided here, by functions of where a checkout stands; they touch nothing.
 */
public final class Checkout {
    static final List<Step<?, ?, ?>> STEPS = List.of(
            step("reserve")
                    .call(Products.RESERVE, Checkout::reserve, Checkout::reserved)
                    .undo(Products.RELEASE, Checkout::release),
            step("charge")
                    .call(Payments.CHARGE, Checkout::charge, Checkout::charged)
                    .undo(Payments.REFUND, Checkout::refund));

    private Checkout() {}

    /**
     * Where a checkout stands.
     *
     * @param step the step that is being taken, or undone
     * @param ending what the order will become when all is undone; empty while the checkout goes forward
     */
    public record Progress(String step, Optional<Ending> ending) {
        public boolean isTurned() {
            return ending.isPresent();
        }
    }

    /**
     * How a checkout leaves its order.
     *
     * @param reason null unless the order is rejected
     */
    public record Ending(Status status, Reason reason) {
        public static final Ending CONFIRMED = new Ending(Status.CONFIRMED, null);
        public static final Ending CANCELLED = new Ending(Status.CANCELLED, null);

        public static Ending rejected(Reason reason) {
            return new Ending(Status.REJECTED, reason);
        }
    }

    /** What is to be done next. */
    public sealed interface Move {
        /** Take, or undo, another step. */
        record Go(Progress to) implements Move {}

        /** The checkout is over. */
        record End(Ending ending) implements Move {}
    }

    /** Where a new order's checkout stands. */
    public static Progress begin() {
        return new Progress(STEPS.getFirst().name(), Optional.empty());
    }

    /** What follows when the step was taken, or refused. An overtaken one is not for this instance to go on with. */
    public static Move taken(Progress at, Verdict verdict) {
        return switch (verdict) {
            case Proceed go ->
                after(at)
                        .<Move>map(next -> new Move.Go(new Progress(next.name(), Optional.empty())))
                        .orElse(new Move.End(Ending.CONFIRMED));
            case Refuse refusal -> backFrom(at, Ending.rejected(refusal.reason()));
            case Overtaken overtaken -> throw new IllegalStateException("the checkout was turned back elsewhere");
        };
    }

    /** What follows when the step was undone. */
    public static Move undone(Progress at) {
        return backFrom(at, at.ending().orElseThrow());
    }

    /** The checkout turns back, beginning with the step that is under way. Once turned it never turns again. */
    public static Progress cancelled(Progress at) {
        return at.isTurned() ? at : new Progress(at.step(), Optional.of(Ending.CANCELLED));
    }

    /** Where a checkout that was over begins to undo everything. */
    public static Progress cancelledAfterEnd() {
        return new Progress(STEPS.getLast().name(), Optional.of(Ending.CANCELLED));
    }

    /** @throws IllegalStateException for a step of another version */
    static Step<?, ?, ?> stepOf(Progress at) {
        return STEPS.stream()
                .filter(step -> step.name().equals(at.step()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the checkout has no step " + at.step()));
    }

    private static Optional<Step<?, ?, ?>> after(Progress at) {
        int next = STEPS.indexOf(stepOf(at)) + 1;
        return next < STEPS.size() ? Optional.of(STEPS.get(next)) : Optional.empty();
    }

    private static Move backFrom(Progress at, Ending ending) {
        int before = STEPS.indexOf(stepOf(at)) - 1;
        return before < 0
                ? new Move.End(ending)
                : new Move.Go(new Progress(STEPS.get(before).name(), Optional.of(ending)));
    }

    private static Products.Reserve reserve(PlacedOrder order) {
        return new Products.Reserve(order.id(), order.quantities());
    }

    private static Verdict reserved(Reservation reservation) {
        return switch (reservation) {
            case Reservation.Reserved held -> new Proceed();
            case Reservation.OutOfStock shortage -> new Refuse(Reason.OUT_OF_STOCK);
            case Reservation.Closed closed -> new Overtaken();
        };
    }

    private static Products.Release release(PlacedOrder order) {
        return new Products.Release(order.id());
    }

    private static Payments.Charge charge(PlacedOrder order) {
        return new Payments.Charge(order.id(), order.userId(), order.total(), order.paymentMethod());
    }

    private static Verdict charged(ChargeOutcome outcome) {
        return switch (outcome) {
            case ChargeOutcome.Charged charged -> new Proceed();
            case ChargeOutcome.Declined declined -> new Refuse(Reason.PAYMENT_DECLINED);
            case ChargeOutcome.Closed closed -> new Overtaken();
        };
    }

    private static Payments.Refund refund(PlacedOrder order) {
        return new Payments.Refund(order.id());
    }
}
