package dev.souk.kit.bus;

import dev.souk.contracts.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * Lets a bounded number of pieces of work run at once. What comes on top waits its turn in a bounded line, and is dropped
 * undone when its deadline passes before that: a burst is worked off at the rate that the machine has, instead of having
 * everything wait for everything until it is too late for all. Used from one event loop.
 */
public final class Bulkhead {
    private final String name;
    private final int mostRunning;
    private final int mostWaiting;
    private final Queue<Waiting> line = new ArrayDeque<>();
    private int running;

    private record Waiting(Deadline deadline, Promise<Void> turn) {}

    /** @param name what is protected, for the client's eyes */
    public Bulkhead(String name, int mostRunning, int mostWaiting) {
        this.name = name;
        this.mostRunning = mostRunning;
        this.mostWaiting = mostWaiting;
    }

    /** Runs the work when there is room. Fails with {@code OVERLOADED}, nothing done, if there is none in time. */
    public <T> Future<T> run(Deadline deadline, Supplier<Future<T>> work) {
        return admit(deadline)
                .compose(admitted ->
                        Future.<T>future(done -> work.get().onComplete(done)).onComplete(finished -> release()));
    }

    private Future<Void> admit(Deadline deadline) {
        if (running < mostRunning) {
            running++;
            return Future.succeededFuture();
        }
        if (line.size() >= mostWaiting) {
            return Future.failedFuture(overloaded());
        }
        Waiting waiting = new Waiting(deadline, Promise.promise());
        line.add(waiting);
        return waiting.turn().future();
    }

    private void release() {
        running--;
        while (running < mostRunning && !line.isEmpty()) {
            Waiting next = line.remove();
            if (next.deadline().hasPassed()) {
                next.turn().fail(overloaded());
            } else {
                running++;
                next.turn().complete();
            }
        }
    }

    private Fault overloaded() {
        return Fault.of(Fault.Code.OVERLOADED, "There are too many " + name + " at the moment; nothing was done.");
    }
}
