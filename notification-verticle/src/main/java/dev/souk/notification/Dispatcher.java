package dev.souk.notification;

import dev.souk.kit.bus.Timers;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off rows of a table together with all other instances: claims what is due, works on a bounded number at once, and
 * looks again whenever one is done. Woken when there is something new; a slow poll finds the rest, also what an instance
 * that died has left behind. All state is in the table. Used from one event loop.
 */
final class Dispatcher<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final String name;
    private final int mostAtOnce;
    private final Work<T> work;
    private final Promise<Void> idle = Promise.promise();
    private long poll = Timers.NONE;
    private int running;
    private boolean claiming;
    private boolean again;
    private boolean stopping;

    /** What is done with rows. */
    interface Work<T> {
        /** Takes rows that are due, so that nobody else does for as long as one attempt may last. */
        Future<Claimed<T>> claim(int most);

        /** One attempt, settled in the table whatever came of it. Fails if it could not be: then the lease runs out. */
        Future<Void> attempt(T row);
    }

    /** @param more whether it is worth to look again at once */
    record Claimed<T>(List<T> rows, boolean more) {}

    /** @param name what is dispatched, for the log */
    Dispatcher(Vertx vertx, String name, int mostAtOnce, Work<T> work) {
        this.vertx = vertx;
        this.name = name;
        this.mostAtOnce = mostAtOnce;
        this.work = work;
    }

    /** Begins, with what is left from before. */
    void start(Duration interval) {
        poll = vertx.setPeriodic(1, interval.toMillis(), id -> wake());
    }

    /** There may be something to do. */
    void wake() {
        if (claiming || running >= mostAtOnce) {
            again = true;
        } else if (!stopping) {
            claim();
        }
    }

    /** Begins nothing more, and waits a bounded time for what runs. */
    Future<Void> stop() {
        stopping = true;
        vertx.cancelTimer(poll);
        endIfIdle();
        long limit = vertx.setTimer(STOP_LIMIT.toMillis(), id -> {
            if (idle.tryComplete()) {
                LOG.info("{} {} under way are left to their leases", running, name);
            }
        });
        return idle.future().onComplete(done -> vertx.cancelTimer(limit));
    }

    private void claim() {
        claiming = true;
        again = false;
        Future.succeededFuture(mostAtOnce - running)
                .compose(work::claim)
                .onFailure(failure -> LOG.debug("no look at the {}: {}", name, failure.getMessage()))
                .otherwise(new Claimed<>(List.of(), false))
                .onSuccess(this::begin);
    }

    private void begin(Claimed<T> claimed) {
        claiming = false;
        again |= claimed.more();
        running += claimed.rows().size();
        claimed.rows().forEach(this::begin);
        endIfIdle();
        if (again) {
            wake();
        }
    }

    private void begin(T row) {
        Future.succeededFuture(row)
                .compose(work::attempt)
                .onFailure(failure -> LOG.warn("one of the {} must wait for its lease to end", name, failure))
                .onComplete(done -> {
                    running--;
                    endIfIdle();
                    wake();
                });
    }

    private void endIfIdle() {
        if (stopping && running == 0 && !claiming) {
            idle.tryComplete();
        }
    }
}
