package dev.souk.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.ChargeOutcome.Charged;
import dev.souk.contracts.Payments.ChargeOutcome.Closed;
import dev.souk.contracts.Payments.ChargeOutcome.Declined;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.contracts.Payments.RefundOutcome.NothingCharged;
import dev.souk.contracts.Payments.RefundOutcome.Refunded;
import dev.souk.contracts.Payments.Status;
import dev.souk.payment.LedgerEntry.Account;
import dev.souk.payment.LedgerEntry.Side;
import dev.souk.payment.PaymentCommand.BeginCharge;
import dev.souk.payment.PaymentCommand.BeginRefund;
import dev.souk.payment.PaymentCommand.SettleCharge;
import dev.souk.payment.PaymentCommand.SettleRefund;
import dev.souk.payment.PaymentRules.Decision;
import dev.souk.payment.PaymentRules.Next;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PaymentRulesTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final UUID ORDER = new UUID(0, 1);
    private static final UUID CHARGE = new UUID(0, 2);
    private static final UUID REFUND = new UUID(0, 3);
    private static final Money PRICE = new Money(120_000, "USD");
    private static final Charge REQUEST = new Charge(ORDER, new UUID(0, 4), PRICE, "pm_card_visa");
    private static final OrderPayments UNKNOWN = OrderPayments.none(ORDER);

    @Test
    void keepsAChargeBeforeTheProviderIsAsked() {
        // when
        Decision<Next<ChargeOutcome>> begun = beginCharge(UNKNOWN);

        // then
        assertThat(begun.answer()).isInstanceOf(Next.Ask.class);
        assertThat(begun.after().charge().orElseThrow().status()).isEqualTo(Status.PENDING);
        assertThat(PaymentRules.bookings(UNKNOWN, begun.after())).isEmpty();
    }

    @Test
    void asksAgainWithTheSameWhileTheAnswerIsOpen() {
        OrderPayments pending = beginCharge(UNKNOWN).after();

        // when
        Decision<Next<ChargeOutcome>> again = PaymentRules.beginCharge(
                pending, new BeginCharge(REQUEST, UUID.randomUUID(), "other", AT.plusSeconds(9)));

        // then
        assertThat(again.after()).isEqualTo(pending);
        assertThat(again.answer()).isEqualTo(new Next.Ask<>(pending.charge().orElseThrow()));
    }

    @Test
    void booksAChargeOnceWhenItSucceeds() {
        OrderPayments pending = beginCharge(UNKNOWN).after();

        // when
        Decision<ChargeOutcome> first = settle(pending, new ChargeAnswer.Charged("ch_1"));
        Decision<ChargeOutcome> second = settle(first.after(), new ChargeAnswer.Charged("ch_1"));

        // then
        assertThat(first.answer()).isEqualTo(new Charged(CHARGE)).isEqualTo(second.answer());
        assertThat(PaymentRules.bookings(pending, first.after()))
                .containsExactly(
                        new LedgerEntry(CHARGE, Account.PROVIDER_RECEIVABLE, Side.DEBIT, PRICE, AT),
                        new LedgerEntry(CHARGE, Account.SALES, Side.CREDIT, PRICE, AT));
        assertThat(PaymentRules.bookings(first.after(), second.after())).isEmpty();
        assertThat(beginCharge(first.after()).answer()).isEqualTo(new Next.Tell<>(new Charged(CHARGE)));
    }

    @Test
    void keepsADecline() {
        // when
        Decision<ChargeOutcome> declined =
                settle(beginCharge(UNKNOWN).after(), new ChargeAnswer.Declined("card_declined"));

        // then
        assertThat(declined.answer()).isEqualTo(new Declined("card_declined"));
        assertThat(beginCharge(declined.after()).answer()).isEqualTo(new Next.Tell<>(new Declined("card_declined")));
        assertThat(beginRefund(declined.after()).answer()).isEqualTo(new Next.Tell<>(new NothingCharged()));
        assertThat(PaymentRules.bookings(UNKNOWN, declined.after())).isEmpty();
    }

    @Test
    void refusesAnotherChargeOfTheSameOrder() {
        OrderPayments pending = beginCharge(UNKNOWN).after();
        Charge dearer = new Charge(ORDER, REQUEST.userId(), new Money(120_001, "USD"), "pm_card_visa");

        // when
        Decision<Next<ChargeOutcome>> refused =
                PaymentRules.beginCharge(pending, new BeginCharge(dearer, CHARGE, "sandbox", AT));

        // then
        assertThat(refused.after()).isEqualTo(pending);
        assertThat(refused.answer())
                .isInstanceOfSatisfying(
                        Next.Refuse.class,
                        no -> assertThat(no.fault().code()).isEqualTo(Fault.Code.IDEMPOTENCY_KEY_REUSED));
    }

    @Test
    void aRefundBeforeAnyChargeClosesTheOrderWithoutTheProvider() {
        // when
        Decision<Next<RefundOutcome>> refunded = beginRefund(UNKNOWN);

        // then
        assertThat(refunded.answer()).isEqualTo(new Next.Tell<>(new NothingCharged()));
        assertThat(beginCharge(refunded.after()).answer()).isEqualTo(new Next.Tell<>(new Closed()));
        assertThat(beginCharge(refunded.after()).after().charge()).isEmpty();
        assertThat(beginRefund(refunded.after()).answer()).isEqualTo(new Next.Tell<>(new NothingCharged()));
    }

    @Test
    void aRefundThatFindsAnOpenChargeTakenBooksBoth() {
        OrderPayments refunding = beginRefund(beginCharge(UNKNOWN).after()).after();

        // when
        Decision<RefundOutcome> refunded = settle(refunding, new RefundAnswer.Refunded("re_1", "ch_1"));

        // then
        assertThat(refunded.answer()).isEqualTo(new Refunded(REFUND));
        assertThat(refunded.after().charge().orElseThrow().reference()).isEqualTo("ch_1");
        assertThat(PaymentRules.bookings(refunding, refunded.after()))
                .containsExactly(
                        new LedgerEntry(CHARGE, Account.PROVIDER_RECEIVABLE, Side.DEBIT, PRICE, AT),
                        new LedgerEntry(CHARGE, Account.SALES, Side.CREDIT, PRICE, AT),
                        new LedgerEntry(REFUND, Account.SALES_RETURNS, Side.DEBIT, PRICE, AT),
                        new LedgerEntry(REFUND, Account.PROVIDER_RECEIVABLE, Side.CREDIT, PRICE, AT));
        assertThat(beginRefund(refunded.after()).answer()).isEqualTo(new Next.Tell<>(new Refunded(REFUND)));
    }

    @Test
    void aLateAnswerToARefundedChargeChangesNothing() {
        OrderPayments refunded = settle(
                        beginRefund(beginCharge(UNKNOWN).after()).after(), new RefundAnswer.Refunded("re_1", "ch_1"))
                .after();

        // when
        Decision<ChargeOutcome> late = settle(refunded, new ChargeAnswer.Charged("ch_1"));

        // then
        assertThat(late.after()).isEqualTo(refunded);
        assertThat(late.answer()).isEqualTo(new Closed());
    }

    @Test
    void aChargeAnsweredWhileItsRefundIsUnderWayIsBookedAndClosed() {
        OrderPayments refunding = beginRefund(beginCharge(UNKNOWN).after()).after();

        // when
        Decision<ChargeOutcome> charged = settle(refunding, new ChargeAnswer.Charged("ch_1"));
        Decision<RefundOutcome> refunded = settle(charged.after(), new RefundAnswer.Refunded("re_1", "ch_1"));

        // then
        assertThat(charged.answer()).isEqualTo(new Closed());
        assertThat(PaymentRules.bookings(refunding, charged.after())).hasSize(2);
        assertThat(PaymentRules.bookings(charged.after(), refunded.after()))
                .hasSize(2)
                .allMatch(entry -> entry.paymentId().equals(REFUND));
    }

    @Test
    void aRefundThatFindsNothingFailsTheChargeForGood() {
        OrderPayments refunding = beginRefund(beginCharge(UNKNOWN).after()).after();

        // when
        Decision<RefundOutcome> refunded = settle(refunding, new RefundAnswer.Voided());
        Decision<ChargeOutcome> late = settle(refunded.after(), new ChargeAnswer.Voided());

        // then
        assertThat(refunded.answer()).isEqualTo(new NothingCharged());
        assertThat(refunded.after().payments()).extracting(KeptPayment::status).containsOnly(Status.FAILED);
        assertThat(late.after()).isEqualTo(refunded.after());
        assertThat(late.answer()).isEqualTo(new Closed());
        assertThat(beginRefund(late.after()).answer()).isEqualTo(new Next.Tell<>(new NothingCharged()));
    }

    @Test
    void aVoidedChargeClosesTheOrder() {
        // when
        Decision<ChargeOutcome> voided = settle(beginCharge(UNKNOWN).after(), new ChargeAnswer.Voided());

        // then
        assertThat(voided.answer()).isEqualTo(new Closed());
        assertThat(beginCharge(voided.after()).answer()).isEqualTo(new Next.Tell<>(new Closed()));
        assertThat(beginRefund(voided.after()).answer()).isEqualTo(new Next.Tell<>(new NothingCharged()));
    }

    @Test
    void whatContradictsASettledPaymentIsNotBelieved() {
        OrderPayments charged = settle(beginCharge(UNKNOWN).after(), new ChargeAnswer.Charged("ch_1"))
                .after();
        OrderPayments declined = settle(beginCharge(UNKNOWN).after(), new ChargeAnswer.Declined("no"))
                .after();
        OrderPayments refunding = beginRefund(charged).after();

        // then
        assertThatThrownBy(() -> settle(charged, new ChargeAnswer.Declined("no")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageNotContaining("pm_card");
        assertThatThrownBy(() -> settle(declined, new ChargeAnswer.Charged("ch_1")))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> settle(refunding, new RefundAnswer.Voided()))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> settle(UNKNOWN, new ChargeAnswer.Charged("ch_1")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void commandsForOneOrderAreDecidedOneAfterTheOther() {
        BeginCharge first = new BeginCharge(REQUEST, CHARGE, "sandbox", AT);
        BeginCharge doubled = new BeginCharge(REQUEST, new UUID(0, 9), "sandbox", AT);

        // when
        var decided = PaymentRules.inTurn(Map.of(ORDER, UNKNOWN), List.of(first, doubled), PaymentRules::beginCharge);

        // then
        KeptPayment only = decided.after().get(ORDER).charge().orElseThrow();
        assertThat(only.id()).isEqualTo(CHARGE);
        assertThat(decided.answers()).containsExactly(new Next.Ask<>(only), new Next.Ask<>(only));
    }

    private static Decision<Next<ChargeOutcome>> beginCharge(OrderPayments known) {
        return PaymentRules.beginCharge(known, new BeginCharge(REQUEST, CHARGE, "sandbox", AT));
    }

    private static Decision<Next<RefundOutcome>> beginRefund(OrderPayments known) {
        return PaymentRules.beginRefund(known, new BeginRefund(ORDER, REFUND, AT));
    }

    private static Decision<ChargeOutcome> settle(OrderPayments known, ChargeAnswer answer) {
        return PaymentRules.settleCharge(known, new SettleCharge(ORDER, answer, AT));
    }

    private static Decision<RefundOutcome> settle(OrderPayments known, RefundAnswer answer) {
        return PaymentRules.settleRefund(known, new SettleRefund(ORDER, answer, AT));
    }
}
