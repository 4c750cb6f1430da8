package dev.souk.payment;

/** What the provider says for certain about a refund. */
public sealed interface RefundAnswer {
    /**
     * All that was taken is given back.
     *
     * @param reference the provider's id of the refund
     * @param chargeReference the provider's id of the charge
     */
    record Refunded(String reference, String chargeReference) implements RefundAnswer {}

    /** Nothing was taken, and nothing ever will be with the charge's key. */
    record Voided() implements RefundAnswer {}
}
