package dev.souk.kit.db;

import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: what arrives while a transaction runs is committed together by the next one. An idle service commits a
 * batch of one at once. A busy one lets some time pass from one beginning to the next, so that what comes one by one
 * shares transactions too, instead of paying for one each; a batch that is full does not wait. Callers see an ordinary
 * future, each with the outcome of its own item.
 *
 * <p>The transaction must be idempotent by a key of each item, stored by that same transaction: run again after it has
 * happened, it gives each item the outcome that it had. A batch whose commit was not answered, which may or may not have
 * happened, is run again for as long as somebody waits for it.
 *
 * <p>An item that the database or the work itself refuses fails alone: its batch was rolled back, and is tried again in
 * halves, in order, until the guilty item stands by itself.
 *
 * <p>Used from one event loop.
 */
public final class GroupCommit<Q, R> {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(500);

    private final Vertx vertx;
    private final Function<List<Q>, Future<List<R>>> transaction;
    private final int mostInBatch;
    private final int mostWaiting;
    private final long interval;
    private final Deque<Item<Q, R>> waiting = new ArrayDeque<>();
    private long lastBegin;
    private boolean running;
    private boolean resting;

    private record Item<Q, R>(Q request, Deadline deadline, Promise<R> outcome) {}

    /**
     * @param interval how much time passes at least between the beginnings of two transactions
     * @param transaction does a batch in one transaction, and answers with one outcome for each item, in their order; an
     *     item may stand in a batch twice
     */
    public GroupCommit(
            Vertx vertx,
            int mostInBatch,
            int mostWaiting,
            Duration interval,
            Function<List<Q>, Future<List<R>>> transaction) {
        this.vertx = vertx;
        this.mostInBatch = mostInBatch;
        this.mostWaiting = mostWaiting;
        this.interval = interval.toNanos();
        this.lastBegin = System.nanoTime() - this.interval;
        this.transaction = transaction;
    }

    /** The item's outcome once it is committed. Fails with {@code OVERLOADED}, nothing done, if it has no room or time. */
    public Future<R> submit(Q request, Deadline deadline) {
        if (waiting.size() >= mostWaiting) {
            return Future.failedFuture(overloaded());
        }
        Item<Q, R> item = new Item<>(request, deadline, Promise.promise());
        waiting.add(item);
        commitNext();
        return item.outcome().future();
    }

    private void commitNext() {
        if (running || waiting.isEmpty()) {
            return;
        }
        long early = lastBegin + interval - System.nanoTime();
        if (early > 0 && waiting.size() < mostInBatch) {
            rest(early);
            return;
        }
        running = true;
        lastBegin = System.nanoTime();
        List<Item<Q, R>> batch = takeBatch();
        if (batch.isEmpty()) {
            running = false;
            return;
        }
        commit(batch).recover(failure -> fail(batch, failure)).onComplete(done -> {
            running = false;
            commitNext();
        });
    }

    private void rest(long nanos) {
        if (!resting) {
            resting = true;
            vertx.timer(nanos, TimeUnit.NANOSECONDS).onComplete(rested -> {
                resting = false;
                commitNext();
            });
        }
    }

    private List<Item<Q, R>> takeBatch() {
        List<Item<Q, R>> batch = new ArrayList<>();
        while (batch.size() < mostInBatch && !waiting.isEmpty()) {
            Item<Q, R> item = waiting.remove();
            if (item.deadline().hasPassed()) {
                fail(List.of(item), overloaded());
            } else {
                batch.add(item);
            }
        }
        return batch;
    }

    /** Whoever waits behind a batch that cannot be committed hears in time that it is too late. */
    private void dropLate() {
        List<Item<Q, R>> late = new ArrayList<>();
        for (int unseen = waiting.size(); unseen > 0; unseen--) {
            Item<Q, R> item = waiting.remove();
            (item.deadline().hasPassed() ? late : waiting).add(item);
        }
        fail(late, overloaded());
    }

    /** Ends, always with success, when every item of the batch has its outcome. */
    private Future<Void> commit(List<Item<Q, R>> batch) {
        return commit(batch, FIRST_PAUSE);
    }

    private Future<Void> commit(List<Item<Q, R>> batch, Duration pause) {
        return Future.succeededFuture(batch.stream().map(Item::request).toList())
                .compose(transaction)
                .map(outcomes -> tell(batch, outcomes))
                .recover(failure -> {
                    if (SqlFailures.isPassing(failure)) {
                        return commitAgain(batch, pause, failure);
                    }
                    return batch.size() > 1 && SqlFailures.isOfOneItem(failure)
                            ? commitHalves(batch)
                            : fail(batch, failure);
                });
    }

    /** The commit may have happened: whoever still waits gets the outcome that his item's key tells of. */
    private Future<Void> commitAgain(List<Item<Q, R>> batch, Duration pause, Throwable failure) {
        return vertx.timer(pause.toMillis(), TimeUnit.MILLISECONDS).compose(waited -> {
            dropLate();
            Map<Boolean, List<Item<Q, R>>> byPatience = batch.stream()
                    .collect(Collectors.partitioningBy(item -> item.deadline().hasPassed()));
            fail(byPatience.get(true), failure);
            List<Item<Q, R>> patient = byPatience.get(false);
            Duration longer = pause.multipliedBy(2);
            return patient.isEmpty()
                    ? Future.succeededFuture()
                    : commit(patient, longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE);
        });
    }

    private Future<Void> commitHalves(List<Item<Q, R>> batch) {
        int middle = batch.size() / 2;
        return commit(batch.subList(0, middle)).compose(first -> commit(batch.subList(middle, batch.size())));
    }

    private static <Q, R> Void tell(List<Item<Q, R>> batch, List<R> outcomes) {
        if (outcomes.size() != batch.size()) {
            throw new IllegalStateException(outcomes.size() + " outcomes for " + batch.size() + " items");
        }
        for (int index = 0; index < outcomes.size(); index++) {
            Promise<R> waitedFor = batch.get(index).outcome();
            R outcome = outcomes.get(index);
            answer(() -> waitedFor.tryComplete(outcome));
        }
        return null;
    }

    private static <Q, R> Future<Void> fail(List<Item<Q, R>> batch, Throwable failure) {
        batch.forEach(item -> answer(() -> item.outcome().tryFail(failure)));
        return Future.succeededFuture();
    }

    /** A caller that stumbles over its answer must not take the others' answers with it. */
    private static void answer(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            LOG.error("a caller failed when it was told what became of its write", e);
        }
    }

    private static Fault overloaded() {
        return Fault.of(Fault.Code.OVERLOADED, "There is too much to do at the moment; nothing was done.");
    }
}
