package dev.souk.payment;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.contracts.Payments.Status;
import dev.souk.payment.PaymentCommand.BeginCharge;
import dev.souk.payment.PaymentCommand.BeginRefund;
import dev.souk.payment.PaymentCommand.SettleCharge;
import dev.souk.payment.PaymentCommand.SettleRefund;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;

/**
 * Every decision about payments, as functions of what is kept of an order at that moment and of what happens to it. They
 * touch nothing: whoever asks them holds the order's lock, and stores what they say before anybody is told.
 *
 * <p>The provider is taken at his word: one answer for one key, and no charge after its refund. An answer that contradicts
 * what is settled is an {@link IllegalStateException} and changes nothing.
 */
public final class PaymentRules {
    private static final String VOIDED = "charge_voided";

    private PaymentRules() {}

    /**
     * What is decided.
     *
     * @param after what is to be kept of the order from now on
     */
    public record Decision<A>(OrderPayments after, A answer) {}

    /** What comes after a beginning. */
    public sealed interface Next<O> {
        /** The provider is to be asked, for the first time or again, with what is kept. */
        record Ask<O>(KeptPayment payment) implements Next<O> {}

        /** The outcome stands. */
        record Tell<O>(O outcome) implements Next<O> {}

        /** This cannot be asked for. */
        record Refuse<O>(Fault fault) implements Next<O> {}
    }

    /** A charge is kept before the provider hears of it, so that one that is not kept was never sent. */
    public static Decision<Next<ChargeOutcome>> beginCharge(OrderPayments known, BeginCharge command) {
        if (!known.closed() && known.charge().isEmpty()) {
            KeptPayment charge = KeptPayment.charge(command);
            return new Decision<>(known.with(charge), new Next.Ask<>(charge));
        }
        return new Decision<>(known, chargeAgain(known, command));
    }

    /** The provider's answer to a charge, however late and often it comes. */
    public static Decision<ChargeOutcome> settleCharge(OrderPayments known, SettleCharge command) {
        KeptPayment charge = begun(known.charge(), known);
        OrderPayments after = switch (charge.status()) {
            case PENDING -> settlePending(known, charge, command);
            case SUCCEEDED -> {
                // A refunded charge may be called either by the provider; nothing is held any more.
                boolean agrees = known.closed() || command.answer() instanceof ChargeAnswer.Charged;
                yield agrees ? known : contradiction(known, command.answer());
            }
            case FAILED -> {
                boolean agrees = !(command.answer() instanceof ChargeAnswer.Charged);
                yield agrees ? known : contradiction(known, command.answer());
            }
        };
        return new Decision<>(after, outcome(after, begun(after.charge(), after)));
    }

    /**
     * Closes the order against charges. Where no charge is kept none was sent and none will be; the closed order itself is
     * the tombstone. Where one may have been, only the provider can say what became of it.
     */
    public static Decision<Next<RefundOutcome>> beginRefund(OrderPayments known, BeginRefund command) {
        if (known.refund().isPresent()) {
            return new Decision<>(known, refundAgain(known.refund().get()));
        }
        OrderPayments closed = known.close();
        if (known.charge().isEmpty() || known.charge().get().status() == Status.FAILED) {
            return new Decision<>(closed, new Next.Tell<>(new RefundOutcome.NothingCharged()));
        }
        KeptPayment refund = known.charge().get().refund(command.paymentId(), command.at());
        return new Decision<>(closed.with(refund), new Next.Ask<>(refund));
    }

    /** The provider's answer to a refund. It is the last word on the charge too, if that is not settled. */
    public static Decision<RefundOutcome> settleRefund(OrderPayments known, SettleRefund command) {
        KeptPayment refund = begun(known.refund(), known);
        OrderPayments after = switch (refund.status()) {
            case PENDING -> settlePending(known, refund, command);
            case SUCCEEDED -> known;
            case FAILED ->
                command.answer() instanceof RefundAnswer.Voided ? known : contradiction(known, command.answer());
        };
        return new Decision<>(after, outcome(begun(after.refund(), after)));
    }

    /** What is to be booked: each payment once, when it succeeds. */
    public static List<LedgerEntry> bookings(OrderPayments before, OrderPayments after) {
        return after.changesSince(before)
                .filter(KeptPayment::isSucceeded)
                .flatMap(payment -> LedgerEntry.of(payment).stream())
                .toList();
    }

