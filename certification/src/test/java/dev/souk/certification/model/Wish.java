package dev.souk.certification.model;

import dev.souk.contracts.Money;
import dev.souk.contracts.Products.Quantity;
import dev.souk.sandbox.PaymentMethod;
import java.util.List;

/** What a client wants to order, under one idempotency key. */
record Wish(int key, List<Quantity> lines, Money total, PaymentMethod method) {}
