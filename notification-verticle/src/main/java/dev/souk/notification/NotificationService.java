package dev.souk.notification;

import dev.souk.contracts.Notifications.Find;
import dev.souk.contracts.Notifications.NotificationPage;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.Page;
import io.vertx.core.Future;

/** What users can see of what they were told. */
final class NotificationService {
    private final NotificationRepository notifications;

    NotificationService(NotificationRepository notifications) {
        this.notifications = notifications;
    }

    /** The caller's own, an admin's too. */
    Future<NotificationPage> list(Find asked, CallContext context) {
        return notifications
                .page(context.requireCaller().userId(), IdCursor.read(asked.cursor()), Page.limit(asked.limit()))
                .map(page -> new NotificationPage(page.items(), page.nextCursor()));
    }
}
