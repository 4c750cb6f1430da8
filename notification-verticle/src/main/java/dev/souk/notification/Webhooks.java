package dev.souk.notification;

import dev.souk.kit.bus.Timers;
import dev.souk.kit.db.Database;
import dev.souk.kit.node.ServiceContext;
import dev.souk.notification.DeliveryRepository.Claim;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of the service that keeps webhooks and delivers to them. */
final class Webhooks {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final int MOST_AT_ONCE = 128;
    private static final Duration TRIM_INTERVAL = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final DeliveryRepository deliveries;
    private final WebhookSender sender;
    private final Dispatcher<Claim> dispatcher;
    private final WebhookService service;
    private final Duration kept;
    private long trimming = Timers.NONE;

    private Webhooks(ServiceContext context, NotificationConfig config, Database database, NameLookup names) {
        var settings = config.webhooks();
        var targets = new WebhookTargets(names, settings.allowPrivate());
        this.vertx = context.vertx();
        this.kept = settings.kept();
        this.deliveries = new DeliveryRepository(database);
        this.sender = new WebhookSender(vertx, targets, settings.timeout(), context.clock());
        var work = new WebhookWork(
                deliveries, sender, context.meters().counter("souk.webhooks.parked"), settings.timeout());
        this.dispatcher = new Dispatcher<>(vertx, "webhook deliveries", MOST_AT_ONCE, work);
        this.service = new WebhookService(
                new WebhookRepository(database),
                deliveries,
                targets,
                settings.giveUp(),
                dispatcher::wake,
                context.ids(),
                context.clock());
    }

    static Webhooks start(ServiceContext context, NotificationConfig config, Database database, NameLookup names) {
        Webhooks webhooks = new Webhooks(context, config, database, names);
        webhooks.dispatcher.start(config.poll());
        webhooks.trimming = webhooks.vertx.setPeriodic(TRIM_INTERVAL.toMillis(), id -> webhooks.trim());
        return webhooks;
    }

    WebhookService service() {
        return service;
    }

    /** There may be something to deliver. */
    void wake() {
        dispatcher.wake();
    }

    Future<Void> stop() {
        vertx.cancelTimer(trimming);
        return dispatcher.stop().eventually(sender::close);
    }

    private void trim() {
        trimSome().onFailure(failure -> LOG.warn("deliveries could not be trimmed: {}", failure.getMessage()));
    }

    private Future<Void> trimSome() {
        return deliveries.trim(kept).compose(gone -> gone == 0 ? Future.succeededFuture() : trimSome());
    }
}
