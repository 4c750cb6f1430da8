package dev.souk.gateway.external;

import dev.souk.contracts.Registry.Entry;
import dev.souk.kit.net.ClosedAddresses;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether an instance is well, on connections of its own: those of its requests may all be taken. */
final class HealthProbe {
    private static final Logger LOG = LoggerFactory.getLogger(HealthProbe.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final boolean allowLinkLocal;
    private final Names names;
    private final HttpClient http;
    private final NetClient sockets;

    HealthProbe(Vertx vertx, boolean allowLinkLocal) {
        this.allowLinkLocal = allowLinkLocal;
        this.names = new Names(vertx);
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setVerifyHost(true).setKeepAlive(false).setConnectTimeout((int)
                        LIMIT.toMillis()),
                new PoolOptions().setHttp1MaxSize(2).setMaxWaitQueueSize(2));
        this.sockets = vertx.createNetClient(new NetClientOptions().setConnectTimeout((int) LIMIT.toMillis()));
    }

    /** Looks once and tells the instance, within a bounded time. Never fails. */
    Future<Void> look(ExternalInstance instance) {
        Entry entry = instance.entry();
        BaseUrl base = BaseUrl.of(entry.url());
        return address(base)
                .compose(address -> answers(entry, base, address).map(address))
                .timeout(2 * LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onSuccess(instance::leadsTo)
                .onSuccess(address -> instance.passed())
                .onFailure(failure -> instance.failed(words(failure)))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    Future<Void> close() {
        return http.close().eventually(sockets::close).eventually(names::close);
    }

    /** Looked up each time: what is connected to is what was looked at, whatever the name leads to later. */
    private Future<SocketAddress> address(BaseUrl base) {
        return names.find(base.host()).map(found -> {
            if (!allowLinkLocal && found.stream().anyMatch(ClosedAddresses::contain)) {
                throw new NotWell("leads to a link-local or metadata address");
            }
            return SocketAddress.inetSocketAddress(base.port(), found.getFirst().getHostAddress());
        });
    }

    private Future<?> answers(Entry entry, BaseUrl base, SocketAddress address) {
        return entry.healthPath() == null
                ? sockets.connect(address).compose(socket -> socket.close())
                : http.request(options(entry, base, address)).compose(HealthProbe::ask);
    }

    private static RequestOptions options(Entry entry, BaseUrl base, SocketAddress address) {
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(address)
                .setHost(base.host())
                .setPort(base.port())
                .setSsl(base.tls())
                .setURI(base.path() + entry.healthPath())
                .setConnectTimeout(LIMIT.toMillis())
                .putHeader("User-Agent", "Souk");
    }

    private static Future<?> ask(HttpClientRequest request) {
        return request.send()
                .compose(HealthProbe::judge)
                .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                // An answer without an end must not stay.
                .onFailure(failure -> request.reset());
    }

    private static Future<?> judge(HttpClientResponse response) {
        int status = response.statusCode();
        // Whether it breaks off is told by its end.
        response.exceptionHandler(broken -> LOG.trace("an answer broke off: {}", broken.toString()));
        return status >= 200 && status < 400
                ? response.end()
                : Future.failedFuture(new NotWell("answers with status " + status));
    }

    private static String words(Throwable failure) {
        return switch (failure) {
            case NotWell unwell -> unwell.getMessage();
            case UnknownHostException unknown -> "its name has no address";
            case TimeoutException late -> "does not answer in time";
            default -> "cannot be connected to";
        };
    }

    private static final class NotWell extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private NotWell(String words) {
            super(words, null, false, false);
        }
    }
}
