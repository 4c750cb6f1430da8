package dev.souk.payment;

import dev.souk.contracts.Money;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** One line of the ledger. The lines of a payment balance: what one account is debited, another is credited. */
public record LedgerEntry(UUID paymentId, Account account, Side side, Money amount, Instant at) {
    /** Where money is booked. */
    public enum Account {
        /** What the provider has taken for the shop and owes it. */
        PROVIDER_RECEIVABLE,
        /** What was sold. */
        SALES,
        /** What was given back of it. */
        SALES_RETURNS
    }

    public enum Side {
        DEBIT,
        CREDIT
    }

    /** The lines of a payment that has succeeded. */
    static List<LedgerEntry> of(KeptPayment payment) {
        return switch (payment.kind()) {
            case CHARGE -> lines(payment, Account.PROVIDER_RECEIVABLE, Account.SALES);
            case REFUND -> lines(payment, Account.SALES_RETURNS, Account.PROVIDER_RECEIVABLE);
        };
    }

    private static List<LedgerEntry> lines(KeptPayment payment, Account debited, Account credited) {
        return List.of(
                new LedgerEntry(payment.id(), debited, Side.DEBIT, payment.amount(), payment.updatedAt()),
                new LedgerEntry(payment.id(), credited, Side.CREDIT, payment.amount(), payment.updatedAt()));
    }
}
