package dev.souk.contracts;

import java.util.regex.Pattern;

/**
 * An amount of money.
 *
 * @param amount in minor units (cents), never a fraction
 * @param currency the ISO 4217 code
 */
public record Money(long amount, String currency) {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    public Money {
        if (currency == null || !CURRENCY.matcher(currency).matches()) {
            throw new IllegalArgumentException("currency: must be three capital letters");
        }
    }

    /** @throws ArithmeticException if the sum does not fit, @throws IllegalArgumentException if the currencies differ */
    public Money plus(Money other) {
        if (!currency.equals(other.currency)) {
            throw new IllegalArgumentException("currency: cannot add " + other.currency + " to " + currency);
        }
        return new Money(Math.addExact(amount, other.amount), currency);
    }

    /** @throws ArithmeticException if the product does not fit */
    public Money times(int quantity) {
        return new Money(Math.multiplyExact(amount, quantity), currency);
    }
}
