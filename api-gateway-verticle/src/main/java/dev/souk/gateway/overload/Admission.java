package dev.souk.gateway.overload;

import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.contract.Priority;
import dev.souk.kit.bus.AdaptiveLimit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Decides whether a request is let in: before its body is read, and once more when it has been. Each operation has a limit on
 * how many of it run at once, which shrinks when the services say that they have too much or do not answer in time, and grows
 * again while they answer; and when the gateway itself falls behind, the least important is shed first. Browsing, which waits
 * for nobody outside of the shop, has been too much when it took long: it gives way before those who buy come to feel it. Used
 * from one event loop.
 */
public final class Admission {
    private static final int MOST = 4_096;
    private static final int LEAST = 32;
    /** Orders have a line of their own, behind the gateway, where those who came together all get their turn. */
    private static final int LEAST_CHECKOUT = 256;

    private static final int MORE = 8;
    /** Many times what it takes when nothing else is done, and little for somebody who looks at a page. */
    private static final Duration BROWSED_WITHIN = Duration.ofMillis(100);

    /** What waits for others may take whatever it takes. */
    private static final Duration WHENEVER = Duration.ofDays(1);

    private final Pressure pressure;
    private final Duration browsedWithin;
    private final Map<String, AdaptiveLimit> limits = new HashMap<>();

    public Admission(RandomGenerator random) {
        this(new Pressure(random), BROWSED_WITHIN);
    }

    Admission(Pressure pressure, Duration browsedWithin) {
        this.pressure = pressure;
        this.browsedWithin = browsedWithin;
    }

    /** Begins to observe the calling event loop; it ends with it. */
    public void open(Vertx vertx) {
        pressure.observe(vertx);
    }

    /**
     * Reads the request and does the work if the operation is let in; fails with {@code OVERLOADED}, nothing read or nothing
     * done, if it is not. Whoever sends slowly takes no room from others while he does.
     */
    public <R, T> Future<T> admit(
            ContractOperation operation, Supplier<Future<R>> reading, Function<R, Future<T>> work) {
        Priority priority = operation.priority();
        if (priority == Priority.CONTROL) {
            return read(reading).compose(work);
        }
        AdaptiveLimit limit = limits.computeIfAbsent(operation.id(), id -> limit(priority));
        if (pressure.sheds(priority) || !limit.hasRoom()) {
            return overloaded(priority);
        }
        return read(reading).compose(request -> run(limit, priority, request, work));
    }

    private static AdaptiveLimit limit(Priority priority) {
        return new AdaptiveLimit(priority == Priority.CHECKOUT ? LEAST_CHECKOUT : LEAST, MOST, MORE);
    }

    private static <R> Future<R> read(Supplier<Future<R>> reading) {
        return Future.succeededFuture().compose(letIn -> reading.get());
    }

    private <R, T> Future<T> run(AdaptiveLimit limit, Priority priority, R request, Function<R, Future<T>> work) {
        if (!limit.enter()) {
            return overloaded(priority);
        }
        long began = System.nanoTime();
        return Future.succeededFuture(request).compose(work).onComplete(answer -> {
            if (limit.learn(began, within(priority), answer.cause())) {
                refused(priority);
            }
            limit.leave();
        });
    }

    private Duration within(Priority priority) {
        return priority == Priority.BROWSING ? browsedWithin : WHENEVER;
    }

    private void refused(Priority priority) {
        if (priority == Priority.CHECKOUT) {
            pressure.checkoutRefused();
        }
    }

    private <T> Future<T> overloaded(Priority priority) {
        refused(priority);
        return Future.failedFuture(
                Fault.of(Fault.Code.OVERLOADED, "There is too much to do at the moment; nothing was done."));
    }
}
