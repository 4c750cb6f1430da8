package dev.souk.notification;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * How many deliveries to each webhook may be under way at once: some, and only one to a webhook that has not answered
 * well of late, so that those which are slow or dead leave room for the others. Used from one event loop.
 */
final class WebhookSlots {
    static final int USUAL = 16;
    private static final int WITH_TROUBLE = 1;
    private static final int TROUBLE = 3;

    private final Map<UUID, Integer> running = new HashMap<>();
    private final Map<UUID, Integer> failures = new HashMap<>();

    void taken(UUID webhookId) {
        running.merge(webhookId, 1, Integer::sum);
    }

    void ended(UUID webhookId, boolean well) {
        running.computeIfPresent(webhookId, (id, count) -> count > 1 ? count - 1 : null);
        if (well) {
            failures.remove(webhookId);
        } else {
            failures.merge(webhookId, 1, (count, one) -> Math.min(count + one, TROUBLE));
        }
    }

    /** How many more may begin, of each webhook that has not all {@link #USUAL} of them left. */
    Map<UUID, Integer> left() {
        Map<UUID, Integer> left = new HashMap<>();
        failures.forEach((webhookId, count) -> left.put(webhookId, count < TROUBLE ? USUAL : WITH_TROUBLE));
        running.forEach((webhookId, count) ->
                left.compute(webhookId, (id, most) -> Math.max(0, (most == null ? USUAL : most) - count)));
        return left;
    }
}
