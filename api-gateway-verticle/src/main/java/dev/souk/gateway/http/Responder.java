package dev.souk.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes answers. A connection on which a body was left unread is closed, with a moment for the client to read first. */
final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Vertx vertx;

    Responder(Vertx vertx) {
        this.vertx = vertx;
    }

    void send(HttpServerRequest request, Answer answer) {
        HttpServerResponse response = request.response();
        if (answer.body() instanceof Answer.Body.Relayed relayed) {
            relay(request, relayed);
            return;
        }
        if (response.closed() || response.ended()) {
            return;
        }
        boolean unread = RequestBody.isUnread(request);
        if (unread) {
            response.putHeader("Connection", "close");
        }
        answer.headers().forEach(response::putHeader);
        response.setStatusCode(answer.status());
        write(request, answer.body());
        if (unread) {
            discardRest(request);
        }
    }

    /** Whoever answers may still be reading the body, and may end without having read all of it. */
    private void relay(HttpServerRequest request, Answer.Body.Relayed relayed) {
        if (RequestBody.isUnread(request)) {
            request.response().putHeader("Connection", "close");
        }
        Future<Void> sent = relayed.relay().get();
        logged(sent);
        sent.onComplete(done -> {
            if (RequestBody.isUnread(request)) {
                discardRest(request);
            }
        });
    }

    private void write(HttpServerRequest request, Answer.Body body) {
        HttpServerResponse response = request.response();
        switch (body) {
            case Answer.Body.None none -> logged(response.end());
            case Answer.Body.Whole whole -> logged(response.end(whole.content()));
            case Answer.Body.Streamed streamed when request.method() == HttpMethod.HEAD -> logged(response.end());
            case Answer.Body.Relayed relayed -> relay(request, relayed);
            case Answer.Body.Streamed streamed -> streamed.writer().accept(response.setChunked(true));
        }
    }

    private static void logged(Future<Void> sent) {
        sent.onFailure(failure -> LOG.debug("an answer did not reach its client: {}", failure.toString()));
    }

    /** Closing at once would make the client's system throw the answer away while it still sends. */
    private void discardRest(HttpServerRequest request) {
        long limit = vertx.setTimer(
                LINGER.toMillis(), id -> request.connection().close().otherwiseEmpty());
        request.exceptionHandler(gone -> vertx.cancelTimer(limit));
        request.handler(RequestBody::discard).endHandler(end -> {
            vertx.cancelTimer(limit);
            request.connection().close().otherwiseEmpty();
        });
        request.resume();
    }
}
