package dev.souk.kit.node;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.healthchecks.HealthCheckHandler;
import java.io.IOException;
import java.util.Map;

/** The port that operators and orchestrators ask: {@code /health}, {@code /ready} and {@code /metrics}. */
final class ManagementServer {
    private static final int PORTS_TRIED = 100;

    private ManagementServer() {}

    /** Listens on the first free port from the configured one on. */
    static Future<HttpServer> start(
            Vertx vertx, NodeConfig config, Readiness readiness, PrometheusMeterRegistry meters) {
        Router router = Router.router(vertx);
        router.get("/health").handler(context -> context.json(Map.of("status", "UP")));
        router.get("/ready").handler(HealthCheckHandler.createWithHealthChecks(readiness.checks()));
        router.get("/metrics")
                .blockingHandler(
                        context -> context.response()
                                .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                                .end(meters.scrape()),
                        false);
        return listen(vertx, router, config.managementHost(), config.managementPort(), PORTS_TRIED);
    }

    private static Future<HttpServer> listen(Vertx vertx, Router router, String host, int port, int attempts) {
        HttpServerOptions options =
                new HttpServerOptions().setHost(host).setPort(port).setIdleTimeout(30);
        return vertx.createHttpServer(options)
                .requestHandler(router)
                .listen()
                .recover(failure -> failure instanceof IOException && attempts > 1 && port < 65_535
                        ? listen(vertx, router, host, port + 1, attempts - 1)
                        : Future.failedFuture(failure));
    }
}
