package dev.souk.notification;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.event.EventSettings;
import io.vertx.ext.mail.mailencoder.EmailAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the operator decides about notifications.
 *
 * @param poll how often is looked for what is to be sent and nobody told of
 */
record NotificationConfig(
        DatabaseConfig database, EventSettings events, Duration poll, Mails mails, Webhooks webhooks) {
    static final String SERVICE = "notification";

    static final Setting<Duration> POLL = Setting.duration(
            "SOUK_NOTIFICATION_POLL", "500ms", "how often mails and webhooks are looked for that are to be sent again");
    static final Setting<SmtpServer> SMTP_URL = new Setting<>(
            "SOUK_SMTP_URL",
            "",
            "mail server, smtp://user:password@host:port, or starttls:// or smtps:// for TLS; unset, mails are kept",
            true,
            SmtpServer::parse);
    static final Setting<String> MAIL_FROM = new Setting<>(
            "SOUK_MAIL_FROM", "Souk <no-reply@souk.local>", "who mails come from", false, NotificationConfig::sender);
    static final Setting<Duration> MAIL_TIMEOUT =
            Setting.duration("SOUK_MAIL_TIMEOUT", "10s", "how long the mail server may take for a mail");
    static final Setting<Duration> MAIL_GIVE_UP =
            Setting.duration("SOUK_MAIL_GIVE_UP", "24h", "how long it is tried to send a mail");
    static final Setting<Boolean> WEBHOOK_ALLOW_PRIVATE = Setting.flag(
            "SOUK_WEBHOOK_ALLOW_PRIVATE", false, "whether webhooks may lead to private and local addresses");
    static final Setting<Duration> WEBHOOK_TIMEOUT =
            Setting.duration("SOUK_WEBHOOK_TIMEOUT", "10s", "how long a webhook may take to answer");
    static final Setting<Duration> WEBHOOK_GIVE_UP = Setting.duration(
            "SOUK_WEBHOOK_GIVE_UP", "24h", "how long it is tried to deliver to a webhook before it is parked");
    static final Setting<Duration> WEBHOOK_KEPT =
            Setting.duration("SOUK_WEBHOOK_KEPT", "720h", "how long what was delivered to a webhook can be seen");

    static final List<Setting<?>> SETTINGS = Stream.of(
                    DatabaseConfig.settings(SERVICE),
                    EventSettings.SETTINGS,
                    List.<Setting<?>>of(
                            POLL,
                            SMTP_URL,
                            MAIL_FROM,
                            MAIL_TIMEOUT,
                            MAIL_GIVE_UP,
                            WEBHOOK_ALLOW_PRIVATE,
                            WEBHOOK_TIMEOUT,
                            WEBHOOK_GIVE_UP,
                            WEBHOOK_KEPT))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /**
     * @param server none if mails are not sent but kept
     * @param timeout of one attempt
     * @param giveUp after which a mail has failed
     */
    record Mails(Optional<SmtpServer> server, String from, Duration timeout, Duration giveUp) {}

    /**
     * @param allowPrivate whether targets may be in the shop's own network
     * @param timeout of one attempt
     * @param giveUp after which a delivery is parked
     * @param kept for how long after its delivery
     */
    record Webhooks(boolean allowPrivate, Duration timeout, Duration giveUp, Duration kept) {}

    /** @throws ConfigurationException naming the setting that is wrong */
    static NotificationConfig from(Environment environment) {
        return new NotificationConfig(
                DatabaseConfig.from(environment, SERVICE),
                EventSettings.from(environment),
                environment.get(POLL),
                new Mails(
                        environment.find(SMTP_URL),
                        environment.get(MAIL_FROM),
                        environment.get(MAIL_TIMEOUT),
                        environment.get(MAIL_GIVE_UP)),
                new Webhooks(
                        environment.get(WEBHOOK_ALLOW_PRIVATE),
                        environment.get(WEBHOOK_TIMEOUT),
                        environment.get(WEBHOOK_GIVE_UP),
                        environment.get(WEBHOOK_KEPT)));
    }

    private static String sender(String text) {
        if (text.codePoints().anyMatch(Character::isISOControl)
                || new EmailAddress(text).getEmail().isEmpty()) {
            throw new IllegalArgumentException("must be a mail address, such as Souk <shop@example.com>");
        }
        return text;
    }
}
