package dev.souk.order;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a test does to a service: how its operations go wrong, and how often each was asked for. Safe for all threads. */
final class Disturbances {
    /** Decides what becomes of an effect and of its answer. */
    interface Disturbance {
        <R> Future<R> answer(Supplier<R> effect);
    }

    private final Map<String, Disturbance> disturbed = new HashMap<>();
    private final Map<String, Integer> asked = new HashMap<>();
    private final List<Promise<?>> unanswered = new ArrayList<>();

    /** The operation does its work, but nobody hears of it. */
    synchronized void loseAnswersOf(Operation<?, ?> operation) {
        disturbed.put(operation.name(), new Disturbance() {
            @Override
            public <R> Future<R> answer(Supplier<R> effect) {
                effect.get();
                return never();
            }
        });
    }

    /** The operation cannot do its work at the moment, and says so. */
    synchronized void refuse(Operation<?, ?> operation) {
        disturbed.put(operation.name(), new Disturbance() {
            @Override
            public <R> Future<R> answer(Supplier<R> effect) {
                return Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "not now"));
            }
        });
    }

    /** The operation does its work, but says that it does not know. */
    synchronized void doubt(Operation<?, ?> operation) {
        disturbed.put(operation.name(), new Disturbance() {
            @Override
            public <R> Future<R> answer(Supplier<R> effect) {
                effect.get();
                return Future.failedFuture(Fault.of(Fault.Code.TIMEOUT, "nobody knows"));
            }
        });
    }

    /** The operation has a bug. */
    synchronized void breakDown(Operation<?, ?> operation) {
        disturbed.put(operation.name(), new Disturbance() {
            @Override
            public <R> Future<R> answer(Supplier<R> effect) {
                throw new IllegalStateException("broken for a test");
            }
        });
    }

    /** The operation does nothing before the gate opens. */
    synchronized void hold(Operation<?, ?> operation, Future<?> gate) {
        disturbed.put(operation.name(), new Disturbance() {
            @Override
            public <R> Future<R> answer(Supplier<R> effect) {
                return gate.map(opened -> effect.get());
            }
        });
    }

    /** The operation works as it should. */
    synchronized void mend(Operation<?, ?> operation) {
        disturbed.remove(operation.name());
    }

    /** How often the operation was asked for. */
    synchronized int asked(Operation<?, ?> operation) {
        return asked.getOrDefault(operation.name(), 0);
    }

    /** Whoever waits for an answer that never comes is told that the service went down. */
    synchronized void letGo() {
        unanswered.forEach(promise -> promise.tryFail(new IllegalStateException("went down")));
        unanswered.clear();
    }

    /** Answers as the test wants it. */
    <R> Future<R> answer(Operation<?, R> operation, Supplier<R> effect) {
        Disturbance disturbance = next(operation);
        return disturbance == null ? Future.succeededFuture(effect.get()) : disturbance.answer(effect);
    }

    private synchronized Disturbance next(Operation<?, ?> operation) {
        asked.merge(operation.name(), 1, Integer::sum);
        return disturbed.get(operation.name());
    }

    private synchronized <R> Future<R> never() {
        Promise<R> promise = Promise.promise();
        unanswered.add(promise);
        return promise.future();
    }
}
