package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What the notification service can be asked. */
public interface Notifications {
    /** What the caller was told, newest first. */
    Operation<Find, NotificationPage> LIST =
            operation("notification.list", Find.class, NotificationPage.class).repeatable();

    /** A new webhook; for admins. {@code INVALID_REQUEST} for a target or event that cannot be. */
    Operation<CreateWebhook, NewWebhook> CREATE_WEBHOOK =
            operation("notification.create-webhook", CreateWebhook.class, NewWebhook.class);

    /** All webhooks, newest first; for admins. */
    Operation<FindWebhooks, WebhookPage> LIST_WEBHOOKS = operation(
                    "notification.list-webhooks", FindWebhooks.class, WebhookPage.class)
            .repeatable();

    /** Nothing more is sent to it; for admins. {@code NOT_FOUND}. */
    Operation<DeleteWebhook, Done> DELETE_WEBHOOK = operation(
                    "notification.delete-webhook", DeleteWebhook.class, Done.class)
            .repeatable();

    /** What was sent to a webhook, or is to be, newest first; for admins. {@code NOT_FOUND}. */
    Operation<FindDeliveries, DeliveryPage> LIST_DELIVERIES = operation(
                    "notification.list-deliveries", FindDeliveries.class, DeliveryPage.class)
            .repeatable();

    /** Sends an event to a webhook again, whatever became of it; for admins. {@code NOT_FOUND}. */
    Operation<Redeliver, Delivery> REDELIVER =
            operation("notification.redeliver", Redeliver.class, Delivery.class).repeatable();

    record Find(Integer limit, String cursor) {}

    enum Channel {
        EMAIL
    }

    enum NotificationStatus {
        /** To be sent, now or again. */
        PENDING,
        SENT,
        /** There is no mail server: it is kept to be read here. */
        KEPT,
        /** Given up. */
        FAILED
    }

    /** @param orderId null if it is not about an order */
    record Notification(
            UUID id, String type, UUID orderId, Channel channel, NotificationStatus status, Instant createdAt) {}

    record NotificationPage(List<Notification> items, String nextCursor) {
        public NotificationPage {
            items = List.copyOf(items);
        }
    }

    /** @param events the types of events to be sent */
    record CreateWebhook(URI url, Set<String> events) {
        public CreateWebhook {
            events = Set.copyOf(events);
        }
    }

    record Webhook(UUID id, URI url, Set<String> events, Instant createdAt) {
        public Webhook {
            events = Set.copyOf(events);
        }
    }

    /** @param secret signs what is sent; shown this once */
    record NewWebhook(Webhook webhook, String secret) {
        @Override
        public String toString() {
            return "NewWebhook[webhook=" + webhook + ", secret=***]";
        }
    }

    record FindWebhooks(Integer limit, String cursor) {}

    record WebhookPage(List<Webhook> items, String nextCursor) {
        public WebhookPage {
            items = List.copyOf(items);
        }
    }

    record DeleteWebhook(UUID webhookId) {}

    record FindDeliveries(UUID webhookId, Integer limit, String cursor) {}

    enum DeliveryStatus {
        /** To be sent, now or again. */
        PENDING,
        DELIVERED,
        /** Given up until somebody asks for it again; what came later for the same order waits behind it. */
        PARKED
    }

    /**
     * @param attempts how often it was sent
     * @param lastStatus the HTTP status of the last answer; null if there was none
     * @param lastError why the last attempt failed; null if it did not
     * @param nextAttemptAt null unless it is to be sent
     */
    record Delivery(
            UUID eventId,
            String type,
            DeliveryStatus status,
            int attempts,
            Integer lastStatus,
            String lastError,
            Instant createdAt,
            Instant nextAttemptAt) {}

    record DeliveryPage(List<Delivery> items, String nextCursor) {
        public DeliveryPage {
            items = List.copyOf(items);
        }
    }

    record Redeliver(UUID webhookId, UUID eventId) {}
}
