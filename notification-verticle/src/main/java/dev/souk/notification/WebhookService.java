package dev.souk.notification;

import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications.CreateWebhook;
import dev.souk.contracts.Notifications.DeleteWebhook;
import dev.souk.contracts.Notifications.Delivery;
import dev.souk.contracts.Notifications.DeliveryPage;
import dev.souk.contracts.Notifications.FindDeliveries;
import dev.souk.contracts.Notifications.FindWebhooks;
import dev.souk.contracts.Notifications.NewWebhook;
import dev.souk.contracts.Notifications.Redeliver;
import dev.souk.contracts.Notifications.Webhook;
import dev.souk.contracts.Notifications.WebhookPage;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.Page;
import io.vertx.core.Future;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** What admins decide about webhooks. */
final class WebhookService {
    private static final Duration LOOK_UP_LIMIT = Duration.ofMillis(1_500);

    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final WebhookTargets targets;
    private final Duration giveUp;
    private final Runnable wake;
    private final Supplier<UUID> ids;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param giveUp how long it is tried to deliver what an admin asks for again
     * @param wake tells the dispatcher that there is something to deliver
     */
    WebhookService(
            WebhookRepository webhooks,
            DeliveryRepository deliveries,
            WebhookTargets targets,
            Duration giveUp,
            Runnable wake,
            Supplier<UUID> ids,
            Clock clock) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.targets = targets;
        this.giveUp = giveUp;
        this.wake = wake;
        this.ids = ids;
        this.clock = clock;
    }

    /** It is told of what happens from now on. */
    Future<NewWebhook> create(CreateWebhook asked, CallContext context) {
        context.requireAdmin();
        WebhookRules.check(asked);
        Webhook webhook = new Webhook(ids.get(), asked.url(), asked.events(), clock.instant());
        String secret = WebhookSignature.newSecret(random);
        return targets.find(asked.url().getHost())
                .timeout(LOOK_UP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .recover(failure -> Future.failedFuture(refusal(failure)))
                .compose(reachable -> webhooks.insert(webhook, secret))
                .map(new NewWebhook(webhook, secret));
    }

    Future<WebhookPage> list(FindWebhooks asked, CallContext context) {
        context.requireAdmin();
        return webhooks.page(IdCursor.read(asked.cursor()), Page.limit(asked.limit()))
                .map(page -> new WebhookPage(page.items(), page.nextCursor()));
    }

    /** Deleting what is deleted is done already: the answer to the first request may have been lost. */
    Future<Done> delete(DeleteWebhook asked, CallContext context) {
        context.requireAdmin();
        return webhooks.delete(given(asked.webhookId(), "webhookId"), clock.instant())
                .map(known -> {
                    if (!known) {
                        throw Fault.notFound("webhook");
                    }
                    return Done.DONE;
                });
    }

    Future<DeliveryPage> deliveries(FindDeliveries asked, CallContext context) {
        context.requireAdmin();
        UUID below = IdCursor.read(asked.cursor());
        int limit = Page.limit(asked.limit());
        return known(given(asked.webhookId(), "webhookId"))
                .compose(webhookId -> deliveries.page(webhookId, below, limit))
                .map(page -> new DeliveryPage(page.items(), page.nextCursor()));
    }

    Future<Delivery> redeliver(Redeliver asked, CallContext context) {
        context.requireAdmin();
        UUID eventId = given(asked.eventId(), "eventId");
        return known(given(asked.webhookId(), "webhookId"))
                .compose(webhookId -> deliveries.redeliver(webhookId, eventId, giveUp))
                .map(found -> found.orElseThrow(() -> Fault.notFound("delivery")))
                .onSuccess(due -> wake.run());
    }

    private Future<UUID> known(UUID webhookId) {
        return webhooks.exists(webhookId).map(found -> {
            if (!found) {
                throw Fault.notFound("webhook");
            }
            return webhookId;
        });
    }

    private static Throwable refusal(Throwable failure) {
        return switch (failure) {
            case WebhookTargets.Forbidden forbidden -> Fault.invalid("/url", "must lead to a public address");
            case UnknownHostException unknown -> Fault.invalid("/url", "must name a host that has an address");
            case TimeoutException late ->
                Fault.of(Fault.Code.UNAVAILABLE, "The host's address could not be found in time.");
            default -> failure;
        };
    }

    private static UUID given(UUID value, String field) {
        if (value == null) {
            throw Fault.invalid(field, "must be given");
        }
        return value;
    }
}
