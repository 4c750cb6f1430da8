package dev.souk.sandbox;

import com.github.f4b6a3.uuid.UuidCreator;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Random;

/**
 * A running payment provider. What it answered is in its ledger on the disk and is answered the same after any end of
 * this process; a request that it never answered had its effect or had none, and the same key asked again tells which.
 */
public final class Sandbox {
    private static final Duration TICK = Duration.ofNanos(1_000);

    private final Vertx vertx;
    private final String deployment;
    private final int port;
    private Future<Void> closing;

    private Sandbox(Vertx vertx, String deployment, int port) {
        this.vertx = vertx;
        this.deployment = deployment;
        this.port = port;
    }

    /**
     * Succeeds when it takes requests. Fails, holding nothing, with a
     * {@link dev.souk.kit.config.ConfigurationException} of one line if the folder is in use by another sandbox, holds
     * a ledger that cannot be read or cannot be written, or if the address cannot be listened on.
     */
    public static Future<Sandbox> start(Vertx vertx, SandboxConfig config) {
        SandboxVerticle verticle = new SandboxVerticle(
                config, Clock.tick(Clock.systemUTC(), TICK), UuidCreator::getTimeOrderedEpoch, new Random());
        return vertx.deployVerticle(verticle).map(deployment -> new Sandbox(vertx, deployment, verticle.port()));
    }

    /** The port it listens on, which tells what was chosen when any was asked for. */
    public int port() {
        return port;
    }

    /** Cuts every connection, ends the writing that runs, and gives the folder free. Again: the same. */
    public synchronized Future<Void> close() {
        if (closing == null) {
            closing = vertx.undeploy(deployment);
        }
        return closing;
    }
}
