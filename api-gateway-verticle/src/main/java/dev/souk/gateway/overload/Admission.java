package dev.souk.gateway.overload;

import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.contract.Priority;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Decides, before anything of it is read, whether a request is let in. Each operation has a limit on how many of it run at
 * once, which shrinks when the services say that they have too much or do not answer in time, and grows again while they
 * answer; and when the gateway itself falls behind, the least important is shed first. Used from one event loop.
 */
public final class Admission {
    private final Pressure pressure;
    private final Map<String, AdaptiveLimit> limits = new HashMap<>();

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
        if (pressure.sheds(operation.priority())) {
            return overloaded();
        }
        AdaptiveLimit limit = limits.computeIfAbsent(operation.id(), id -> new AdaptiveLimit());
        long number = limit.enter();
        return number < 0
                ? overloaded()
                : Future.succeededFuture()
                        .compose(admitted -> work.get())
                        .onSuccess(answer -> limit.served())
                        .onFailure(failure -> leave(limit, number, failure));
    }

    private static void leave(AdaptiveLimit limit, long number, Throwable failure) {
        if (isCongestion(failure)) {
            limit.tooMuch(number);
        } else {
            limit.left();
        }
    }

    private static boolean isCongestion(Throwable failure) {
        return failure instanceof Fault fault
                && (fault.code() == Fault.Code.OVERLOADED || fault.code() == Fault.Code.TIMEOUT);
    }

    private static <T> Future<T> overloaded() {
        return Future.failedFuture(
                Fault.of(Fault.Code.OVERLOADED, "There is too much to do at the moment; nothing was done."));
    }
}
