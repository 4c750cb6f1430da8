package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Reason;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MailTextsTest {
    private static final UUID USER = UUID.randomUUID();
    private static final UUID ORDER = UUID.randomUUID();

    @ParameterizedTest
    @CsvSource({
        "120000, USD, '1,200.00 USD'",
        "5, EUR, 0.05 EUR",
        "1200, JPY, '1,200 JPY'",
        "1234567, KWD, '1,234.567 KWD'",
        "250, ZZZ, 2.50 ZZZ",
        "9223372036854775807, USD, '92,233,720,368,547,758.07 USD'"
    })
    void writesAmountsAsPeopleDo(long amount, String currency, String written) {
        assertThat(MailTexts.amount(new Money(amount, currency))).isEqualTo(written);
    }

    @Test
    void tellsTheTotalOfAConfirmedOrder() {
        Mail mail = MailTexts.confirmed(USER, ORDER, new Money(1999, "USD"));

        assertThat(mail.subject()).isEqualTo("Your order " + ORDER + " is confirmed");
        assertThat(mail.body()).contains(ORDER.toString(), "19.99 USD");
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void tellsWhyAnOrderWasRejected(Reason reason) {
        Mail mail = MailTexts.rejected(USER, ORDER, reason);

        assertThat(mail.body()).contains(reason == Reason.OUT_OF_STOCK ? "sold out" : "declined");
    }

    @Test
    void greetsWithWhatCanBeReadOfAName() {
        String letter = MailTexts.letter(" Eve\r\nBcc: all@example.com\u0000 ", "hello.");

        assertThat(letter)
                .startsWith("Hello Eve  Bcc: all@example.com,\n\nhello.")
                .endsWith("Your Souk\n");
    }
}
