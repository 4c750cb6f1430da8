package dev.souk.payment;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The provider as he sees himself: his own ledger, and how he misbehaves. */
final class ProviderLedger {
    private final HttpClient client = HttpClient.newHttpClient();
    private final String url;

    ProviderLedger(String url) {
        this.url = url;
    }

    /** Every charge and refund that he made, as key, id, amount twice and currency. */
    List<String> lines() {
        return entries().stream()
                .filter(entry -> List.of("charge", "refund").contains(entry.getString("kind")))
                .map(entry -> String.join(
                        " ",
                        entry.getString("key"),
                        entry.getString("id"),
                        entry.getLong("amount").toString(),
                        entry.getLong("amount").toString(),
                        entry.getString("currency")))
                .sorted()
                .toList();
    }

    /** The kinds of what happened to an order, in their order. */
    List<String> history(UUID orderId) {
        return entries().stream()
                .filter(entry -> entry.getString("key").endsWith(orderId.toString()))
                .map(entry -> entry.getString("kind"))
                .toList();
    }

    /** From now on, until told otherwise. */
    void misbehave(Map<String, Object> faults) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/faults"))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(new JsonObject(faults).encode()))
                .build();
        send(request);
    }

    void behave() {
        misbehave(Map.of("errorRate", 0, "hangRate", 0, "latencyMs", 0, "down", false));
    }

    private List<JsonObject> entries() {
        return send(HttpRequest.newBuilder(URI.create(url + "/v1/ledger")).build())
                .lines()
                .map(JsonObject::new)
                .toList();
    }

    private String send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(request + " got " + response.statusCode() + " " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
