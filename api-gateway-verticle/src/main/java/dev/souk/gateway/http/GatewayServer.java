package dev.souk.gateway.http;

import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.RequestTarget;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.ProblemCatalogue;
import dev.souk.kit.config.ConfigurationException;
import io.netty.handler.codec.compression.StandardCompressionOptions;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.BindException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.StreamSupport;

/** The HTTP server: what holds for every request before it is routed, and how the server comes and goes. */
public final class GatewayServer {
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(10);
    /** A connection on which nothing moves for so long is closed. */
    public static final Duration IDLE_LIMIT = Duration.ofSeconds(60);

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_HEADERS = 100;
    private static final int MAX_LINE_BYTES = 8 * 1024;
    private static final int MAX_STREAMS = 100;
    private static final int COMPRESSION = 6;
    /** An operator asks these when nothing else works any more. */
    private static final Set<String> NEVER_LIMITED = Set.of("/health", "/ready");

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
        this.responder = new Responder(vertx, config.connections().answerDeadline());
        this.problems = new Problems(catalogue, responder, random);
        this.stations = stations;
        this.router = new ApiRouter(stations, config, responder, problems).bind(vertx, contract, handlers);
        this.server = vertx.createHttpServer(options(config))
                .connectionHandler(stations::connected)
                .requestHandler(this::accept)
                .invalidRequestHandler(this::refuseUnreadable);
    }

    /** Fails with a {@link ConfigurationException} if the address cannot be used. */
    public Future<Void> listen() {
        stations.open(vertx);
        return server.listen()
                .onSuccess(open -> listening = true)
                .recover(failure -> Future.failedFuture(unusable(failure)))
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
        if (Connections.isEnded(request.connection())) {
            return;
        }
        greet(request);
        RequestBody.hold(request);
        if (hasNamelessHeader(request)) {
            refuseHead(request, Problem.of("invalid-request", "A header has no name."));
        } else if (!RequestBody.hasCertainEnd(request)) {
            refuseHead(request, Problem.of("invalid-request", "Transfer-Encoding may be chunked, and nothing else."));
        } else if (hasTooManyHeaders(request)) {
            refuseHead(request, Problem.of("headers-too-large", "There may be " + MAX_HEADERS + " headers at most."));
        } else if (cors.isPreflight(request)) {
            responder.send(request, cors.preflight());
        } else if (!RequestTarget.isWellFormed(request.path())) {
            problems.tell(request, Problem.of("invalid-request", "The request line is malformed."));
        } else {
            limited(request).ifPresentOrElse(problem -> problems.tell(request, problem), () -> router.handle(request));
        }
    }

    /** Before anything that costs more than counting. */
    private Optional<Problem> limited(HttpServerRequest request) {
        return NEVER_LIMITED.contains(request.path())
                ? Optional.empty()
                : stations.limited(
                        request.connection(),
                        request.headers(),
                        request.response().headers());
    }

    private void greet(HttpServerRequest request) {
        ids.assign(request);
        SecurityHeaders.put(request.response().headers(), config.tls().isPresent());
        cors.apply(request);
    }

    private static boolean hasNamelessHeader(HttpServerRequest request) {
        return request.headers().contains("");
    }

    private static boolean hasTooManyHeaders(HttpServerRequest request) {
        return StreamSupport.stream(request.headers().spliterator(), false)
                        .limit(MAX_HEADERS + 1)
                        .count()
                > MAX_HEADERS;
    }

    /** What is not HTTP, or too long. */
    private void refuseUnreadable(HttpServerRequest request) {
        greet(request);
        refuseHead(
                request,
                switch (request.decoderResult().cause()) {
                    case TooLongHttpLineException tooLong ->
                        Problem.of("uri-too-long", "The request line may have 8 KiB at most.");
                    case TooLongHttpHeaderException tooLong ->
                        Problem.of("headers-too-large", "The headers may have 16 KiB at most.");
                    case null, default -> Problem.of("invalid-request", "This is not a valid HTTP request.");
                });
    }

    /** What follows on the connection cannot be trusted. */
    private void refuseHead(HttpServerRequest request, Problem problem) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader("Connection", "close");
            Connections.end(request.connection());
        }
        problems.tell(request, problem);
        request.connection().close().otherwiseEmpty();
    }

    private ConfigurationException unusable(Throwable failure) {
        String what = config.tls().isPresent() && !(failure instanceof BindException)
                ? "SOUK_HTTP_TLS_CERT, SOUK_HTTP_TLS_KEY: cannot be used to listen on "
                : "SOUK_HTTP_PORT: cannot listen on ";
        return new ConfigurationException(what + config.host() + ":" + config.port() + " (" + reason(failure) + ")");
    }

    private static HttpServerOptions options(ServerConfig config) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setIdleTimeout((int) IDLE_LIMIT.toSeconds())
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setMaxInitialLineLength(MAX_LINE_BYTES)
                .setHttp2ClearTextEnabled(false)
                .setInitialSettings(
                        new Http2Settings().setMaxConcurrentStreams(MAX_STREAMS).setMaxHeaderListSize(MAX_HEADER_BYTES))
                .setCompressionSupported(true)
                .addCompressor(StandardCompressionOptions.gzip(COMPRESSION, 15, 8));
        config.tls()
                .ifPresent(tls -> options.setSsl(true)
                        .setUseAlpn(true)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertPath(tls.certificate().toString())
                                .addKeyPath(tls.key().toString())));
        return options;
    }

    /** Why an address cannot be listened at, in one line. */
    public static String reason(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("unknown");
    }
}
