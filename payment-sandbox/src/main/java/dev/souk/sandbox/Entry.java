package dev.souk.sandbox;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Objects;

/** One line of the ledger. Written once, never changed; everything the sandbox knows follows from its entries. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Entry.Charge.class, name = Entry.CHARGE),
    @JsonSubTypes.Type(value = Entry.Decline.class, name = Entry.DECLINE),
    @JsonSubTypes.Type(value = Entry.Refund.class, name = Entry.REFUND),
    @JsonSubTypes.Type(value = Entry.Void.class, name = Entry.VOID)
})
public sealed interface Entry {
    String CHARGE = "charge";
    String DECLINE = "decline";
    String REFUND = "refund";
    String VOID = "void";

    /** Its number: 1, 2, 3 and so on without a gap. */
    long seq();

    String id();

    Instant at();

    /** What kind of entry it is, as its line says it. */
    default String kind() {
        return switch (this) {
            case Charge charge -> CHARGE;
            case Decline decline -> DECLINE;
            case Refund refund -> REFUND;
            case Void tombstone -> VOID;
        };
    }

    /** Money was taken. */
    record Charge(
            long seq, String key, String id, long amount, String currency, PaymentMethod paymentMethod, Instant at)
            implements Entry {
        public Charge {
            require(key, id, at);
            Objects.requireNonNull(currency, "currency");
            Objects.requireNonNull(paymentMethod, "paymentMethod");
        }
    }

    /** The card was refused, for good. */
    record Decline(
            long seq, String key, String id, long amount, String currency, PaymentMethod paymentMethod, Instant at)
            implements Entry {
        public Decline {
            require(key, id, at);
            Objects.requireNonNull(currency, "currency");
            Objects.requireNonNull(paymentMethod, "paymentMethod");
        }
    }

    /**
     * The whole of a charge was given back.
     *
     * @param key the refund's own key
     * @param chargeKey the key of the charge
     * @param charge the charge's id
     */
    record Refund(
            long seq, String key, String id, String chargeKey, String charge, long amount, String currency, Instant at)
            implements Entry {
        public Refund {
            require(key, id, at);
            Objects.requireNonNull(chargeKey, "chargeKey");
            Objects.requireNonNull(charge, "charge");
            Objects.requireNonNull(currency, "currency");
        }
    }

    /**
     * A tombstone: nothing was charged with this key, and nothing will be.
     *
     * @param key the key that is closed
     * @param refundKey the key of the refund that closed it
     */
    record Void(long seq, String key, String id, String refundKey, Instant at) implements Entry {
        public Void {
            require(key, id, at);
            Objects.requireNonNull(refundKey, "refundKey");
        }
    }

    private static void require(String key, String id, Instant at) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(at, "at");
    }
}
