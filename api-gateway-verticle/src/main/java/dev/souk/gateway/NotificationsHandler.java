package dev.souk.gateway;

import dev.souk.contracts.Notifications;
import dev.souk.contracts.Notifications.NotificationPage;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What the caller was told, over HTTP. */
final class NotificationsHandler {
    private record Notification(UUID id, String type, UUID orderId, String channel, String status, Instant createdAt) {
        static Notification of(Notifications.Notification notification) {
            return new Notification(
                    notification.id(),
                    notification.type(),
                    notification.orderId(),
                    JsonName.of(notification.channel()),
                    JsonName.of(notification.status()),
                    notification.createdAt());
        }
    }

    private record Page(List<Notification> items, String nextCursor) {
        static Page of(NotificationPage page) {
            return new Page(page.items().stream().map(Notification::of).toList(), page.nextCursor());
        }
    }

    private final Bus bus;

    NotificationsHandler(Bus bus) {
        this.bus = bus;
    }

    Future<Answer> list(ApiRequest request) {
        Notifications.Find find = new Notifications.Find(
                request.number("limit").orElse(null), request.text("cursor").orElse(null));
        return bus.call(Notifications.LIST, find, request.context()).map(page -> Answer.ok(Page.of(page)));
    }
}
