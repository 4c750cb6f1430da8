package dev.souk.sandbox;

import dev.souk.kit.crash.CrashPoint;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Maps HTTP to the provider and back. */
final class SandboxHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(SandboxHandlers.class);
    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7E]{1,255}");
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final long MOST_AMOUNT = 999_999_999_999_999L;
    private static final int LINES_AT_ONCE = 512;

    private final Provider provider;
    private final Ledger ledger;
    private final Interference interference;

    SandboxHandlers(Provider provider, Ledger ledger, Interference interference) {
        this.provider = provider;
        this.ledger = ledger;
        this.interference = interference;
    }

    void hangUpIfDown(RoutingContext context) {
        if (interference.faults().down()) {
            context.request().connection().close().onFailure(gone -> LOG.debug("already gone", gone));
        } else {
            context.next();
        }
    }

    void charge(RoutingContext context) {
        exposed(context, "sandbox-charge", request -> provider.charge(readCharge(request)));
    }

    void refund(RoutingContext context) {
        exposed(context, "sandbox-refund", request -> provider.refund(readRefund(request)));
    }

    void standing(RoutingContext context) {
        String key = context.pathParam("key");
        send(
                context,
                ledger.standing(key)
                        .map(standing -> new Reply.Answer(200, Wording.standing(key, standing)))
                        .orElseGet(() -> Reply.Answer.error(404, "unknown_key", "Nothing is known of this key.")));
    }

    /** What is written meanwhile is not told any more. */
    void ledger(RoutingContext context) {
        HttpServerResponse response =
                context.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "application/x-ndjson");
        writeLines(response, 0, ledger.entries().size())
                .compose(written -> response.end())
                .onFailure(gone -> LOG.debug("the reader of the ledger went away", gone));
    }

    void faults(RoutingContext context) {
        send(context, new Reply.Answer(200, Wording.faults(interference.faults())));
    }

    /** What is left out is off. */
    void setFaults(RoutingContext context) {
        JsonInput input = JsonInput.read(body(context), Set.of("errorRate", "hangRate", "latencyMs", "down"));
        interference.set(new Faults(
                input.has("errorRate") ? input.share("errorRate") : 0,
                input.has("hangRate") ? input.share("hangRate") : 0,
                input.has("latencyMs") ? (int) input.wholeNumber("latencyMs", 0, Faults.MOST_LATENCY_MS) : 0,
                input.has("down") && input.flag("down")));
        faults(context);
    }

    void health(RoutingContext context) {
        send(context, new Reply.Answer(200, new JsonObject().put("status", "UP")));
    }

    static void send(RoutingContext context, Reply.Answer answer) {
        context.response()
                .setStatusCode(answer.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(answer.body().toBuffer())
                .onFailure(gone -> LOG.debug("the client went away", gone));
    }

    private void exposed(RoutingContext context, String name, Function<RoutingContext, Future<Outcome>> work) {
        interference
                .around(() -> Future.succeededFuture(context).compose(work).map(Wording::reply))
                .onSuccess(reply -> {
                    if (reply instanceof Reply.Answer answer) {
                        CrashPoint.pass("answer", name, "before");
                        send(context, answer);
                    }
                })
                .onFailure(context::fail);
    }

    private Future<Void> writeLines(HttpServerResponse response, int from, int to) {
        if (from == to) {
            return Future.succeededFuture();
        }
        int end = Math.min(to, from + LINES_AT_ONCE);
        List<Entry> slice = ledger.entries().subList(from, end);
        Buffer lines = Buffer.buffer();
        slice.forEach(
                entry -> lines.appendBuffer(Wording.entry(entry).toBuffer()).appendByte((byte) '\n'));
        return response.write(lines).compose(written -> writeLines(response, end, to));
    }

    private static Request.Charge readCharge(RoutingContext context) {
        String key = idempotencyKey(context);
        JsonInput input = JsonInput.read(body(context), Set.of("amount", "currency", "paymentMethod"));
        long amount = input.wholeNumber("amount", 0, MOST_AMOUNT);
        String currency = input.text("currency");
        if (!CURRENCY.matcher(currency).matches()) {
            throw Refusal.invalid("currency must be three capital letters.");
        }
        PaymentMethod method = PaymentMethod.of(input.text("paymentMethod"))
                .orElseThrow(() -> new Refusal(400, "unknown_payment_method", "There is no such payment method."));
        return new Request.Charge(key, amount, currency, method);
    }

    private static Request.Refund readRefund(RoutingContext context) {
        String key = idempotencyKey(context);
        String chargeKey = JsonInput.read(body(context), Set.of("charge")).text("charge");
        if (!KEY.matcher(chargeKey).matches()) {
            throw Refusal.invalid("charge must be the key of a charge, 1 to 255 printable characters.");
        }
        return new Request.Refund(key, chargeKey);
    }

    private static String idempotencyKey(RoutingContext context) {
        List<String> keys = context.request().headers().getAll("Idempotency-Key");
        if (keys.size() != 1 || !KEY.matcher(keys.getFirst()).matches()) {
            throw Refusal.invalid("One Idempotency-Key of 1 to 255 printable characters is required.");
        }
        return keys.getFirst();
    }

    private static Buffer body(RoutingContext context) {
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Refusal(415, "unsupported_media_type", "Send the body as application/json.");
        }
        Buffer body = context.body().buffer();
        return body == null ? Buffer.buffer() : body;
    }
}
