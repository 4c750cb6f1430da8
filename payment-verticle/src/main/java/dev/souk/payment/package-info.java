/** The payment service: charges and refunds, each once for an order, and the ledger of both. */
package dev.souk.payment;
