package dev.souk.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes answers. A connection on which a body was left unread is closed, with a moment for the client to read first; one
 * whose client does not take its answer in time is cut off.
 */
final class Responder {
    private static final Logger LOG = LoggerFactory.getLogger(Responder.class);
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final long NO_ERROR = 0;

    /** What is smaller gets no better by it. */
    private static final int COMPRESSED_FROM = 1024;

    private final Vertx vertx;
    private final Duration limit;

    /** @param limit how long a client may take to accept an answer, or to go on reading one that comes bit by bit */
    Responder(Vertx vertx, Duration limit) {
        this.vertx = vertx;
        this.limit = limit;
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
        if (unread && !isHttp2(request)) {
            response.putHeader("Connection", "close");
            Connections.end(request.connection());
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
        if (RequestBody.isUnread(request) && !isHttp2(request)) {
            request.response().putHeader("Connection", "close");
        }
        keepUncompressed(request);
        Future<Void> sent = relayed.relay().get();
        sent.onFailure(failure -> LOG.debug("an answer did not reach its client: {}", failure.toString()));
        sent.onComplete(done -> {
            if (RequestBody.isUnread(request)) {
                discardRest(request);
            }
        });
    }

    private void write(HttpServerRequest request, Answer.Body body) {
        HttpServerResponse response = request.response();
        switch (body) {
            case Answer.Body.None none -> awaited(request, response.end());
            case Answer.Body.Whole whole -> awaited(request, compressed(request, whole.content()));
            case Answer.Body.Streamed streamed
            when request.method() == HttpMethod.HEAD -> awaited(request, response.end());
            case Answer.Body.Relayed relayed -> relay(request, relayed);
            case Answer.Body.Streamed streamed -> {
                keepUncompressed(request);
                vertx.setPeriodic(limit.toMillis(), new StreamWatch(request)::look);
                streamed.writer().accept(response.setChunked(true));
            }
        }
    }

    private static Future<Void> compressed(HttpServerRequest request, Buffer content) {
        if (content.length() >= COMPRESSED_FROM) {
            request.response().headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        } else {
            keepUncompressed(request);
        }
        return request.response().end(content);
    }

    /** The server compresses what does not say how it is encoded, and takes this word away again. */
    private static void keepUncompressed(HttpServerRequest request) {
        if (request.headers().contains(HttpHeaders.ACCEPT_ENCODING) && request.method() != HttpMethod.HEAD) {
            request.response().putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
        }
    }

    private void awaited(HttpServerRequest request, Future<Void> sent) {
        long clock = vertx.setTimer(limit.toMillis(), passed -> cut(request));
        sent.onFailure(failure -> LOG.debug("an answer did not reach its client: {}", failure.toString()))
                .onComplete(done -> vertx.cancelTimer(clock));
    }

    /** A stream has no end to wait for, but whoever reads it makes room now and then. */
    private final class StreamWatch {
        private final HttpServerRequest request;
        private long written = -1;

        StreamWatch(HttpServerRequest request) {
            this.request = request;
        }

        void look(long timer) {
            HttpServerResponse response = request.response();
            if (response.ended() || response.closed()) {
                vertx.cancelTimer(timer);
            } else if (response.writeQueueFull() && response.bytesWritten() == written) {
                vertx.cancelTimer(timer);
                cut(request);
            }
            written = response.bytesWritten();
        }
    }

    private static void cut(HttpServerRequest request) {
        LOG.debug("{} is cut: it does not read", request.connection().remoteAddress());
        Connections.cut(request.connection());
    }

    private static boolean isHttp2(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }

    /**
     * Closing at once would make the client's system throw the answer away while it still sends. Over HTTP/2 a stream is alone
     * with its body, and the others of its connection go on.
     */
    private void discardRest(HttpServerRequest request) {
        long linger = vertx.setTimer(LINGER.toMillis(), id -> {
            if (isHttp2(request)) {
                request.response().reset(NO_ERROR).otherwiseEmpty();
            } else {
                Connections.cut(request.connection());
            }
        });
        request.exceptionHandler(gone -> vertx.cancelTimer(linger));
        request.handler(RequestBody::discard).endHandler(end -> {
            vertx.cancelTimer(linger);
            if (!isHttp2(request)) {
                request.connection().close().otherwiseEmpty();
            }
        });
        request.resume();
    }
}
