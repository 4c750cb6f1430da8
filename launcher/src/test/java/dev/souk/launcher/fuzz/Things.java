package dev.souk.launcher.fuzz;

import dev.souk.gateway.contract.Exchange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What there is in the shop, as far as answers told: ids and cursors that lead somewhere. */
final class Things {
    private static final int KEPT = 100;
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");
    private static final Pattern EVENT_ID = Pattern.compile("\"eventId\":\"([0-9a-f-]{36})\"");
    private static final Pattern DELIVERIES = Pattern.compile("/webhooks/([0-9a-f-]{36})/deliveries");
    private static final Pattern REFRESH_TOKEN = Pattern.compile("\"refreshToken\":\"([^\"]+)\"");
    private static final Pattern CURSOR = Pattern.compile("\"nextCursor\":\"([^\"]+)\"");
    private static final Map<String, String> MAKERS = Map.of(
            "registerUser", "userId",
            "createProduct", "productId",
            "placeOrder", "orderId",
            "createWebhook", "webhookId",
            "registerService", "serviceId");

    private final Map<String, List<String>> known = new HashMap<>();

    synchronized void add(String name, String value) {
        List<String> values = known.computeIfAbsent(name, any -> new ArrayList<>());
        values.add(value);
        if (values.size() > KEPT) {
            values.removeFirst();
        }
    }

    synchronized Optional<String> any(String name, RandomGenerator random) {
        List<String> values = known.getOrDefault(name, List.of());
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(random.nextInt(values.size())));
    }

    /** Remembers what an answer names. */
    void learn(Shot shot, Exchange answer) {
        if (answer.status() >= 300) {
            return;
        }
        Optional.ofNullable(MAKERS.get(shot.operation())).ifPresent(name -> find(ID, answer.body(), name));
        learnDelivery(shot, answer);
        find(REFRESH_TOKEN, answer.body(), "refreshToken");
        if (shot.operation().startsWith("list")) {
            find(CURSOR, answer.body(), "cursor of " + shot.operation());
        }
    }

    /** An event leads somewhere only at a webhook that it was sent to. */
    private void learnDelivery(Shot shot, Exchange answer) {
        Matcher webhook = DELIVERIES.matcher(shot.target());
        Matcher event = EVENT_ID.matcher(answer.body());
        if (webhook.find() && event.find()) {
            add("delivery", webhook.group(1) + "/deliveries/" + event.group(1));
        }
    }

    private void find(Pattern pattern, String body, String name) {
        Matcher matcher = pattern.matcher(body);
        if (matcher.find()) {
            add(name, matcher.group(1));
        }
    }
}
