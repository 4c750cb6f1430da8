package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.notification.SmtpServer.Login;
import dev.souk.notification.SmtpServer.Security;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotificationConfigTest {
    @Test
    void keepsMailsAndGuardsWebhooksUnlessToldOtherwise() {
        NotificationConfig config = config(Map.of());

        assertThat(config.mails().server()).isEmpty();
        assertThat(config.mails().giveUp()).isEqualTo(Duration.ofHours(24));
        assertThat(config.webhooks())
                .isEqualTo(new NotificationConfig.Webhooks(
                        false, Duration.ofSeconds(10), Duration.ofHours(24), Duration.ofDays(30)));
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://mail.example.com, SMTP, 25",
        "starttls://mail.example.com, STARTTLS, 587",
        "smtps://mail.example.com/, SMTPS, 465",
        "smtp://mail.example.com:2525, SMTP, 2525"
    })
    void readsWhereMailsAreHandedIn(String url, Security security, int port) {
        assertThat(config(Map.of("SOUK_SMTP_URL", url)).mails().server())
                .contains(new SmtpServer(security, "mail.example.com", port, Optional.empty()));
    }

    @Test
    void readsTheLoginAndNeverShowsItsPassword() {
        SmtpServer server = SmtpServer.parse("smtps://shop%40example.com:p%3Ass+w%2Frd@mail.example.com");

        assertThat(server.login()).contains(new Login("shop@example.com", "p:ss+w/rd"));
        assertThat(server.toString()).doesNotContain("p:ss+w/rd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.example.com",
                "http://secret@mail.example.com",
                "smtp://",
                "smtp://secret@/",
                "smtp:secret",
                "smtp://secret@mail.example.com/path",
                "smtp://secret@mail.example.com?tls=no",
                "smtp://a secret"
            })
    void refusesAMailServerThatCannotBeAndDoesNotShowIt(String url) {
        assertThatThrownBy(() -> config(Map.of("SOUK_SMTP_URL", url)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_SMTP_URL")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "Souk <shop>", "Souk\r\nBcc: a@b.c <shop@example.com>"})
    void refusesASenderThatCannotBe(String from) {
        assertThatThrownBy(() -> config(Map.of("SOUK_MAIL_FROM", from)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_MAIL_FROM");
    }

    private static NotificationConfig config(Map<String, String> set) {
        Map<String, String> variables = new HashMap<>(set);
        variables.put("SOUK_NOTIFICATION_DATABASE_URL", "postgresql://me:it@localhost/notification");
        return NotificationConfig.from(Environment.of(variables));
    }
}
