package dev.souk.notification;

import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Reason;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Currency;
import java.util.Locale;
import java.util.UUID;

/** The words of mails: plain text. Nothing that a user wrote stands in a subject. */
final class MailTexts {
    private static final int USUAL_DECIMALS = 2;
    private static final String SIGNATURE = "\n\nYour Souk\n";

    private MailTexts() {}

    static Mail welcome(UUID userId) {
        return new Mail(
                userId,
                null,
                "Welcome to Souk",
                "your account is ready. It is good to have you with us: look around, and order what you like.");
    }

    static Mail confirmed(UUID userId, UUID orderId, Money total) {
        return about(
                userId,
                orderId,
                "is confirmed",
                "thank you! Your order " + orderId + " is confirmed. The total is " + amount(total)
                        + ".\nWe will write again when it is on its way.");
    }

    static Mail rejected(UUID userId, UUID orderId, Reason reason) {
        String why = switch (reason) {
            case OUT_OF_STOCK -> "something in it was sold out a moment before";
            case PAYMENT_DECLINED -> "the payment was declined";
        };
        return about(
                userId,
                orderId,
                "could not be taken",
                "we are sorry: your order " + orderId + " could not be taken, because " + why
                        + ".\nYou have not been charged.");
    }

    static Mail cancelled(UUID userId, UUID orderId) {
        return about(
                userId,
                orderId,
                "is cancelled",
                "your order " + orderId + " is cancelled. Whatever was charged for it is given back.");
    }

    static Mail shipped(UUID userId, UUID orderId) {
        return about(userId, orderId, "is on its way", "good news: your order " + orderId + " is on its way to you.");
    }

    /** The whole text of a mail. Of the name only what can be read in a line is taken. */
    static String letter(String name, String body) {
        StringBuilder readable = new StringBuilder();
        name.codePoints()
                .map(point -> Character.isISOControl(point) ? ' ' : point)
                .forEach(readable::appendCodePoint);
        return "Hello " + readable.toString().strip() + ",\n\n" + body + SIGNATURE;
    }

    /** An amount as people write it: {@code 1,200.00 USD}. */
    static String amount(Money money) {
        int decimals = decimals(money.currency());
        DecimalFormat format = new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setMinimumFractionDigits(decimals);
        return format.format(BigDecimal.valueOf(money.amount(), decimals)) + " " + money.currency();
    }

    private static Mail about(UUID userId, UUID orderId, String what, String body) {
        return new Mail(userId, orderId, "Your order " + orderId + " " + what, body);
    }

    private static int decimals(String currency) {
        try {
            return Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
        } catch (IllegalArgumentException unknown) {
            return USUAL_DECIMALS;
        }
    }
}
