package dev.souk.kit.db;

import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/**
 * Group commit: what arrives while a transaction runs is committed together by the next one. There is no timer and no
 * added wait; an idle service commits a batch of one at once. Callers see an ordinary future, each with the outcome of its
 * own item.
 *
 * <p>The items must be idempotent by a key of their own, because a batch whose commit was not answered may have happened:
 * its callers get the failure, and ask again. An item with a value that the database refuses fails alone: its batch was
 * rolled back, and is tried again in halves until it stands by itself.
 *
 * <p>Used from one event loop.
 */
public final class GroupCommit<Q, R> {
    private final Function<List<Q>, Future<List<R>>> transaction;
    private final int mostInBatch;
    private final int mostWaiting;
    private final Deque<Item<Q, R>> waiting = new ArrayDeque<>();
    private boolean running;

    private record Item<Q, R>(Q request, Deadline deadline, Promise<R> outcome) {}

    /**
     * @param transaction does a batch in one transaction, and answers with one outcome for each item, in their order; an
     *     item may stand in a batch twice
     */
    public GroupCommit(int mostInBatch, int mostWaiting, Function<List<Q>, Future<List<R>>> transaction) {
        this.mostInBatch = mostInBatch;
        this.mostWaiting = mostWaiting;
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
        if (running) {
            return;
        }
        List<Item<Q, R>> batch = takeBatch();
        if (batch.isEmpty()) {
            return;
        }
        running = true;
        commit(batch).onComplete(done -> {
            running = false;
            commitNext();
        });
    }

    private List<Item<Q, R>> takeBatch() {
        List<Item<Q, R>> batch = new ArrayList<>();
        while (batch.size() < mostInBatch && !waiting.isEmpty()) {
            Item<Q, R> item = waiting.remove();
            if (item.deadline().hasPassed()) {
                item.outcome().fail(overloaded());
            } else {
                batch.add(item);
            }
        }
        return batch;
    }

    /** Ends, always with success, when every item of the batch has its outcome. */
    private Future<Void> commit(List<Item<Q, R>> batch) {
        return Future.succeededFuture(batch.stream().map(Item::request).toList())
                .compose(transaction)
                .map(outcomes -> tell(batch, outcomes))
                .recover(failure -> batch.size() > 1 && SqlFailures.isRefusedValue(failure)
                        ? commitHalves(batch)
                        : fail(batch, failure));
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
            batch.get(index).outcome().complete(outcomes.get(index));
        }
        return null;
    }

    private static <Q, R> Future<Void> fail(List<Item<Q, R>> batch, Throwable failure) {
        batch.forEach(item -> item.outcome().tryFail(failure));
        return Future.succeededFuture();
    }

    private static Fault overloaded() {
        return Fault.of(Fault.Code.OVERLOADED, "There is too much to do at the moment; nothing was done.");
    }
}
