package dev.souk.notification;

import dev.souk.kit.crash.CrashPoint;
import dev.souk.notification.NotificationConfig.Mails;
import dev.souk.notification.NotificationRepository.Claim;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.MailMessage;
import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.StartTLSOptions;
import java.util.concurrent.TimeUnit;

/** Hands mails in at the mail server. */
final class MailSender {
    /** What the mail client says of the steps in which this very mail is refused, and not we or all mails. */
    private static final String RECIPIENT_REFUSED = "recipient address not accepted";

    private static final String CONTENT_REFUSED = "sending data failed";

    private final MailClient client;
    private final Mails mails;

    private MailSender(MailClient client, Mails mails) {
        this.client = client;
        this.mails = mails;
    }

    static MailSender open(Vertx vertx, Mails mails, SmtpServer server, int mostAtOnce) {
        MailConfig config = new MailConfig()
                .setHostname(server.host())
                .setPort(server.port())
                .setSsl(server.security() == SmtpServer.Security.SMTPS)
                .setStarttls(
                        switch (server.security()) {
                            case SMTP -> StartTLSOptions.OPTIONAL;
                            case STARTTLS -> StartTLSOptions.REQUIRED;
                            case SMTPS -> StartTLSOptions.DISABLED;
                        })
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustAll(false)
                .setConnectTimeout((int) mails.timeout().toMillis())
                // A server that falls silent must not keep its connection from those that are tried later.
                .setIdleTimeout((int) mails.timeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxPoolSize(mostAtOnce)
                .setLogin(server.login().isPresent() ? LoginOption.REQUIRED : LoginOption.NONE);
        server.login().ifPresent(login -> config.setUsername(login.user()).setPassword(login.password()));
        return new MailSender(MailClient.create(vertx, config), mails);
    }

    /** Succeeds once the server has accepted it. It carries the same id however often it is sent. */
    Future<Void> send(Claim mail, Recipient recipient) {
        // The name stands in the text and nowhere else: what it holds cannot become a header.
        MailMessage message = new MailMessage()
                .setFrom(mails.from())
                .setTo(recipient.email())
                .setSubject(mail.subject())
                .setText(MailTexts.letter(recipient.name(), mail.body()))
                .addHeader("Message-ID", "<" + mail.eventId() + "@souk>")
                .addHeader("Auto-Submitted", "auto-generated");
        CrashPoint.pass("mail", "send", "before");
        return client.sendMail(message)
                .timeout(mails.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(accepted -> CrashPoint.pass("mail", "send", "after"))
                .mapEmpty();
    }

    Future<Void> close() {
        return client.close();
    }

    /** Whether this mail will not be taken, ever. */
    static boolean isRefusal(Throwable failure) {
        return switch (failure) {
            case SMTPException refused -> refused.isPermanent() && isAboutTheMail(refused.getMessage());
            // an address that cannot be written into an envelope
            case IllegalArgumentException unusable -> true;
            default -> false;
        };
    }

    private static boolean isAboutTheMail(String message) {
        return message.startsWith(RECIPIENT_REFUSED) || message.startsWith(CONTENT_REFUSED);
    }
}
