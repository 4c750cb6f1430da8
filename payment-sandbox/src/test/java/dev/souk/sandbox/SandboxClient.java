package dev.souk.sandbox;

import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.List;

/** Asks a sandbox over HTTP, so that a test reads arrange, call, assert. */
final class SandboxClient {
    private static final int CONNECTIONS = 128;

    private final WebClient client;
    private final int port;

    record Answer(int status, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }

        String code() {
            return json().getJsonObject("error").getString("code");
        }
    }

    SandboxClient(Vertx vertx, int port) {
        this.client = WebClient.create(vertx, new WebClientOptions(), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.port = port;
    }

    Answer charge(String key, String paymentMethod) {
        return ServiceFixture.await(startCharge(key, paymentMethod));
    }

    Future<Answer> startCharge(String key, String paymentMethod) {
        return start(HttpMethod.POST, "/v1/charges", key, body(paymentMethod).encode(), 0);
    }

    /** Fails if there is no answer in time. */
    Future<Answer> startCharge(String key, String paymentMethod, long timeoutMillis) {
        return start(HttpMethod.POST, "/v1/charges", key, body(paymentMethod).encode(), timeoutMillis);
    }

    Answer refund(String key, String chargeKey) {
        return ServiceFixture.await(startRefund(key, chargeKey));
    }

    Future<Answer> startRefund(String key, String chargeKey) {
        return start(HttpMethod.POST, "/v1/refunds", key, refundBody(chargeKey), 0);
    }

    /** Fails if there is no answer in time. */
    Future<Answer> startRefund(String key, String chargeKey, long timeoutMillis) {
        return start(HttpMethod.POST, "/v1/refunds", key, refundBody(chargeKey), timeoutMillis);
    }

    Answer post(String path, String key, String body) {
        return ServiceFixture.await(start(HttpMethod.POST, path, key, body, 0));
    }

    Answer get(String path) {
        return ServiceFixture.await(raw(HttpMethod.GET, path).send().map(SandboxClient::answer));
    }

    HttpResponse<Buffer> send(HttpMethod method, String path) {
        return ServiceFixture.await(raw(method, path).send());
    }

    Answer faults(JsonObject faults) {
        return ServiceFixture.await(start(HttpMethod.PUT, "/v1/faults", "-", faults.encode(), 0));
    }

    List<JsonObject> ledger() {
        return get("/v1/ledger").body().lines().map(JsonObject::new).toList();
    }

    HttpRequest<Buffer> raw(HttpMethod method, String path) {
        return client.request(method, port, "127.0.0.1", path);
    }

    static JsonObject body(String paymentMethod) {
        return new JsonObject().put("amount", 500).put("currency", "USD").put("paymentMethod", paymentMethod);
    }

    private Future<Answer> start(HttpMethod method, String path, String key, String body, long timeoutMillis) {
        return raw(method, path)
                .putHeader("Idempotency-Key", key)
                .putHeader("Content-Type", "application/json")
                .timeout(timeoutMillis)
                .sendBuffer(Buffer.buffer(body))
                .map(SandboxClient::answer);
    }

    private static String refundBody(String chargeKey) {
        return new JsonObject().put("charge", chargeKey).encode();
    }

    private static Answer answer(HttpResponse<Buffer> response) {
        return new Answer(response.statusCode(), response.body() == null ? "" : response.bodyAsString());
    }
}
