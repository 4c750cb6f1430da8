package dev.souk.payment;

import dev.souk.contracts.Payments.Charge;
import java.time.Instant;
import java.util.UUID;

/** Something that happens to the payments of an order. The same command twice has the effect of once. */
public sealed interface PaymentCommand {
    UUID orderId();

    /**
     * The order is to be charged.
     *
     * @param paymentId the charge's id, if none has begun yet
     * @param provider who is going to be asked
     */
    record BeginCharge(Charge request, UUID paymentId, String provider, Instant at) implements PaymentCommand {
        @Override
        public UUID orderId() {
            return request.orderId();
        }
    }

    /** The provider has answered a charge. */
    record SettleCharge(UUID orderId, ChargeAnswer answer, Instant at) implements PaymentCommand {}

    /**
     * The order is to be refunded, and not to be charged any more.
     *
     * @param paymentId the refund's id, if none has begun yet
     */
    record BeginRefund(UUID orderId, UUID paymentId, Instant at) implements PaymentCommand {}

    /** The provider has answered a refund. */
    record SettleRefund(UUID orderId, RefundAnswer answer, Instant at) implements PaymentCommand {}
}
