package dev.souk.payment;

import dev.souk.contracts.Money;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.Kind;
import dev.souk.contracts.Payments.Status;
import java.time.Instant;
import java.util.UUID;

/**
 * A charge or a refund as it is kept. {@code SUCCEEDED} and {@code FAILED} are final.
 *
 * @param paymentMethod the provider's token; a refund goes where the charge came from
 * @param reference the provider's id; null until it is known
 * @param failureReason null unless it failed
 */
public record KeptPayment(
        UUID id,
        UUID orderId,
        UUID userId,
        Kind kind,
        Status status,
        Money amount,
        String paymentMethod,
        String provider,
        String reference,
        String failureReason,
        Instant createdAt,
        Instant updatedAt) {

    static KeptPayment charge(PaymentCommand.BeginCharge command) {
        Charge request = command.request();
        return new KeptPayment(
                command.paymentId(),
                request.orderId(),
                request.userId(),
                Kind.CHARGE,
                Status.PENDING,
                request.amount(),
                request.paymentMethod(),
                command.provider(),
                null,
                null,
                command.at(),
                command.at());
    }

    /** The refund of this charge. */
    KeptPayment refund(UUID refundId, Instant at) {
        return new KeptPayment(
                refundId,
                orderId,
                userId,
                Kind.REFUND,
                Status.PENDING,
                amount,
                paymentMethod,
                provider,
                null,
                null,
                at,
                at);
    }

    KeptPayment succeed(String providerReference, Instant at) {
        return new KeptPayment(
                id,
                orderId,
                userId,
                kind,
                Status.SUCCEEDED,
                amount,
                paymentMethod,
                provider,
                providerReference,
                null,
                createdAt,
                at);
    }

    KeptPayment fail(String reason, Instant at) {
        return new KeptPayment(
                id,
                orderId,
                userId,
                kind,
                Status.FAILED,
                amount,
                paymentMethod,
                provider,
                reference,
                reason,
                createdAt,
                at);
    }

    boolean isSucceeded() {
        return status == Status.SUCCEEDED;
    }

    boolean isOf(Charge request) {
        return userId.equals(request.userId())
                && amount.equals(request.amount())
                && paymentMethod.equals(request.paymentMethod());
    }

    /** Without the way to pay, which is nobody's business in a log. */
    @Override
    public String toString() {
        return kind + " " + id + " of order " + orderId + ", " + status;
    }
}
