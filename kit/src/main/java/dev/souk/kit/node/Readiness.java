package dev.souk.kit.node;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.function.Supplier;

/** Whether this node should be given work: every check passes and it is not on its way out. */
public final class Readiness {
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(2);

    private final HealthChecks checks;
    private volatile boolean draining;

    public Readiness(Vertx vertx) {
        this.checks = HealthChecks.create(vertx);
        checks.register("accepting-work", result -> result.complete(draining ? Status.KO() : Status.OK()));
    }

    /** Adds a check that passes when its future succeeds. It must be cheap: it runs whenever somebody asks. */
    public void register(String name, Supplier<Future<?>> check) {
        checks.register(
                name,
                CHECK_LIMIT.toMillis(),
                result -> check.get().onComplete(done -> {
                    if (done.succeeded()) {
                        result.tryComplete(Status.OK());
                    } else {
                        result.tryComplete(Status.KO());
                    }
                }));
    }

    /** From now on not ready: the first step of a clean stop. */
    public void drain() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }

    /** All checks, for a handler that shows them. */
    public HealthChecks checks() {
        return checks;
    }
}
