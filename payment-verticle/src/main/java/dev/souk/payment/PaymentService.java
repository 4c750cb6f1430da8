package dev.souk.payment;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.Payment;
import dev.souk.contracts.Payments.PaymentList;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.GroupCommit;
import dev.souk.payment.PaymentCommand.BeginCharge;
import dev.souk.payment.PaymentCommand.BeginRefund;
import dev.souk.payment.PaymentCommand.SettleCharge;
import dev.souk.payment.PaymentCommand.SettleRefund;
import dev.souk.payment.PaymentRules.Next;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Charges orders and gives back what they were charged, each once. What is about to be asked of the provider is kept
 * before he is asked, and what he answers before anybody is told, so that whoever asks again, after a crash too, carries on
 * where it stopped. {@link PaymentRules} decides. Used from one event loop.
 */
final class PaymentService {
    /** Longer than anybody waits: what the provider has answered is worth keeping for him who asks next. */
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);

    private final PaymentRepository payments;
    private final PaymentProvider provider;
    private final Supplier<UUID> ids;
    private final Clock clock;
    private final GroupCommit<BeginCharge, Next<ChargeOutcome>> beginCharge;
    private final GroupCommit<SettleCharge, ChargeOutcome> settleCharge;
    private final GroupCommit<BeginRefund, Next<RefundOutcome>> beginRefund;
    private final GroupCommit<SettleRefund, RefundOutcome> settleRefund;
    private final Map<Payments.Charge, Future<ChargeOutcome>> charging = new HashMap<>();
    private final Map<Payments.Refund, Future<RefundOutcome>> refunding = new HashMap<>();

    PaymentService(PaymentRepository payments, PaymentProvider provider, Supplier<UUID> ids, Clock clock) {
        this.payments = payments;
        this.provider = provider;
        this.ids = ids;
        this.clock = clock;
        this.beginCharge = payments.commands("begin-charge", PaymentRules::beginCharge);
        this.settleCharge = payments.settlements("settle-charge", PaymentRules::settleCharge);
        this.beginRefund = payments.commands("begin-refund", PaymentRules::beginRefund);
        this.settleRefund = payments.settlements("settle-refund", PaymentRules::settleRefund);
    }

    Future<ChargeOutcome> charge(Payments.Charge request, CallContext context) {
        PaymentFields.charge(request);
        return joined(charging, request, () -> chargeOnce(request, context.deadline()));
    }

    Future<RefundOutcome> refund(Payments.Refund request, CallContext context) {
        PaymentFields.id(request.orderId(), "/orderId");
        return joined(refunding, request, () -> refundOnce(request, context.deadline()));
    }

    Future<PaymentList> list(Payments.Find request, CallContext context) {
        Caller caller = context.requireCaller();
        return payments.find(PaymentFields.id(request.orderId(), "/orderId"))
                .map(kept -> new PaymentList(kept.stream()
                        .filter(payment -> caller.mayActFor(payment.userId()))
                        .map(PaymentService::shown)
                        .toList()));
    }

    private Future<ChargeOutcome> chargeOnce(Payments.Charge request, Deadline deadline) {
        return beginCharge
                .submit(new BeginCharge(request, ids.get(), provider.name(), clock.instant()), deadline)
                .compose(next -> follow(next, charge -> askToCharge(charge, deadline)));
    }

    private Future<ChargeOutcome> askToCharge(KeptPayment charge, Deadline deadline) {
        return provider.charge(charge.orderId(), charge.amount(), charge.paymentMethod(), deadline)
                .map(answer -> new SettleCharge(charge.orderId(), answer, clock.instant()))
                .compose(settlement -> settled(settleCharge, settlement));
    }

    private Future<RefundOutcome> refundOnce(Payments.Refund request, Deadline deadline) {
        return beginRefund
                .submit(new BeginRefund(request.orderId(), ids.get(), clock.instant()), deadline)
                .compose(next -> follow(next, refund -> askToRefund(refund, deadline)));
    }

    private Future<RefundOutcome> askToRefund(KeptPayment refund, Deadline deadline) {
        return provider.refund(refund.orderId(), refund.amount(), deadline)
                .map(answer -> new SettleRefund(refund.orderId(), answer, clock.instant()))
                .compose(settlement -> settled(settleRefund, settlement));
    }

    private static <O> Future<O> follow(Next<O> next, Function<KeptPayment, Future<O>> ask) {
        return switch (next) {
            case Next.Ask<O>(KeptPayment payment) -> ask.apply(payment);
            case Next.Tell<O>(O outcome) -> Future.succeededFuture(outcome);
            case Next.Refuse<O>(Fault fault) -> Future.failedFuture(fault);
        };
    }

    /** That there was no room for it must not be taken for "nothing was done": the provider has done it. */
    private static <C, O> Future<O> settled(GroupCommit<C, O> commit, C settlement) {
        return commit.submit(settlement, Deadline.in(SETTLE_LIMIT))
                .recover(failure -> Future.failedFuture(
                        failure instanceof Fault
                                ? Fault.of(Fault.Code.UNAVAILABLE, "The payment is not settled yet.")
                                : failure));
    }

    /** Whoever asks for what is under way waits for the same answer. */
    private static <Q, O> Future<O> joined(Map<Q, Future<O>> underWay, Q request, Supplier<Future<O>> work) {
        Future<O> known = underWay.get(request);
        if (known != null) {
            return known;
        }
        Future<O> begun = work.get();
        underWay.put(request, begun);
        return begun.onComplete(done -> underWay.remove(request, begun));
    }

    private static Payment shown(KeptPayment payment) {
        return new Payment(
                payment.id(),
                payment.kind(),
                payment.status(),
                payment.amount(),
                payment.provider(),
                payment.reference(),
                payment.createdAt());
    }
}
