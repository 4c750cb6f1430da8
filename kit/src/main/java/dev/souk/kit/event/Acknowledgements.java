package dev.souk.kit.event;

import dev.souk.contracts.Event;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Strikes events that have arrived off the table, many at once, a little later. If the process dies before, they are sent
 * again, and the receiver knows them. Used from one event loop.
 */
final class Acknowledgements {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);
    private static final Duration GATHERING = Duration.ofMillis(30);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    private final Vertx vertx;
    private final DeliveryRepository deliveries;
    private final Map<UUID, Event> arrived = new LinkedHashMap<>();
    private Future<Void> writing = Future.succeededFuture();
    private boolean scheduled;

    Acknowledgements(Vertx vertx, DeliveryRepository deliveries) {
        this.vertx = vertx;
        this.deliveries = deliveries;
    }

    void add(Event event) {
        arrived.put(event.id(), event);
        schedule(GATHERING);
    }

    /** Whether the event has arrived and still stands on the table. */
    boolean holds(Event event) {
        return arrived.containsKey(event.id());
    }

    /** Ends when all that has arrived until now is struck off; fails if it could not be, and is kept for later. */
    Future<Void> write() {
        writing = writing.otherwiseEmpty().compose(before -> {
            List<Event> batch = List.copyOf(arrived.values());
            return deliveries
                    .acknowledge(batch)
                    .onSuccess(struck -> batch.forEach(event -> arrived.remove(event.id())));
        });
        return writing;
    }

    private void schedule(Duration delay) {
        if (!scheduled) {
            scheduled = true;
            vertx.setTimer(delay.toMillis(), id -> {
                scheduled = false;
                write().onFailure(this::keep);
            });
        }
    }

    private void keep(Throwable failure) {
        LOG.debug("{} events that have arrived stay on the table: {}", arrived.size(), failure.getMessage());
        schedule(AFTER_FAILURE);
    }
}
