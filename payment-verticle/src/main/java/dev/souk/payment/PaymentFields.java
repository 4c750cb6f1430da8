package dev.souk.payment;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Payments.Charge;
import java.util.UUID;
import java.util.regex.Pattern;

/** What the fields of a request must be. Each method returns its value or throws a {@link Fault} that names the field. */
final class PaymentFields {
    private static final Pattern PAYMENT_METHOD = Pattern.compile("[!-~]{1,255}");

    private PaymentFields() {}

    static Charge charge(Charge request) {
        id(request.orderId(), "/orderId");
        id(request.userId(), "/userId");
        amount(request.amount());
        check(
                request.paymentMethod() != null
                        && PAYMENT_METHOD.matcher(request.paymentMethod()).matches(),
                "/paymentMethod",
                "must be 1 to 255 printable ASCII characters without blanks");
        return request;
    }

    static UUID id(UUID id, String pointer) {
        check(id != null, pointer, "is required");
        return id;
    }

    private static void amount(Money amount) {
        check(amount != null && amount.amount() >= 0, "/amount", "must not be negative");
    }

    private static void check(boolean holds, String pointer, String detail) {
        if (!holds) {
            throw Fault.invalid(pointer, detail);
        }
    }
}
