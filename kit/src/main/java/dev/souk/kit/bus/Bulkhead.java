package dev.souk.kit.bus;

import dev.souk.contracts.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Lets a bounded number of pieces of work run at once. What comes on top waits in a bounded line, and is dropped undone when
 * its deadline passes before its turn: a burst is worked off at the rate that the machine has, instead of having everything
 * wait for everything until it is too late for all. Used from one event loop.
 *
 * <p>The line moves {@linkplain #inTurn in turn}, or the {@linkplain #newestFirst newest goes first}. When more comes for
 * long than can be done, a line in turn only ever serves those whose clients have nearly given up; newest first, what is
 * served at all is served quickly (B. Maurer, "Fail at Scale", ACM Queue 13(8), 2015).
 */
public final class Bulkhead {
    private final String name;
    private final AdaptiveLimit limit;
    private final int mostWaiting;
    private final Optional<Duration> span;
    private final Deque<Waiting> line = new ArrayDeque<>();

    private record Waiting(long since, Deadline deadline, Promise<Void> turn) {}

    private Bulkhead(String name, AdaptiveLimit limit, int mostWaiting, Optional<Duration> span) {
        this.name = name;
        this.limit = limit;
        this.mostWaiting = mostWaiting;
        this.span = span;
    }

    /** @param name what is protected, for the client's eyes */
    public static Bulkhead inTurn(String name, int mostRunning, int mostWaiting) {
        return new Bulkhead(name, new AdaptiveLimit(mostRunning, mostRunning, 0), mostWaiting, Optional.empty());
    }

    /**
     * @param limit how many run at once; whoever runs tells it how that went
     * @param span what came so much earlier than something that runs is dropped: nobody waits behind an overload that goes
     *     on, while all that came together has its turn
     */
    public static Bulkhead newestFirst(String name, AdaptiveLimit limit, int mostWaiting, Duration span) {
        return new Bulkhead(name, limit, mostWaiting, Optional.of(span));
    }

    /** Runs the work when there is room. Fails with {@code OVERLOADED}, nothing done, if there is none in time. */
    public <T> Future<T> run(Deadline deadline, Supplier<Future<T>> work) {
        return admit(deadline)
                .compose(admitted ->
                        Future.<T>future(done -> work.get().onComplete(done)).onComplete(finished -> release()));
    }

    private Future<Void> admit(Deadline deadline) {
        if (limit.enter()) {
            return Future.succeededFuture();
        }
        if (line.size() >= mostWaiting) {
            return Future.failedFuture(overloaded());
        }
        Waiting waiting = new Waiting(System.nanoTime(), deadline, Promise.promise());
        line.add(waiting);
        return waiting.turn().future();
    }

    private void release() {
        limit.leave();
        while (!line.isEmpty() && limit.enter()) {
            Waiting next = span.isPresent() ? line.removeLast() : line.removeFirst();
            if (next.deadline().hasPassed()) {
                limit.leave();
                next.turn().fail(overloaded());
            } else {
                span.ifPresent(most -> dropBefore(next.since() - most.toNanos()));
                next.turn().complete();
            }
        }
    }

    private void dropBefore(long moment) {
        while (!line.isEmpty() && line.getFirst().since() - moment < 0) {
            line.removeFirst().turn().fail(overloaded());
        }
    }

    private Fault overloaded() {
        return Fault.of(Fault.Code.OVERLOADED, "There are too many " + name + " at the moment; nothing was done.");
    }
}
