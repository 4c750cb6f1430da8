package dev.souk.certification.model;

import dev.souk.certification.model.Instance.Reply;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.payment.ChargeAnswer;
import dev.souk.payment.PaymentCommand.BeginCharge;
import dev.souk.payment.PaymentCommand.BeginRefund;
import dev.souk.payment.PaymentCommand.SettleCharge;
import dev.souk.payment.PaymentCommand.SettleRefund;
import dev.souk.payment.PaymentRules.Next;
import dev.souk.payment.RefundAnswer;
import dev.souk.sandbox.Outcome;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One instance of the payment service: it keeps that it is going to ask, asks the provider, keeps what he says, and only
 * then tells. It can crash or sleep between any two of these.
 */
final class PaymentService {
    private static final UUID USER = new UUID(1, 1);
    private static final long LIMIT = 4_000;

    private final World world;
    private final PaymentTables tables;
    private final Instance instance;
    private final Provider provider;

    PaymentService(World world, PaymentTables tables, Instance instance, Provider provider) {
        this.world = world;
        this.tables = tables;
        this.instance = instance;
        this.provider = provider;
    }

    Instance instance() {
        return instance;
    }

    void charge(UUID orderId, Wish wish, Reply<ChargeOutcome> reply) {
        Charge request = new Charge(orderId, USER, wish.total(), wish.method().token());
        world.transact(
                instance,
                () -> tables.beginCharge(new BeginCharge(request, world.newId(), "sandbox", at())),
                next -> {
                    switch (next) {
                        case Next.Ask<ChargeOutcome> ask -> askToCharge(orderId, wish, reply);
                        case Next.Tell<ChargeOutcome>(ChargeOutcome outcome) -> reply.accept(outcome);
                        case Next.Refuse<ChargeOutcome> refusal ->
                            throw new Broken("a charge of the same order is refused");
                    }
                },
                () -> reply.accept(null));
    }

    private void askToCharge(UUID orderId, Wish wish, Reply<ChargeOutcome> reply) {
        instance.<Outcome>call(
                provider.instance(),
                () -> "charge order " + wish.key() + " with " + wish.method(),
                LIMIT,
                answer -> provider.charge(orderId, wish, answer),
                outcome -> answered(outcome)
                        .ifPresentOrElse(answer -> settleCharge(orderId, answer, reply), () -> reply.accept(null)),
                () -> reply.accept(null));
    }

    private void settleCharge(UUID orderId, ChargeAnswer answer, Reply<ChargeOutcome> reply) {
        world.transact(
                instance,
                () -> tables.settleCharge(new SettleCharge(orderId, answer, at())),
                reply,
                () -> reply.accept(null));
    }

    /** What is certain; empty if it is open. */
    private static Optional<ChargeAnswer> answered(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Charged charged ->
                Optional.of(new ChargeAnswer.Charged(charged.charge().id()));
            case Outcome.Declined declined -> Optional.of(new ChargeAnswer.Declined("card_declined"));
            case Outcome.ChargeVoided voided -> Optional.of(new ChargeAnswer.Voided());
            case Outcome.InProgress busy -> Optional.empty();
            case Outcome.Stumbled stumbled -> Optional.empty();
            case Outcome.KeyReused reused -> throw new Broken("the provider was asked two things with one key");
            case Outcome.Refunded refunded -> throw new Broken("a charge was answered with a refund");
            case Outcome.NothingCharged nothing -> throw new Broken("a charge was answered as a refund");
            case Outcome.Unanswered silence -> throw new Broken("silence was answered");
        };
    }

    void refund(UUID orderId, Reply<RefundOutcome> reply) {
        world.transact(
                instance,
                () -> tables.beginRefund(new BeginRefund(orderId, world.newId(), at())),
                next -> {
                    switch (next) {
                        case Next.Ask<RefundOutcome> ask -> askToRefund(orderId, reply);
                        case Next.Tell<RefundOutcome>(RefundOutcome outcome) -> reply.accept(outcome);
                        case Next.Refuse<RefundOutcome> refusal -> throw new Broken("a refund is refused");
                    }
                },
                () -> reply.accept(null));
    }

    private void askToRefund(UUID orderId, Reply<RefundOutcome> reply) {
        instance.<Outcome>call(
                provider.instance(),
                () -> "give back the charge of " + world.nameOf(orderId),
                LIMIT,
                answer -> provider.refund(orderId, answer),
                outcome -> settleRefund(orderId, refunded(outcome), reply),
                () -> reply.accept(null));
    }

    private void settleRefund(UUID orderId, RefundAnswer answer, Reply<RefundOutcome> reply) {
        world.transact(
                instance,
                () -> tables.settleRefund(new SettleRefund(orderId, answer, at())),
                reply,
                () -> reply.accept(null));
    }

    private static RefundAnswer refunded(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Refunded refunded ->
                new RefundAnswer.Refunded(
                        refunded.refund().id(), refunded.refund().charge());
            case Outcome.NothingCharged nothing -> new RefundAnswer.Voided();
            default -> throw new Broken("a refund was answered with " + outcome);
        };
    }

    private Instant at() {
        return Instant.ofEpochMilli(world.now());
    }
}
