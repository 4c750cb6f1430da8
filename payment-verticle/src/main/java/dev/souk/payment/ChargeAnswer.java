package dev.souk.payment;

/** What the provider says for certain about a charge. What is not certain is no answer. */
public sealed interface ChargeAnswer {
    /** The money was taken. @param reference the provider's id of the charge */
    record Charged(String reference) implements ChargeAnswer {}

    /** Nothing was taken, and nothing ever will be with this key. @param reason the provider's word for it */
    record Declined(String reason) implements ChargeAnswer {}

    /** A refund came first: nothing was taken, and nothing ever will be with this key. */
    record Voided() implements ChargeAnswer {}
}
