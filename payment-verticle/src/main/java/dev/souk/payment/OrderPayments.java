package dev.souk.payment;

import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * All that is kept of an order's payments: one charge and one refund at most.
 *
 * @param closed whether a refund was asked for, after which nothing is charged any more; never goes back
 */
public record OrderPayments(UUID orderId, boolean closed, Optional<KeptPayment> charge, Optional<KeptPayment> refund) {

    /** An order that nobody has asked about. */
    public static OrderPayments none(UUID orderId) {
        return new OrderPayments(orderId, false, Optional.empty(), Optional.empty());
    }

    OrderPayments close() {
        return new OrderPayments(orderId, true, charge, refund);
    }

    OrderPayments with(KeptPayment payment) {
        return switch (payment.kind()) {
            case CHARGE -> new OrderPayments(orderId, closed, Optional.of(payment), refund);
            case REFUND -> new OrderPayments(orderId, closed, charge, Optional.of(payment));
        };
    }

    Stream<KeptPayment> payments() {
        return Stream.concat(charge.stream(), refund.stream());
    }

    /** The payments that are not there yet, or are there otherwise, in what was known before. */
    Stream<KeptPayment> changesSince(OrderPayments before) {
        return payments().filter(payment -> before.payments().noneMatch(payment::equals));
    }

    boolean knows(UUID paymentId) {
        return payments().anyMatch(payment -> payment.id().equals(paymentId));
    }
}
