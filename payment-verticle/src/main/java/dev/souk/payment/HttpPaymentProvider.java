package dev.souk.payment;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.kit.bus.Bulkhead;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.crash.CrashPoint;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The payment provider over HTTP. Nothing is sent twice from here: who wants to know asks again. */
final class HttpPaymentProvider implements PaymentProvider {
    private static final Logger LOG = LoggerFactory.getLogger(HttpPaymentProvider.class);
    private static final String CRASH_EFFECT = "provider";
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    private static final int MOST_WAITING = 4_096;

    private final ProviderConfig config;
    private final WebClient client;
    private final Bulkhead inFlight;
    private final ProviderBreaker breaker;

    HttpPaymentProvider(Vertx vertx, ProviderConfig config, MeterRegistry meters) {
        this.config = config;
        this.client = WebClient.create(
                vertx,
                new WebClientOptions()
                        .setUserAgent("souk")
                        .setFollowRedirects(false)
                        .setConnectTimeout(CONNECT_TIMEOUT_MILLIS),
                new PoolOptions().setHttp1MaxSize(config.connections()));
        this.inFlight = Bulkhead.inTurn("payments", config.connections(), MOST_WAITING);
        this.breaker = new ProviderBreaker(vertx, config, meters);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public Future<ChargeAnswer> charge(UUID orderId, Money amount, String paymentMethod, Deadline deadline) {
        JsonObject body = new JsonObject()
                .put("amount", amount.amount())
                .put("currency", amount.currency())
                .put("paymentMethod", paymentMethod);
        return send("charge", orderId, body, deadline)
                .map(response -> ProviderAnswers.charge(response.statusCode(), response.body(), amount));
    }

    @Override
    public Future<RefundAnswer> refund(UUID orderId, Money amount, Deadline deadline) {
        JsonObject body = new JsonObject().put("charge", key("charge", orderId));
        return send("refund", orderId, body, deadline)
                .map(response -> ProviderAnswers.refund(response.statusCode(), response.body(), amount));
    }

    void close() {
        breaker.close();
        client.close();
    }

    private Future<HttpResponse<Buffer>> send(String kind, UUID orderId, JsonObject body, Deadline deadline) {
        if (breaker.isOpen()) {
            // Not behind those in line who were sent before it opened.
            return Future.failedFuture(unreachable());
        }
        return inFlight.run(deadline, () -> breaker.run(() -> post(kind, orderId, body)))
                .recover(failure -> Future.failedFuture(open(kind, orderId, failure)));
    }

    /** Fails when the provider is to blame; that he refuses something is an answer like any other. */
    private Future<HttpResponse<Buffer>> post(String kind, UUID orderId, JsonObject body) {
        CrashPoint.pass(CRASH_EFFECT, kind, "before");
        return client.requestAbs(HttpMethod.POST, config.url() + "/v1/" + kind + "s")
                .timeout(config.timeout().toMillis())
                .putHeader("Idempotency-Key", key(kind, orderId))
                .sendJsonObject(body)
                .onComplete(answered -> CrashPoint.pass(CRASH_EFFECT, kind, "after"))
                .compose(response -> response.statusCode() < 500
                        ? Future.succeededFuture(response)
                        : Future.failedFuture(new ProviderFailure(response.statusCode())));
    }

    private static String key(String kind, UUID orderId) {
        return kind + ":" + orderId;
    }

    /** Whatever it was, what became of the request is not known. */
    private static Fault open(String kind, UUID orderId, Throwable failure) {
        LOG.debug("the {} of order {} is open: {}", kind, orderId, failure.toString());
        return switch (failure) {
            case TimeoutException late -> timeout();
            case io.vertx.circuitbreaker.TimeoutException late -> timeout();
            default -> unreachable();
        };
    }

    private static Fault unreachable() {
        return Fault.of(Fault.Code.UNAVAILABLE, "The payment provider cannot be reached at the moment.");
    }

    private static Fault timeout() {
        return Fault.of(Fault.Code.TIMEOUT, "The payment provider did not answer in time.");
    }

    private static final class ProviderFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ProviderFailure(int status) {
            super("status " + status, null, false, false);
        }
    }
}
