package dev.souk.notification;

import dev.souk.kit.node.ServiceContext;
import dev.souk.notification.NotificationConfig.Mails;
import dev.souk.notification.NotificationRepository.Claim;
import io.vertx.core.Future;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of the service that sends mails, if there is a server to send them to. */
final class Mailing {
    private static final Logger LOG = LoggerFactory.getLogger(Mailing.class);
    private static final int MOST_AT_ONCE = 16;

    private final Optional<Running> running;

    private record Running(MailSender sender, Dispatcher<Claim> dispatcher) {}

    private Mailing(Optional<Running> running) {
        this.running = running;
    }

    static Mailing start(ServiceContext context, NotificationConfig config, NotificationRepository notifications) {
        Mails mails = config.mails();
        if (mails.server().isEmpty()) {
            LOG.info("mails are kept and not sent: there is no {}", NotificationConfig.SMTP_URL.name());
            return new Mailing(Optional.empty());
        }
        MailSender sender =
                MailSender.open(context.vertx(), mails, mails.server().get(), MOST_AT_ONCE);
        MailWork work = new MailWork(notifications, sender, context.bus(), mails.timeout());
        Dispatcher<Claim> dispatcher = new Dispatcher<>(context.vertx(), "mails", MOST_AT_ONCE, work);
        dispatcher.start(config.poll());
        return new Mailing(Optional.of(new Running(sender, dispatcher)));
    }

    /** There may be a mail to send. */
    void wake() {
        running.ifPresent(parts -> parts.dispatcher().wake());
    }

    Future<Void> stop() {
        return running.map(parts -> parts.dispatcher().stop().eventually(parts.sender()::close))
                .orElseGet(Future::succeededFuture);
    }
}
