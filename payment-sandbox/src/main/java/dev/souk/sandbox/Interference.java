package dev.souk.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Puts the faults that are set at the moment around a request. */
final class Interference {
    private final Vertx vertx;
    private final RandomGenerator random;
    private Faults faults = Faults.NONE;

    Interference(Vertx vertx, RandomGenerator random) {
        this.vertx = vertx;
        this.random = random;
    }

    Faults faults() {
        return faults;
    }

    /** Holds for every request that comes from now on. */
    void set(Faults faults) {
        this.faults = faults;
    }

    Future<Reply> around(Supplier<Future<Reply>> work) {
        Faults.Fate fate = faults.draw(random);
        return latency().compose(waited -> switch (fate) {
            case SERVED -> work.get();
            case ERROR_BEFORE -> Future.succeededFuture(injected());
            case ERROR_AFTER -> work.get().transform(done -> Future.succeededFuture(injected()));
            case HANG -> work.get().transform(done -> Future.succeededFuture(new Reply.Silence()));
        });
    }

    private Future<Void> latency() {
        return faults.latencyMs() == 0
                ? Future.succeededFuture()
                : vertx.timer(faults.latencyMs(), TimeUnit.MILLISECONDS).mapEmpty();
    }

    private static Reply injected() {
        return Reply.Answer.error(500, "injected_fault", "This fault was asked for.");
    }
}
