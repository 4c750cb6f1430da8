package dev.souk.notification;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Event;
import dev.souk.contracts.Notifications;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.Inbox;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.function.Function;

/** The notification service: tells users by mail, and other programs by webhook, what happened. */
public final class NotificationVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(NotificationConfig.SERVICE, NotificationConfig.SETTINGS, NotificationVerticle::new);

    private static final int NAME_THREADS = 8;

    private final ServiceContext context;
    private final NotificationConfig config;
    private final Function<Vertx, NameLookup> names;
    private Database database;
    private Mailing mailing;
    private Webhooks webhooks;
    private Endpoint endpoint;

    NotificationVerticle(ServiceContext context) {
        this(context, vertx -> NameLookup.ofSystem(vertx, NAME_THREADS));
    }

    /** @param names finds the addresses of webhooks */
    NotificationVerticle(ServiceContext context, Function<Vertx, NameLookup> names) {
        this.context = context;
        this.config = NotificationConfig.from(context.environment());
        this.names = names;
    }

    @Override
    public Future<?> start() {
        return context.openDatabase(config.database())
                .onSuccess(opened -> database = opened)
                .compose(this::serve)
                .onSuccess(serving -> endpoint = serving)
                // Vert.x does not stop a verticle whose start has failed.
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    @Override
    public Future<?> stop() {
        return (endpoint == null ? Future.<Void>succeededFuture() : endpoint.close())
                .eventually(() -> mailing == null ? Future.succeededFuture() : mailing.stop())
                .eventually(() -> webhooks == null ? Future.succeededFuture() : webhooks.stop())
                .eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }

    private Future<Endpoint> serve(Database opened) {
        var notifications = new NotificationRepository(opened);
        mailing = Mailing.start(context, config, notifications);
        webhooks = Webhooks.start(context, config, opened, names.apply(vertx));
        var inbox = new Inbox(
                vertx, opened, config.events(), new EventStore(config, context.ids(), mailing::wake, webhooks::wake));
        inbox.start();
        var told = new NotificationService(notifications);
        WebhookService hooks = webhooks.service();
        return context.serve(
                NotificationConfig.SERVICE,
                opened::ping,
                on(Event.delivery(NotificationConfig.SERVICE), inbox::receive),
                on(Notifications.LIST, told::list),
                on(Notifications.CREATE_WEBHOOK, hooks::create),
                on(Notifications.LIST_WEBHOOKS, hooks::list),
                on(Notifications.DELETE_WEBHOOK, hooks::delete),
                on(Notifications.LIST_DELIVERIES, hooks::deliveries),
                on(Notifications.REDELIVER, hooks::redeliver));
    }
}
