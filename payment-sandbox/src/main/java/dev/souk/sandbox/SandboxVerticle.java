package dev.souk.sandbox;

import dev.souk.kit.config.ConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Wires the provider: its ledger, its faults and its HTTP server, all on one event loop. */
final class SandboxVerticle extends VerticleBase {
    private static final int IDLE_SECONDS = 60;

    private final SandboxConfig config;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private final RandomGenerator random;
    private Ledger ledger;
    private HttpServer server;

    SandboxVerticle(SandboxConfig config, Clock clock, Supplier<UUID> ids, RandomGenerator random) {
        this.config = config;
        this.clock = clock;
        this.ids = ids;
        this.random = random;
    }

    @Override
    public Future<?> start() {
        return Ledger.open(vertx, config.folder(), clock, ids)
                .onSuccess(opened -> ledger = opened)
                .compose(opened -> listen(opened)
                        .recover(failure -> opened.close().transform(closed -> Future.failedFuture(failure))));
    }

    @Override
    public Future<?> stop() {
        return server.close().eventually(ledger::close);
    }

    int port() {
        return server.actualPort();
    }

    private Future<HttpServer> listen(Ledger opened) {
        Interference interference = new Interference(vertx, random);
        Provider provider = new Provider(vertx, opened);
        HttpServerOptions options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setIdleTimeout(IDLE_SECONDS)
                .setHttp2ClearTextEnabled(false);
        server =
                vertx.createHttpServer(options).requestHandler(SandboxRoutes.of(vertx, provider, opened, interference));
        return server.listen()
                .recover(
                        failure -> Future.failedFuture(new ConfigurationException("SOUK_SANDBOX_PORT: cannot listen on "
                                + config.host() + ":" + config.port() + " (" + failure.getMessage() + ")")));
    }
}
