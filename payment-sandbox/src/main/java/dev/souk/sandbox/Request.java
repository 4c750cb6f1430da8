package dev.souk.sandbox;

import java.util.Objects;

/** What can be asked of the ledger. */
public sealed interface Request {

    /**
     * Charge once for this key.
     *
     * @param amount in minor units
     */
    record Charge(String key, long amount, String currency, PaymentMethod paymentMethod) implements Request {
        public Charge {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(currency, "currency");
            Objects.requireNonNull(paymentMethod, "paymentMethod");
        }
    }

    /**
     * Give back what was charged with a key, and see to it that nothing ever is.
     *
     * @param key the refund's own key
     * @param chargeKey the key of the charge
     */
    record Refund(String key, String chargeKey) implements Request {
        public Refund {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(chargeKey, "chargeKey");
        }
    }
}