    /**
     * One command after the other, each on what the ones before have left.
     *
     * @param known what is kept of each order that a command is for
     */
    static <C extends PaymentCommand, A> InTurn<A> inTurn(
            Map<UUID, OrderPayments> known, List<C> commands, BiFunction<OrderPayments, C, Decision<A>> rule) {
        Map<UUID, OrderPayments> after = new HashMap<>(known);
        List<A> answers = new ArrayList<>();
        for (C command : commands) {
            Decision<A> decision = rule.apply(after.get(command.orderId()), command);
            after.put(command.orderId(), decision.after());
            answers.add(decision.answer());
        }
        return new InTurn<>(after, answers);
    }

    /** @param answers one for each command, in their order */
    record InTurn<A>(Map<UUID, OrderPayments> after, List<A> answers) {}

    private static Next<ChargeOutcome> chargeAgain(OrderPayments known, BeginCharge command) {
        if (known.closed()) {
            return new Next.Tell<>(new ChargeOutcome.Closed());
        }
        KeptPayment charge = begun(known.charge(), known);
        if (!charge.isOf(command.request())) {
            return new Next.Refuse<>(Fault.of(
                    Fault.Code.IDEMPOTENCY_KEY_REUSED,
                    "This order is charged with another user, amount or payment method already."));
        }
        return charge.status() == Status.PENDING ? new Next.Ask<>(charge) : new Next.Tell<>(outcome(known, charge));
    }

    private static Next<RefundOutcome> refundAgain(KeptPayment refund) {
        return refund.status() == Status.PENDING ? new Next.Ask<>(refund) : new Next.Tell<>(outcome(refund));
    }

    private static OrderPayments settlePending(OrderPayments known, KeptPayment charge, SettleCharge command) {
        return switch (command.answer()) {
            case ChargeAnswer.Charged(String reference) -> known.with(charge.succeed(reference, command.at()));
            case ChargeAnswer.Declined(String reason) -> known.with(charge.fail(reason, command.at()));
            case ChargeAnswer.Voided() -> known.close().with(charge.fail(VOIDED, command.at()));
        };
    }

    private static OrderPayments settlePending(OrderPayments known, KeptPayment refund, SettleRefund command) {
        KeptPayment charge = begun(known.charge(), known);
        return switch (command.answer()) {
            case RefundAnswer.Refunded(String reference, String chargeReference) ->
                switch (charge.status()) {
                    case PENDING ->
                        known.with(charge.succeed(chargeReference, command.at()))
                                .with(refund.succeed(reference, command.at()));
                    case SUCCEEDED -> known.with(refund.succeed(reference, command.at()));
                    case FAILED -> contradiction(known, command.answer());
                };
            case RefundAnswer.Voided() ->
                switch (charge.status()) {
                    case PENDING ->
                        known.with(charge.fail(VOIDED, command.at())).with(refund.fail(VOIDED, command.at()));
                    case SUCCEEDED -> contradiction(known, command.answer());
                    case FAILED -> known.with(refund.fail(VOIDED, command.at()));
                };
        };
    }

    private static ChargeOutcome outcome(OrderPayments known, KeptPayment settled) {
        if (known.closed()) {
            return new ChargeOutcome.Closed();
        }
        return settled.isSucceeded()
                ? new ChargeOutcome.Charged(settled.id())
                : new ChargeOutcome.Declined(settled.failureReason());
    }

    private static RefundOutcome outcome(KeptPayment settled) {
        return settled.isSucceeded() ? new RefundOutcome.Refunded(settled.id()) : new RefundOutcome.NothingCharged();
    }

    private static KeptPayment begun(Optional<KeptPayment> payment, OrderPayments known) {
        return payment.orElseThrow(
                () -> new IllegalStateException("order " + known.orderId() + " has no payment that could be settled"));
    }

    private static OrderPayments contradiction(OrderPayments known, Object answer) {
        throw new IllegalStateException(
                "the provider answers " + answer.getClass().getSimpleName() + " for order " + known.orderId()
                        + ", which stands at " + known.charge() + " " + known.refund());
    }
}
