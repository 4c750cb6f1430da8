package dev.souk.payment;

import dev.souk.contracts.Money;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * Whoever takes the money. An order is one charge and one refund to him, however often either is sent. A future fails with
 * a fault, {@code UNAVAILABLE} or {@code TIMEOUT}, for everything that is not certain: it may have happened, or still be on
 * its way.
 */
interface PaymentProvider {
    /** His name, kept with each payment. */
    String name();

    /** @param deadline after which there is no sense in beginning */
    Future<ChargeAnswer> charge(UUID orderId, Money amount, String paymentMethod, Deadline deadline);

    /**
     * Gives back all that the order was charged, and closes it against charges.
     *
     * @param amount what the charge was for
     * @param deadline after which there is no sense in beginning
     */
    Future<RefundAnswer> refund(UUID orderId, Money amount, Deadline deadline);
}
