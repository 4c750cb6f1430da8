package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Everything that can happen to an order, told once, by a client that remembers what it was told. The shop may die at any
 * point of it: then the story just ends.
 */
final class CheckoutStory {
    private final ShopClient client;
    private final List<Request> asked = new ArrayList<>();
    private final Map<String, Answer> told = new HashMap<>();
    private String customer;

    /** A request to place an order, as it can be sent again. */
    private record Request(String key, String body, boolean async) {}

    CheckoutStory(Map<String, String> settings) {
        this.client = new ShopClient(ShopProcess.url(settings));
    }

    /** Tells it to the end. @throws RuntimeException, AssertionError if the shop dies on the way */
    void tell() {
        String admin = client.admin();
        customer = client.customer();
        String product = client.product(admin, 100);
        String rare = client.product(admin, 1);

        String kept = id(place("pm_card_visa", product, false).require(201));
        place("pm_card_declined", product, false).require(402);
        id(place("pm_card_flaky", rare, false));
        place("pm_card_visa", rare, false);

        String regretted = id(place("pm_card_visa", product, false).require(201));
        act(customer, regretted, "cancel");
        String hasty = id(place("pm_card_slow", product, true).require(202));
        ShopProcess.await("its charge to be under way", () -> isBeingCharged(hasty));
        act(customer, hasty, "cancel");
        act(admin, kept, "ship");
        act(admin, kept, "deliver");
        client.get("/api/v1/orders/" + kept + "/timeline", ShopClient.bearer(customer))
                .require(200);
    }

    /**
     * Sends every request again, as a client does that knows no better: what it was told the first time it is told again,
     * byte for byte; what it was not told, it is told now.
     */
    void askAgain() {
        for (Request request : asked) {
            Answer again = send(request);
            while (again.hasNoEndYet()) {
                again = send(request);
            }
            Answer first = told.get(request.key());
            assertThat(again.status()).as(again.body()).isIn(201, 402, 409);
            if (first != null && !first.hasNoEndYet()) {
                assertThat(again.status()).isEqualTo(first.status());
                assertThat(again.body()).isEqualTo(first.body());
            }
        }
    }

    private Answer place(String paymentMethod, String product, boolean async) {
        String body = """
                {"items": [{"productId": "%s", "quantity": 1}], "paymentMethod": "%s"}
                """.formatted(product, paymentMethod);
        Request request = new Request(UUID.randomUUID().toString(), body, async);
        asked.add(request);
        Answer answer = send(request);
        told.put(request.key(), answer);
        return answer;
    }

    private Answer send(Request request) {
        Map<String, String> headers = new HashMap<>(ShopClient.bearer(customer));
        headers.put("Idempotency-Key", request.key());
        if (request.async()) {
            headers.put("Prefer", "respond-async");
        }
        return client.post("/api/v1/orders", headers, request.body());
    }

    private boolean isBeingCharged(String order) {
        return client.get("/api/v1/orders/" + order + "/payments", ShopClient.bearer(customer))
                .require(200)
                .body()
                .contains("pending");
    }

    private void act(String token, String order, String what) {
        client.post("/api/v1/orders/" + order + "/" + what, ShopClient.bearer(token), "{}");
    }

    private static String id(Answer answer) {
        return answer.json().path("id").asText();
    }
}
