package dev.souk.gateway.external;

import dev.souk.gateway.external.NotAnswered.Why;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.http.DeadlinePassed;
import dev.souk.kit.bus.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.endpoint.ServerInteraction;
import io.vertx.httpproxy.Body;
import io.vertx.httpproxy.ProxyRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to one instance: sent as it comes in, answered as it is answered. Its time begins when all of it has been
 * sent, so that a slow client is not held against the service.
 */
final class Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final Duration UPLOAD_LIMIT = Duration.ofMinutes(5);

    private final Vertx vertx;
    private final ExternalConfig config;
    private final ApiRequest asked;
    private final HttpServerRequest request;
    private final ExternalInstance instance;
    private final BaseUrl base;
    private final ServerInteraction interaction;
    private final Promise<ProxyResponse> answered = Promise.promise();
    private final BoundedBody body;
    private HttpClientRequest outgoing;
    private long timer = Timers.NONE;
    private boolean over;

    Exchange(Vertx vertx, ExternalConfig config, ApiRequest asked, ExternalInstance instance) {
        this.vertx = vertx;
        this.config = config;
        this.asked = asked;
        this.request = asked.unread();
        this.instance = instance;
        this.base = BaseUrl.of(instance.entry().url());
        this.interaction = instance.newInteraction();
        this.body = new BoundedBody(request, config.maxBody(), this::awaitAnswer, answered::tryFail);
    }

    /**
     * The head of the service's answer. Fails with {@link NotAnswered}, or with what the client is to be told when it is to
     * blame itself.
     */
    Future<ProxyResponse> begin(HttpClient client, ExternalTarget target) {
        return client.request(options())
                .recover(failure -> Future.failedFuture(new NotAnswered(Why.NOT_REACHED, failure.getMessage())))
                .compose(connected -> send(connected, target))
                .onFailure(this::giveUp);
    }

    /** Passes the rest of the answer on. Ends when that is done or cannot be done any more, and frees the instance. */
    Future<Void> finish(ProxyResponse response) {
        if (request.response().closed()) {
            giveUp(new IllegalStateException("the client is gone"));
            return Future.succeededFuture();
        }
        return response.send().onComplete(sent -> {
            if (sent.failed() || asked.bringsBody() && !request.isEnded()) {
                // It answered before it had read everything; nothing more will be sent to it.
                giveUp(sent.failed() ? sent.cause() : new IllegalStateException("answered early"));
            } else {
                end(interaction::reportResponseEnd);
            }
        });
    }

    private RequestOptions options() {
        return new RequestOptions()
                .setServer(instance.address())
                .setHost(base.host())
                .setPort(base.port())
                .setSsl(base.tls())
                .setConnectTimeout(config.connectTimeout().toMillis());
    }

    private Future<ProxyResponse> send(HttpClientRequest connected, ExternalTarget target) {
        outgoing = connected;
        // Whatever breaks is told by the futures; without a handler it would be logged as well.
        connected.exceptionHandler(broken -> LOG.trace("a request broke off: {}", broken.toString()));
        interaction.reportRequestBegin();
        ProxyRequest proxied = ProxyRequest.reverseProxy(request).setURI(target.below(base.path()));
        RelayedHeaders.toService(
                proxied.headers(),
                request,
                asked.client().address().getHostAddress(),
                asked.id(),
                asked.caller(),
                patience());
        if (asked.bringsBody()) {
            timer = vertx.setTimer(UPLOAD_LIMIT.toMillis(), id -> body.giveUp());
            Body whole = proxied.getBody();
            proxied.setBody(Body.body(body, whole.length(), whole.mediaType()));
            greetExpectant();
        } else {
            proxied.setBody(null);
            // Its end is waited for by those that follow on the connection.
            request.resume();
            awaitAnswer();
        }
        proxied.send(connected).onSuccess(this::arrived).onFailure(this::broke);
        return answered.future();
    }

    private void greetExpectant() {
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
    }

    private void awaitAnswer() {
        if (answered.future().isComplete()) {
            return;
        }
        interaction.reportRequestEnd();
        vertx.cancelTimer(timer);
        Duration patience = patience();
        timer = vertx.setTimer(Math.max(1, patience.toMillis()), id -> answered.tryFail(late(patience)));
    }

    /** How long the service may take: no longer than its client waits. */
    private Duration patience() {
        return asked.context(config.timeout()).deadline().remaining();
    }

    /** An impatient client says nothing about the service. */
    private RuntimeException late(Duration patience) {
        return asked.hasNoTime()
                ? new DeadlinePassed()
                : new NotAnswered(Why.TOO_SLOW, "no answer within " + patience.toMillis() + " ms");
    }

    private void arrived(ProxyResponse response) {
        vertx.cancelTimer(timer);
        interaction.reportResponseBegin();
        if (!answered.tryComplete(response)) {
            outgoing.reset();
        }
    }

    private void broke(Throwable failure) {
        Throwable cause = request.response().closed()
                ? new ClientGone()
                : new NotAnswered(Why.BROKEN, String.valueOf(failure.getMessage()));
        answered.tryFail(body.failure().orElse(cause));
    }

    private void giveUp(Throwable failure) {
        end(() -> interaction.reportFailure(failure));
        if (outgoing != null) {
            outgoing.reset();
            // It may be kept otherwise, if the answer has ended and the request has not.
            outgoing.connection().close();
        }
    }

    private void end(Runnable report) {
        vertx.cancelTimer(timer);
        if (!over) {
            over = true;
            report.run();
        }
    }

    /** Nobody waits for an answer any more. */
    static final class ClientGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private ClientGone() {
            super("the client is gone", null, false, false);
        }
    }
}
