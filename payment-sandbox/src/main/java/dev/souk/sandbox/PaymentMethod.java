package dev.souk.sandbox;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** The test cards, each with its own way to behave. */
public enum PaymentMethod {
    VISA("pm_card_visa"),
    DECLINED("pm_card_declined"),
    INSUFFICIENT_FUNDS("pm_card_insufficient_funds"),
    /** Approved after a while. */
    SLOW("pm_card_slow"),
    /** Approved, but whoever asked first never hears of it. */
    TIMEOUT("pm_card_timeout"),
    /** The first request fails without a charge. */
    FLAKY("pm_card_flaky");

    private final String token;

    PaymentMethod(String token) {
        this.token = token;
    }

    /** What a client sends. */
    @JsonValue
    public String token() {
        return token;
    }

    static Optional<PaymentMethod> of(String token) {
        return Arrays.stream(values())
                .filter(method -> method.token.equals(token))
                .findFirst();
    }
}
