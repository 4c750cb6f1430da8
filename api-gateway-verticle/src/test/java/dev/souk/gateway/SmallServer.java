package dev.souk.gateway;

import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiHandler;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.http.Authenticator;
import dev.souk.gateway.http.ConnectionConfig;
import dev.souk.gateway.http.GatewayServer;
import dev.souk.gateway.http.ServerConfig;
import dev.souk.gateway.http.Stations;
import dev.souk.gateway.http.TlsConfig;
import dev.souk.gateway.http.TrustedProxies;
import dev.souk.gateway.limit.LimitConfig;
import dev.souk.gateway.limit.RateLimits;
import dev.souk.gateway.overload.Admission;
import dev.souk.gateway.problem.ProblemCatalogue;
import dev.souk.kit.testing.ServiceFixture;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The gateway's HTTP server with a contract of its own, whose answers are as small and as large as tests need them. */
final class SmallServer {
    static final Buffer SMALL = Buffer.buffer("small");
    /** More than the systems between two sockets hold. */
    static final Buffer LARGE = Buffer.buffer("0123456789abcde\n".repeat(512 * 1024));

    private static final Contract CONTRACT = Contract.parse("""
            paths:
              /small:
                get: {operationId: small, security: []}
              /large:
                get: {operationId: large, security: []}
              /old:
                get: {operationId: old, security: [], deprecated: true, x-souk-sunset: 2027-05-01}
              /endless:
                get: {operationId: endless, security: []}
              /body:
                post:
                  operationId: body
                  security: []
                  requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
            """);
    private static final Duration PATIENT = Duration.ofSeconds(50);
    private static final int MANY = 1_000;

    private final AtomicInteger served = new AtomicInteger();
    private final ServerConfig config;
    private GatewayServer server;

    private SmallServer(ServerConfig config) {
        this.config = config;
    }

    /** One that waits for nobody longer than said, and for everything else than that for long. */
    static SmallServer impatient(Vertx vertx, Duration head, Duration body, Duration answer) {
        return start(vertx, new ConnectionConfig(MANY, MANY, head, body, answer), Optional.empty());
    }

    static SmallServer bounded(Vertx vertx, int connections, int ofAddress) {
        ConnectionConfig bounds = new ConnectionConfig(connections, ofAddress, PATIENT, PATIENT, PATIENT);
        return start(vertx, bounds, Optional.empty());
    }

    static SmallServer patient(Vertx vertx) {
        return bounded(vertx, MANY, MANY);
    }

    static SmallServer start(Vertx vertx, ConnectionConfig connections, Optional<TlsConfig> tls) {
        SmallServer small = new SmallServer(new ServerConfig(
                "127.0.0.1", 0, List.of(), Duration.ofSeconds(10), tls, new TrustedProxies(List.of()), connections));
        ServiceFixture.await(vertx.deployVerticle(small.verticle()));
        return small;
    }

    int port() {
        return server.port();
    }

    /** How many requests were handled. */
    int served() {
        return served.get();
    }

    private VerticleBase verticle() {
        return new VerticleBase() {
            @Override
            public Future<?> start() {
                server = new GatewayServer(
                        vertx,
                        config,
                        UUID::randomUUID,
                        CONTRACT,
                        ProblemCatalogue.load(),
                        new Random(42),
                        new Stations(
                                config,
                                new RateLimits(
                                        new LimitConfig(false, 1, 1, 1, 1, 1), () -> 1, TimeMeter.SYSTEM_NANOTIME),
                                new Admission(new Random(42)),
                                new Authenticator(null)),
                        handlers());
                return server.listen();
            }
        };
    }

    private Map<String, ApiHandler> handlers() {
        return Map.of(
                "small", request -> text(SMALL),
                "large", request -> text(LARGE),
                "old", request -> text(SMALL),
                "body", request -> text(SMALL),
                "endless", this::endless);
    }

    private Future<Answer> text(Buffer content) {
        served.incrementAndGet();
        return Future.succeededFuture(Answer.content("text/plain", content));
    }

    /** Writes whenever there is room. */
    private Future<Answer> endless(ApiRequest request) {
        return Future.succeededFuture(Answer.stream("text/event-stream", SmallServer::writeOn));
    }

    private static void writeOn(HttpServerResponse response) {
        response.drainHandler(room -> writeOn(response)).exceptionHandler(gone -> response.drainHandler(null));
        while (!response.closed() && !response.writeQueueFull()) {
            response.write(LARGE).otherwiseEmpty();
        }
    }
}
