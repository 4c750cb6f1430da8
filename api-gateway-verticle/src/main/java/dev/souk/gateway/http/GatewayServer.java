package dev.souk.gateway.http;

import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.RequestTarget;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.ProblemCatalogue;
import dev.souk.kit.config.ConfigurationException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The HTTP server: what holds for every request before it is routed, and how the server comes and goes. */
public final class GatewayServer {
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(10);
    /** A connection on which nothing moves for so long is closed. */
    public static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_LINE_BYTES = 8 * 1024;

    private final Vertx vertx;
    private final ServerConfig config;
    private final HttpServer server;
    private final RequestIds ids;
    private final CorsPolicy cors;
    private final Responder responder;
    private final Problems problems;
    private final Stations stations;
    private final Handler<HttpServerRequest> router;
    private boolean listening;

    /**
     * @param ids makes the ids of requests that bring none
     * @param random scatters what must not come together
     * @param handlers by operationId
     * @throws IllegalStateException if contract and handlers do not cover each other
     */
    public GatewayServer(
            Vertx vertx,
            ServerConfig config,
            Supplier<UUID> ids,
            Contract contract,
            ProblemCatalogue catalogue,
            RandomGenerator random,
            Stations stations,
            Map<String, ApiHandler> handlers) {
        this.vertx = vertx;
        this.config = config;
        this.ids = new RequestIds(ids);
        this.cors = new CorsPolicy(config.corsOrigins());
        this.responder = new Responder(vertx);
        this.problems = new Problems(catalogue, responder, random);
        this.stations = stations;
        this.router =
                new ApiRouter(stations, config.requestDeadline(), responder, problems).bind(vertx, contract, handlers);
        this.server = vertx.createHttpServer(options(config))
                .requestHandler(this::accept)
                .invalidRequestHandler(this::refuseUnreadable);
    }

    /** Fails with a {@link ConfigurationException} if the address cannot be used. */
    public Future<Void> listen() {
        stations.open(vertx);
        return server.listen()
                .onSuccess(open -> listening = true)
                .recover(failure -> Future.failedFuture(new ConfigurationException("SOUK_HTTP_PORT: cannot listen on "
                        + config.host() + ":" + config.port() + " (" + reason(failure) + ")")))
                .mapEmpty();
    }

    /** Takes no new requests and waits a bounded time for those that run. */
    public Future<Void> shutdown() {
        listening = false;
        return server.shutdown(SHUTDOWN_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    /** Succeeds while requests are taken. */
    public Future<Void> listening() {
        return listening ? Future.succeededFuture() : Future.failedFuture("not listening");
    }

    /** The port it listens on, which tells what was chosen when any was asked for. */
    public int port() {
        return server.actualPort();
    }

    private void accept(HttpServerRequest request) {
        greet(request);
        RequestBody.hold(request);
        if (cors.isPreflight(request)) {
            responder.send(request, cors.preflight());
        } else if (!RequestTarget.isWellFormed(request.path())) {
            problems.tell(request, Problem.of("invalid-request", "The request line is malformed."));
        } else {
            router.handle(request);
        }
    }

    private void greet(HttpServerRequest request) {
        ids.assign(request);
        SecurityHeaders.put(request.response().headers());
        cors.apply(request);
    }

    /** What is not HTTP, or too long; what follows on the connection cannot be trusted. */
    private void refuseUnreadable(HttpServerRequest request) {
        greet(request);
        request.response().putHeader("Connection", "close");
        problems.tell(
                request,
                switch (request.decoderResult().cause()) {
                    case TooLongHttpLineException tooLong ->
                        Problem.of("uri-too-long", "The request line may have 8 KiB at most.");
                    case TooLongHttpHeaderException tooLong ->
                        Problem.of("headers-too-large", "The headers may have 16 KiB at most.");
                    case null, default -> Problem.of("invalid-request", "This is not a valid HTTP request.");
                });
        request.connection().close().otherwiseEmpty();
    }

    private static HttpServerOptions options(ServerConfig config) {
        return new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setIdleTimeout((int) IDLE_LIMIT.toSeconds())
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setHttp2ClearTextEnabled(false);
    }

    /** Why an address cannot be listened at, in one line. */
    public static String reason(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("unknown");
    }
}
