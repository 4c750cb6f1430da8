package dev.souk.notification;

import dev.souk.contracts.Notifications.DeliveryStatus;
import dev.souk.notification.DeliveryRepository.Attempted;
import dev.souk.notification.DeliveryRepository.Claim;
import dev.souk.notification.Dispatcher.Claimed;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers events to webhooks, each at least once, those of an order (or user, or product) one after the other. Marked
 * when the webhook has answered well: whoever dies in between leaves it to be sent again, with the same id.
 */
final class WebhookWork implements Dispatcher.Work<Claim> {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookWork.class);
    private static final Backoff PAUSES = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(10));
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final DeliveryRepository deliveries;
    private final WebhookSender sender;
    private final Counter parked;
    private final Duration lease;
    private final WebhookSlots slots = new WebhookSlots();

    /** @param timeout how long a webhook may take to answer */
    WebhookWork(DeliveryRepository deliveries, WebhookSender sender, Counter parked, Duration timeout) {
        this.deliveries = deliveries;
        this.sender = sender;
        this.parked = parked;
        this.lease = timeout.plus(MARGIN);
    }

    @Override
    public Future<Claimed<Claim>> claim(int most) {
        return deliveries
                .claim(slots.left(), most, lease)
                .onSuccess(claimed -> claimed.rows().forEach(row -> slots.taken(row.webhookId())));
    }

    @Override
    public Future<Void> attempt(Claim delivery) {
        return sender.send(delivery)
                .onSuccess(answer -> slots.ended(delivery.webhookId(), answer.isDelivered()))
                .map(answer -> new Attempted(delivery, answer, PAUSES.after(delivery.failures() + 1)))
                .compose(attempted -> deliveries
                        .settle(attempted)
                        .onSuccess(status -> status.ifPresent(settled -> tell(attempted, settled))))
                .mapEmpty();
    }

    private void tell(Attempted attempted, DeliveryStatus status) {
        Claim delivery = attempted.claim();
        String error = attempted.answer().error();
        if (status == DeliveryStatus.PARKED) {
            parked.increment();
            LOG.error(
                    "event {} for webhook {} is parked after {} attempts, and what comes later of the same waits: {}",
                    delivery.eventId(),
                    delivery.webhookId(),
                    delivery.attempt(),
                    error);
        } else if (status == DeliveryStatus.PENDING) {
            LOG.debug("event {} for webhook {} must wait: {}", delivery.eventId(), delivery.webhookId(), error);
        }
    }
}
