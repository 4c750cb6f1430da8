package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What the payment service can be asked. An order is charged once and refunded once, however often either is asked for. */
public interface Payments {
    /**
     * Charges an order. {@code UNAVAILABLE} and {@code TIMEOUT} say nothing about the provider: the charge may have
     * happened, and asking again settles it.
     */
    Operation<Charge, ChargeOutcome> CHARGE = operation("payment.charge", Charge.class, ChargeOutcome.class)
            .repeatable()
            .within(Duration.ofSeconds(5));

    /**
     * Gives back what the order was charged, and sees to it that it is not charged any more: a charge that comes later is
     * refused. {@code UNAVAILABLE} and {@code TIMEOUT}: not settled yet, ask again.
     */
    Operation<Refund, RefundOutcome> REFUND = operation("payment.refund", Refund.class, RefundOutcome.class)
            .repeatable()
            .within(Duration.ofSeconds(5));

    /** The payments of an order, oldest first, for the user who was charged or an admin; empty for anybody else's. */
    Operation<Find, PaymentList> LIST =
            operation("payment.list", Find.class, PaymentList.class).repeatable();

    /**
     * @param userId whose order it is
     * @param paymentMethod the provider's token for a way to pay; never card data
     */
    record Charge(UUID orderId, UUID userId, Money amount, String paymentMethod) {}

    record Refund(UUID orderId) {}

    record Find(UUID orderId) {}

    /** What became of a charge. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = ChargeOutcome.Charged.class, name = "charged"),
        @JsonSubTypes.Type(value = ChargeOutcome.Declined.class, name = "declined"),
        @JsonSubTypes.Type(value = ChargeOutcome.Closed.class, name = "closed")
    })
    sealed interface ChargeOutcome {
        /** The money was taken, once. */
        record Charged(UUID paymentId) implements ChargeOutcome {}

        /** No money was taken, and none will be. @param reason the provider's word for it */
        record Declined(String reason) implements ChargeOutcome {}

        /** No money is held: the order was refunded, before or after it was charged. */
        record Closed() implements ChargeOutcome {}
    }

    /** What became of a refund. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = RefundOutcome.Refunded.class, name = "refunded"),
        @JsonSubTypes.Type(value = RefundOutcome.NothingCharged.class, name = "nothing-charged")
    })
    sealed interface RefundOutcome {
        /** All that was taken is given back. */
        record Refunded(UUID paymentId) implements RefundOutcome {}

        /** Nothing was taken, and nothing will be. */
        record NothingCharged() implements RefundOutcome {}
    }

    enum Kind {
        CHARGE,
        REFUND
    }

    enum Status {
        /** The provider's answer is not known yet. */
        PENDING,
        SUCCEEDED,
        FAILED
    }

    /** @param providerReference the provider's own id; null until it is known */
    record Payment(
            UUID id,
            Kind kind,
            Status status,
            Money amount,
            String provider,
            String providerReference,
            Instant createdAt) {}

    record PaymentList(List<Payment> items) {
        public PaymentList {
            items = List.copyOf(items);
        }
    }
}
