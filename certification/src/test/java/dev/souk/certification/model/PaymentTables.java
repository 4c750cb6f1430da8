package dev.souk.certification.model;

import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.contracts.Payments.Status;
import dev.souk.payment.LedgerEntry;
import dev.souk.payment.LedgerEntry.Side;
import dev.souk.payment.OrderPayments;
import dev.souk.payment.PaymentCommand.BeginCharge;
import dev.souk.payment.PaymentCommand.BeginRefund;
import dev.souk.payment.PaymentCommand.SettleCharge;
import dev.souk.payment.PaymentCommand.SettleRefund;
import dev.souk.payment.PaymentRules;
import dev.souk.payment.PaymentRules.Decision;
import dev.souk.payment.PaymentRules.Next;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The payment service's database, changed only as {@link PaymentRules} says: each method is one of its transactions. */
final class PaymentTables {
    private final World world;
    private final Map<UUID, OrderPayments> payments = new LinkedHashMap<>();
    private final Map<UUID, Long> booked = new HashMap<>();
    private long debits;
    private long credits;

    PaymentTables(World world) {
        this.world = world;
    }

    OrderPayments of(UUID orderId) {
        return payments.getOrDefault(orderId, OrderPayments.none(orderId));
    }

    long debits() {
        return debits;
    }

    long credits() {
        return credits;
    }

    /** How much the ledger says was moved by a payment. */
    long booked(UUID paymentId) {
        return booked.getOrDefault(paymentId, 0L);
    }

    Next<ChargeOutcome> beginCharge(BeginCharge command) {
        OrderPayments known = of(command.orderId());
        if (known.closed() && known.charge().isEmpty()) {
            world.saw(Sight.CLOSED_BEFORE_CHARGED);
        }
        return keep(PaymentRules.beginCharge(known, command), known);
    }

    ChargeOutcome settleCharge(SettleCharge command) {
        OrderPayments known = of(command.orderId());
        return keep(PaymentRules.settleCharge(known, command), known);
    }

    Next<RefundOutcome> beginRefund(BeginRefund command) {
        OrderPayments known = of(command.orderId());
        boolean isUnknown = known.charge()
                .filter(charge -> charge.status() == Status.PENDING)
                .isPresent();
        if (!isUnknown) {
            return keep(PaymentRules.beginRefund(known, command), known);
        }
        world.saw(Sight.REFUNDED_WHILE_UNKNOWN);
        return world.has(Plant.NO_REFUND_OF_THE_UNKNOWN)
                ? keep(skipped(known), known)
                : keep(PaymentRules.beginRefund(known, command), known);
    }

    RefundOutcome settleRefund(SettleRefund command) {
        OrderPayments known = of(command.orderId());
        return keep(PaymentRules.settleRefund(known, command), known);
    }

    private static Decision<Next<RefundOutcome>> skipped(OrderPayments known) {
        return new Decision<>(
                new OrderPayments(known.orderId(), true, known.charge(), known.refund()),
                new Next.Tell<>(new RefundOutcome.NothingCharged()));
    }

    private <A> A keep(Decision<A> decision, OrderPayments before) {
        OrderPayments after = decision.after();
        payments.put(after.orderId(), after);
        for (LedgerEntry entry : PaymentRules.bookings(before, after)) {
            if (entry.side() == Side.DEBIT) {
                debits += entry.amount().amount();
                booked.merge(entry.paymentId(), entry.amount().amount(), Long::sum);
            } else {
                credits += entry.amount().amount();
            }
        }
        world.note("payments", () -> world.nameOf(after.orderId()) + ": " + decision.answer());
        return decision.answer();
    }
}
