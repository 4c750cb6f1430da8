package dev.souk.gateway.overload;

import com.netflix.concurrency.limits.Limiter;
import com.netflix.concurrency.limits.limit.AIMDLimit;
import com.netflix.concurrency.limits.limiter.SimpleLimiter;
import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.contract.Priority;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Decides, before anything of it is read, whether a request is let in. Each operation has a limit on how many of it run at
 * once, which shrinks when the services say that they have too much or do not answer in time, and grows again while they
 * answer (additive increase, multiplicative decrease); and when the gateway itself falls behind, the least important is shed
 * first. Used from one event loop.
 */
public final class Admission {
    private static final int MOST_AT_ONCE = 4_096;
    private static final int LEAST_AT_ONCE = 16;
    private static final double BACK_OFF = 0.9;
    private static final Duration TOO_SLOW = Duration.ofSeconds(10);

    private final Pressure pressure;
    private final Map<String, Limiter<Void>> limits = new HashMap<>();

    public Admission(RandomGenerator random) {
        this.pressure = new Pressure(random);
    }

    /** Begins to observe the calling event loop; it ends with it. */
    public void open(Vertx vertx) {
        pressure.observe(vertx);
    }

    /** Runs the work if the operation is let in; fails with {@code OVERLOADED}, nothing done, if it is not. */
    public <T> Future<T> admit(ContractOperation operation, Supplier<Future<T>> work) {
        if (operation.priority() == Priority.CONTROL) {
            return work.get();
        }
        Optional<Limiter.Listener> place = pressure.sheds(operation.priority())
                ? Optional.empty()
                : limits.computeIfAbsent(operation.id(), id -> limit()).acquire(null);
        return place.map(taken -> Future.succeededFuture()
                        .compose(admitted -> work.get())
                        .onSuccess(answer -> taken.onSuccess())
                        .onFailure(failure -> leave(taken, failure)))
                .orElseGet(() -> Future.failedFuture(
                        Fault.of(Fault.Code.OVERLOADED, "There is too much to do at the moment; nothing was done.")));
    }

    private static void leave(Limiter.Listener taken, Throwable failure) {
        if (isCongestion(failure)) {
            taken.onDropped();
        } else {
            taken.onIgnore();
        }
    }

    private static boolean isCongestion(Throwable failure) {
        return failure instanceof Fault fault
                && (fault.code() == Fault.Code.OVERLOADED || fault.code() == Fault.Code.TIMEOUT);
    }

    private static Limiter<Void> limit() {
        return SimpleLimiter.newBuilder()
                .limit(AIMDLimit.newBuilder()
                        .initialLimit(MOST_AT_ONCE)
                        .minLimit(LEAST_AT_ONCE)
                        .maxLimit(MOST_AT_ONCE)
                        .backoffRatio(BACK_OFF)
                        .timeout(TOO_SLOW.toNanos(), TimeUnit.NANOSECONDS)
                        .build())
                .build();
    }
}
