package dev.souk.gateway.http;

import dev.souk.contracts.Fault;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads the body of a request once it is known that it is wanted, and no more of it than is allowed. (The handler of
 * vertx-web goes on to swallow a body that is too large for as long as it is sent.)
 */
final class RequestBody {
    private static final int MAX_BYTES = 64 * 1024;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

    private RequestBody() {}

    /** Holds the body back until it is read. */
    static void hold(HttpServerRequest request) {
        if (isSent(request)) {
            request.pause();
        }
    }

    /** Whether everybody who reads the head sees the body end at the same place (RFC 9112, 6.3). */
    static boolean hasCertainEnd(HttpServerRequest request) {
        List<String> encodings = request.headers().getAll(HttpHeaders.TRANSFER_ENCODING);
        return encodings.isEmpty()
                || request.version() == HttpVersion.HTTP_1_1
                        && encodings.size() == 1
                        && encodings.getFirst().equalsIgnoreCase("chunked")
                        && !request.headers().contains(HttpHeaders.CONTENT_LENGTH);
    }

    /** Whether a body was announced of which something may still come. */
    static boolean isUnread(HttpServerRequest request) {
        return isSent(request) && !request.isEnded();
    }

    static void discard(Buffer unwanted) {
        // Read only to get past it.
    }

    /**
     * The whole body. Fails with a 400, 413 or 415 before anything is read where the headers already tell, and with a 408 if
     * it does not come to its end in time.
     */
    static Future<Buffer> read(HttpServerRequest request, Vertx vertx, Duration limit) {
        if (!isSent(request)) {
            return Future.failedFuture(Fault.invalid("", "a JSON body is missing"));
        }
        if (!isJson(request)) {
            return Future.failedFuture(
                    refusal("unsupported-media-type", "Send the body as application/json, in UTF-8, uncompressed."));
        }
        if (announcedBytes(request) > MAX_BYTES) {
            return Future.failedFuture(tooLarge());
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
                && request.version() == HttpVersion.HTTP_1_1) {
            request.response().writeContinue();
        }
        return collect(request, vertx, limit);
    }

    private static Future<Buffer> collect(HttpServerRequest request, Vertx vertx, Duration limit) {
        Promise<Buffer> whole = Promise.promise();
        long clock = vertx.setTimer(limit.toMillis(), passed -> {
            request.pause();
            whole.tryFail(refusal("request-timeout", "The body did not come to its end in time."));
        });
        Buffer body = Buffer.buffer();
        request.exceptionHandler(broken -> whole.tryFail(Fault.invalid("", "could not be read to its end")))
                .endHandler(end -> whole.tryComplete(body));
        request.handler(part -> {
            if (body.length() + part.length() <= MAX_BYTES) {
                body.appendBuffer(part);
            } else {
                request.pause();
                whole.tryFail(tooLarge());
            }
        });
        request.resume();
        return whole.future().onComplete(done -> vertx.cancelTimer(clock));
    }

    /** Whether there is a body. */
    static boolean isSent(HttpServerRequest request) {
        return announcedBytes(request) > 0 || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** What is announced in other than digits is too much. */
    private static long announcedBytes(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (length == null) {
            return 0;
        }
        return DIGITS.matcher(length).matches() ? Long.parseLong(length) : Long.MAX_VALUE;
    }

    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
            return false;
        }
        String[] parts = type.toLowerCase(Locale.ROOT).split(";", 2);
        boolean utf8 = parts.length == 1
                || !parts[1].contains("charset")
                || parts[1].replace("\"", "").replace(" ", "").contains("charset=utf-8");
        return parts[0].strip().equals("application/json") && utf8;
    }

    private static Refusal tooLarge() {
        return refusal("payload-too-large", "A body may have " + MAX_BYTES / 1024 + " KiB at most.");
    }

    private static Refusal refusal(String slug, String detail) {
        return Problem.of(slug, detail).refusal();
    }
}
