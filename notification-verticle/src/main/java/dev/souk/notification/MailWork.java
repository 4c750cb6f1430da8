package dev.souk.notification;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications.NotificationStatus;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.notification.Dispatcher.Claimed;
import dev.souk.notification.NotificationRepository.Attempted;
import dev.souk.notification.NotificationRepository.Claim;
import dev.souk.notification.NotificationRepository.Outcome;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends mails, each at least once, those of an order one after the other. A mail is marked when the server has accepted
 * it: whoever dies in between leaves it to be sent again, with the same id.
 */
final class MailWork implements Dispatcher.Work<Claim> {
    private static final Logger LOG = LoggerFactory.getLogger(MailWork.class);
    private static final Backoff PAUSES = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private static final Duration LOOK_UP_LIMIT = Duration.ofSeconds(4);
    private static final Duration MARGIN = Duration.ofSeconds(5);
    private static final int LONGEST_FAILURE = 300;

    private final NotificationRepository notifications;
    private final MailSender sender;
    private final Bus bus;
    private final Duration lease;

    /** @param timeout how long the mail server may take for a mail */
    MailWork(NotificationRepository notifications, MailSender sender, Bus bus, Duration timeout) {
        this.notifications = notifications;
        this.sender = sender;
        this.bus = bus;
        this.lease = timeout.plus(LOOK_UP_LIMIT).plus(MARGIN);
    }

    @Override
    public Future<Claimed<Claim>> claim(int most) {
        return notifications.claim(most, lease);
    }

    @Override
    public Future<Void> attempt(Claim mail) {
        return recipient(mail)
                .compose(recipient -> sender.send(mail, recipient))
                .map(sent -> new Attempted(mail, Outcome.SENT, Duration.ZERO, null))
                .otherwise(failure -> failed(mail, failure))
                .compose(attempted -> notifications
                        .settle(attempted)
                        .onSuccess(status -> status.ifPresent(settled -> tell(attempted, settled))))
                .mapEmpty();
    }

    /** Events of different services overtake each other, and some users are older than this service's memory. */
    private Future<Recipient> recipient(Claim mail) {
        return mail.recipient()
                .map(Future::succeededFuture)
                .orElseGet(() -> bus.call(
                                Users.GET,
                                new Users.Get(mail.userId()),
                                CallContext.ofService("mail-" + mail.eventId(), LOOK_UP_LIMIT))
                        .map(user -> new Recipient(user.name(), user.email())));
    }

    private static Attempted failed(Claim mail, Throwable failure) {
        Outcome outcome = MailSender.isRefusal(failure) ? Outcome.REFUSED : Outcome.FAILED;
        return new Attempted(mail, outcome, PAUSES.after(mail.attempt()), words(failure));
    }

    private static void tell(Attempted attempted, NotificationStatus status) {
        Claim mail = attempted.claim();
        if (status == NotificationStatus.FAILED) {
            LOG.error(
                    "the mail for event {} is given up after {} attempts: {}",
                    mail.eventId(),
                    mail.attempt(),
                    attempted.failure());
        } else if (status == NotificationStatus.PENDING) {
            LOG.debug("the mail for event {} must wait: {}", mail.eventId(), attempted.failure());
        }
    }

    /** What can be stored, whatever the server on the other side has said. */
    private static String words(Throwable failure) {
        String said = failure instanceof Fault fault
                ? "the recipient: " + fault.getMessage()
                : Objects.requireNonNullElse(
                        failure.getMessage(), failure.getClass().getSimpleName());
        String readable = said.replaceAll("[^\\p{Print}]", " ");
        return readable.substring(0, Math.min(readable.length(), LONGEST_FAILURE));
    }
}
