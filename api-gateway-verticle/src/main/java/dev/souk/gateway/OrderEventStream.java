package dev.souk.gateway;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders.Entry;
import dev.souk.contracts.Orders.Timeline;
import dev.souk.gateway.stream.Follower;
import dev.souk.kit.bus.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One order's events on their way to one client, each once and in order, until the order has ended. It looks when it is told that there may be more, and every two seconds whatever it is
 * told. On one event loop.
 */
final class OrderEventStream {
    private static final Logger LOG = LoggerFactory.getLogger(OrderEventStream.class);
    private static final Duration POLL = Duration.ofSeconds(2);
    /** After these nothing more happens to an order. */
    static final Set<String> FINAL = Set.of("ORDER_REJECTED", "ORDER_CANCELLED", "ORDER_DELIVERED");

    private static final Set<Fault.Code> NOT_THEIRS =
            Set.of(Fault.Code.NOT_FOUND, Fault.Code.FORBIDDEN, Fault.Code.UNAUTHENTICATED);

    private final Vertx vertx;
    private final Follower follower;
    private final Function<Integer, Future<Timeline>> timeline;
    private Runnable onClose;
    private long polling = Timers.NONE;
    private long beating = Timers.NONE;
    private int sent;
    private boolean looking;
    private boolean lookAgain;
    private boolean closed;

    /** @param timeline reads the events after one of them, if the client may see them */
    OrderEventStream(Vertx vertx, Follower follower, Function<Integer, Future<Timeline>> timeline) {
        this.vertx = vertx;
        this.follower = follower;
        this.timeline = timeline;
    }

    /** Whether nothing can come after this history. */
    static boolean hasEnded(List<Entry> history) {
        return !history.isEmpty() && FINAL.contains(history.getLast().type());
    }

    /**
     * Tells what there is and goes on from there.
     *
     * @param seen the last event that the client says it has
     * @param closing called once, when the client has gone or everything is told
     */
    void begin(int seen, List<Entry> history, Duration heartbeat, Runnable closing) {
        onClose = closing;
        polling = vertx.setPeriodic(POLL.toMillis(), tick -> look());
        beating = vertx.setPeriodic(heartbeat.toMillis(), tick -> write(follower::beat));
        follower.onGone(this::close);
        // One that was never told is no place to go on from.
        sent = history.isEmpty() ? 0 : Math.min(seen, history.getLast().seq());
        // Sends the head at once, even if there is nothing to tell yet.
        write(follower::beat);
        tell(history);
    }

    /** Asks whether there is more to tell. */
    void look() {
        if (closed) {
            return;
        }
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        lookAgain = false;
        timeline.apply(sent).onComplete(this::looked, this::failed);
    }

    /** Ends the answer before everything is told; a client that wants the rest comes back with the last event it has. */
    void fail(Fault reason) {
        endBy(() -> follower.fail(reason));
    }

    private void endBy(Supplier<Future<Void>> goodbye) {
        if (closed) {
            return;
        }
        close();
        goodbye.get().onFailure(failure -> LOG.debug("an event stream did not end well: {}", failure.toString()));
    }

    private void looked(Timeline found) {
        looking = false;
        tell(found.items());
        if (lookAgain) {
            look();
        }
    }

    /** What could not be had now is had at the next look. */
    private void failed(Throwable failure) {
        looking = false;
        if (failure instanceof Fault fault && NOT_THEIRS.contains(fault.code())) {
            fail(fault);
        }
    }

    private void tell(List<Entry> entries) {
        List<Entry> untold =
                entries.stream().filter(entry -> entry.seq() > sent).toList();
        if (!untold.isEmpty()) {
            sent = untold.getLast().seq();
            write(() -> follower.tell(untold));
        }
        if (hasEnded(entries)) {
            endBy(follower::end);
        }
    }

    private void write(Supplier<Future<Void>> told) {
        if (closed) {
            return;
        }
        if (follower.isBehind()) {
            // What it was told before has not got through since: it would be kept here, more and more of it.
            LOG.debug("an event stream is cut: its client does not read");
            close();
            follower.cut();
            return;
        }
        told.get().onFailure(gone -> close());
    }

    private void close() {
        if (!closed) {
            closed = true;
            vertx.cancelTimer(polling);
            vertx.cancelTimer(beating);
            onClose.run();
        }
    }
}
