package dev.souk.sandbox;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles requests one after the other, in the order of their coming, and tells nobody an outcome before its entry is
 * on the disk. What arrives while the disk is busy is written and synced together by the next append. What it shows
 * ({@link #standing}, {@link #entries}) is on the disk too.
 *
 * <p>Used from one event loop.
 */
final class Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
    private static final int MOST_IN_BATCH = 512;
    private static final int MOST_WAITING = 4_096;

    private final WorkerExecutor disk;
    private final Journal journal;
    private final Book book;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private final Deque<Item> waiting = new ArrayDeque<>();
    private final Promise<Void> idle = Promise.promise();
    private boolean settling;
    private boolean closed;

    private record Item(Request request, Promise<Outcome> outcome) {}

    private Ledger(WorkerExecutor disk, Journal journal, Book book, Clock clock, Supplier<UUID> ids) {
        this.disk = disk;
        this.journal = journal;
        this.book = book;
        this.clock = clock;
        this.ids = ids;
    }

    /** Fails with a {@link dev.souk.kit.config.ConfigurationException} if the folder cannot be used. */
    static Future<Ledger> open(Vertx vertx, Path folder, Clock clock, Supplier<UUID> ids) {
        WorkerExecutor disk = vertx.createSharedWorkerExecutor("sandbox-ledger-" + folder, 1);
        Book book = Book.empty();
        return disk.executeBlocking(() -> Journal.open(folder, book::write))
                .map(journal -> new Ledger(disk, journal, book, clock, ids))
                .onFailure(failure -> disk.close());
    }

    /** The request's outcome, for good. Fails with {@link LedgerUnavailable} if nothing could be settled. */
    Future<Outcome> settle(Request request) {
        if (closed) {
            return Future.failedFuture(new LedgerUnavailable("The sandbox is stopping; nothing was done."));
        }
        if (waiting.size() >= MOST_WAITING) {
            return Future.failedFuture(new LedgerUnavailable("There is too much to do; nothing was done."));
        }
        Item item = new Item(request, Promise.promise());
        waiting.add(item);
        settleNext();
        return item.outcome().future();
    }

    /** What has become of a charge's key; empty if it is not known. */
    Optional<Standing> standing(String chargeKey) {
        return book.standing(chargeKey);
    }

    /** Every entry ever made, in order. Grows while one looks at it. */
    List<Entry> entries() {
        return book.entries();
    }

    /** Settles what is waiting, then lets the file and the folder go. */
    Future<Void> close() {
        closed = true;
        endIfIdle();
        return idle.future()
                .compose(done -> disk.executeBlocking(() -> {
                    journal.close();
                    return null;
                }))
                .eventually(disk::close)
                .mapEmpty();
    }

    private void settleNext() {
        if (settling || waiting.isEmpty()) {
            return;
        }
        settling = true;
        List<Item> batch = takeBatch();
        settle(batch).onComplete(settled -> {
            settling = false;
            tell(batch, settled);
            settleNext();
            endIfIdle();
        });
    }

    private void endIfIdle() {
        if (closed && !settling && waiting.isEmpty()) {
            idle.tryComplete();
        }
    }

    /** Decides in a draft, and takes it over once it is on the disk. */
    private Future<List<Outcome>> settle(List<Item> batch) {
        Book draft = book.draft();
        return Future.succeededFuture(batch)
                .map(items -> items.stream()
                        .map(item -> decide(draft, item.request()))
                        .toList())
                .compose(outcomes -> append(draft.entries()).map(outcomes))
                .map(outcomes -> {
                    draft.entries().forEach(book::write);
                    return outcomes;
                });
    }

    private List<Item> takeBatch() {
        List<Item> batch = new ArrayList<>();
        while (batch.size() < MOST_IN_BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        return batch;
    }

    private Outcome decide(Book draft, Request request) {
        LedgerRules.Stamp stamp =
                new LedgerRules.Stamp(draft.nextSeq(), ids.get().toString(), clock.instant());
        LedgerRules.Decision decision = LedgerRules.decide(draft, request, stamp);
        decision.entry().ifPresent(draft::write);
        return decision.outcome();
    }

    private Future<Void> append(List<Entry> entries) {
        if (entries.isEmpty()) {
            return Future.succeededFuture();
        }
        return disk.executeBlocking(() -> {
            journal.append(entries);
            return null;
        });
    }

    private static void tell(List<Item> batch, AsyncResult<List<Outcome>> settled) {
        if (settled.succeeded()) {
            for (int index = 0; index < batch.size(); index++) {
                batch.get(index).outcome().complete(settled.result().get(index));
            }
        } else {
            LOG.error("the ledger could not be written: {}", settled.cause().toString());
            LedgerUnavailable unavailable = new LedgerUnavailable("The ledger cannot be written at the moment.");
            batch.forEach(item -> item.outcome().fail(unavailable));
        }
    }
}
