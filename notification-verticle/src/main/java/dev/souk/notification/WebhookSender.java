package dev.souk.notification;

import dev.souk.kit.crash.CrashPoint;
import dev.souk.notification.DeliveryRepository.Claim;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** Posts events to webhooks. */
final class WebhookSender {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final int MOST_CONNECTIONS_TO_ONE = 64;
    private static final int MOST_READ = 64 * 1_024;
    private static final Duration READ_LIMIT = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final WebhookTargets targets;
    private final Duration timeout;
    private final Clock clock;
    private final HttpClient client;

    /**
     * What came of one attempt.
     *
     * @param status null if there was no answer
     * @param error in words for the admin; null if it was delivered
     */
    record Answer(Integer status, String error) {
        static Answer of(int status) {
            return new Answer(status, status >= 200 && status < 300 ? null : "answered with status " + status);
        }

        static Answer none(String error) {
            return new Answer(null, error);
        }

        boolean isDelivered() {
            return error == null;
        }
    }

    WebhookSender(Vertx vertx, WebhookTargets targets, Duration timeout, Clock clock) {
        this.vertx = vertx;
        this.targets = targets;
        this.timeout = timeout;
        this.clock = clock;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setConnectTimeout((int) timeout.toMillis())
                        .setTrustAll(false)
                        .setVerifyHost(true),
                new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS_TO_ONE));
    }

    /** One attempt, which never fails and ends in time. Each takes the next of the host's addresses. */
    Future<Answer> send(Claim delivery) {
        return targets.find(delivery.url().getHost())
                .compose(addresses -> post(delivery, turn(addresses, delivery.failures())))
                .map(response -> Answer.of(response.statusCode()))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .otherwise(failure -> Answer.none(words(failure)));
    }

    Future<Void> close() {
        return client.close();
    }

    private Future<HttpClientResponse> post(Claim delivery, InetAddress address) {
        return client.request(options(delivery.url(), address))
                .compose(request -> post(delivery, request))
                .onSuccess(response -> CrashPoint.pass("webhook", "send", "after"))
                .onSuccess(this::discard);
    }

    private Future<HttpClientResponse> post(Claim delivery, HttpClientRequest request) {
        request.putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "Souk")
                .putHeader("Souk-Event-Id", delivery.eventId().toString())
                .putHeader("Souk-Signature", WebhookSignature.of(delivery.secret(), clock.instant(), delivery.body()));
        CrashPoint.pass("webhook", "send", "before");
        return request.send(Buffer.buffer(delivery.body()));
    }

    /** Connects to the address that was checked, whatever the name leads to by then; the name is told to the other side. */
    private RequestOptions options(URI given, InetAddress address) {
        URI url = URI.create(given.toASCIIString());
        boolean tls = url.getScheme().equalsIgnoreCase("https");
        int usual = tls ? HTTPS_PORT : HTTP_PORT;
        int port = url.getPort() < 0 ? usual : url.getPort();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(tls)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .setFollowRedirects(false)
                .setTimeout(timeout.toMillis());
    }

    /** Reads a little of the answer, so that the connection can be used again, and hangs up on one that has no end. */
    private void discard(HttpClientResponse response) {
        AtomicInteger read = new AtomicInteger();
        long limit =
                vertx.setTimer(READ_LIMIT.toMillis(), id -> response.request().reset());
        response.handler(chunk -> {
            if (read.addAndGet(chunk.length()) > MOST_READ) {
                response.request().reset();
            }
        });
        response.end().onComplete(done -> vertx.cancelTimer(limit));
    }

    private static InetAddress turn(List<InetAddress> addresses, int failures) {
        return addresses.get(failures % addresses.size());
    }

    private static String words(Throwable failure) {
        return switch (failure) {
            case WebhookTargets.Forbidden forbidden -> "the host leads to an address that is not public";
            case UnknownHostException unknown -> "the host has no address";
            case TimeoutException late -> "there was no answer in time";
            case SSLException tls -> "the connection could not be secured";
            case ConnectException refused -> "no connection could be made";
            case NoRouteToHostException away -> "no connection could be made";
            default -> "the connection broke before the answer";
        };
    }
}
