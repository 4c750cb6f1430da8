package dev.souk.gateway;

import dev.souk.contracts.Notifications;
import dev.souk.contracts.Notifications.CreateWebhook;
import dev.souk.contracts.Notifications.DeliveryPage;
import dev.souk.contracts.Notifications.NewWebhook;
import dev.souk.contracts.Notifications.WebhookPage;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Webhooks and what was sent to them, over HTTP. */
final class WebhooksHandler {
    private record Webhook(UUID id, URI url, List<String> events, Instant createdAt) {
        static Webhook of(Notifications.Webhook webhook) {
            return new Webhook(webhook.id(), webhook.url(), sorted(webhook), webhook.createdAt());
        }
    }

    private record CreatedWebhook(UUID id, URI url, List<String> events, Instant createdAt, String secret) {
        static CreatedWebhook of(NewWebhook created) {
            Notifications.Webhook webhook = created.webhook();
            return new CreatedWebhook(
                    webhook.id(), webhook.url(), sorted(webhook), webhook.createdAt(), created.secret());
        }

        @Override
        public String toString() {
            return "CreatedWebhook[id=" + id + ", secret=***]";
        }
    }

    private record Webhooks(List<Webhook> items, String nextCursor) {
        static Webhooks of(WebhookPage page) {
            return new Webhooks(page.items().stream().map(Webhook::of).toList(), page.nextCursor());
        }
    }

    private record Delivery(
            UUID eventId,
            String type,
            String status,
            int attempts,
            Integer lastStatus,
            String lastError,
            Instant createdAt,
            Instant nextAttemptAt) {
        static Delivery of(Notifications.Delivery delivery) {
            return new Delivery(
                    delivery.eventId(),
                    delivery.type(),
                    JsonName.of(delivery.status()),
                    delivery.attempts(),
                    delivery.lastStatus(),
                    delivery.lastError(),
                    delivery.createdAt(),
                    delivery.nextAttemptAt());
        }
    }

    private record Deliveries(List<Delivery> items, String nextCursor) {
        static Deliveries of(DeliveryPage page) {
            return new Deliveries(page.items().stream().map(Delivery::of).toList(), page.nextCursor());
        }
    }

    private final Bus bus;

    WebhooksHandler(Bus bus) {
        this.bus = bus;
    }

    Future<Answer> create(ApiRequest request) {
        return bus.call(Notifications.CREATE_WEBHOOK, request.body(CreateWebhook.class), request.context())
                .map(created -> Answer.created(CreatedWebhook.of(created)));
    }

    Future<Answer> list(ApiRequest request) {
        Notifications.FindWebhooks find = new Notifications.FindWebhooks(
                request.number("limit").orElse(null), request.text("cursor").orElse(null));
        return bus.call(Notifications.LIST_WEBHOOKS, find, request.context()).map(page -> Answer.ok(Webhooks.of(page)));
    }

    Future<Answer> delete(ApiRequest request) {
        Notifications.DeleteWebhook delete = new Notifications.DeleteWebhook(request.uuid("webhookId"));
        return bus.call(Notifications.DELETE_WEBHOOK, delete, request.context()).map(Answer.done());
    }

    Future<Answer> deliveries(ApiRequest request) {
        Notifications.FindDeliveries find = new Notifications.FindDeliveries(
                request.uuid("webhookId"),
                request.number("limit").orElse(null),
                request.text("cursor").orElse(null));
        return bus.call(Notifications.LIST_DELIVERIES, find, request.context())
                .map(page -> Answer.ok(Deliveries.of(page)));
    }

    /** It goes out after the answer. */
    Future<Answer> redeliver(ApiRequest request) {
        Notifications.Redeliver redeliver =
                new Notifications.Redeliver(request.uuid("webhookId"), request.uuid("eventId"));
        return bus.call(Notifications.REDELIVER, redeliver, request.context())
                .map(delivery -> Answer.accepted(Delivery.of(delivery)));
    }

    private static List<String> sorted(Notifications.Webhook webhook) {
        return webhook.events().stream().sorted().toList();
    }
}
