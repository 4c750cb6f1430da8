package dev.souk.kit.event;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Event.Refused;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.event.Lineup.Place;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of one source to one receiver, while it leads. An event leaves only when the one before it in its
 * aggregate has arrived; different aggregates do not wait for each other. Struck off the table after the receiver's
 * acknowledgement, so that each arrives at least once.
 *
 * <p>What it is told of leaves at once if it knows what stands before it. Everything else, and everything after any trouble,
 * it finds by looking at the table. Used from one event loop.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final int MOST_IN_BATCH = 256;
    private static final int MOST_BATCHES = 4;
    private static final int MOST_READY = 4_096;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Bus bus;
    private final DeliveryRepository deliveries;
    private final Acknowledgements acknowledgements;
    private final Lineup lineup;
    private final Operation<Batch, Applied> delivery;
    private final String source;
    private final String receiver;
    private final Counter parked;
    private final RandomGenerator random;
    private final Queue<Event> ready = new ArrayDeque<>();
    private final Set<UUID> underWay = new HashSet<>();
    private final Promise<Void> idle = Promise.promise();
    private int batches;
    private boolean looking;
    private boolean lookAgain;
    private boolean stopping;
    private int failures;
    private boolean pausing;

    Relay(
            Vertx vertx,
            Bus bus,
            DeliveryRepository deliveries,
            String source,
            String receiver,
            Set<String> wanted,
            Counter parked,
            RandomGenerator random) {
        this.vertx = vertx;
        this.bus = bus;
        this.deliveries = deliveries;
        this.acknowledgements = new Acknowledgements(vertx, deliveries);
        this.lineup = new Lineup(wanted);
        this.delivery = Event.delivery(receiver);
        this.source = source;
        this.receiver = receiver;
        this.parked = parked;
        this.random = random;
    }

    /** These were just committed. If there are none: something may have been. */
    void offer(List<Event> events) {
        long taken = maySend() ? events.stream().filter(this::take).count() : 0;
        sendReady();
        if (taken == 0 || taken < events.size()) {
            wake();
        }
    }

    /** Finishes what is under way and gives up the lead. */
    Future<Void> stop() {
        stopping = true;
        leaveToTheTable();
        endIfIdle();
        return idle.future()
                .eventually(acknowledgements::write)
                .eventually(deliveries::resign)
                .otherwiseEmpty();
    }

    private boolean maySend() {
        return !stopping && !pausing && deliveries.leads() && ready.size() < MOST_READY;
    }

    /** False if only the table knows whether it may leave. */
    private boolean take(Event event) {
        if (isSent(event)) {
            lineup.forget(event.aggregateId());
            return false;
        }
        Place place = lineup.add(event);
        if (place == Place.LEAVES) {
            makeReady(event);
        }
        return place != Place.UNKNOWN;
    }

    private boolean isSent(Event event) {
        return underWay.contains(event.id()) || acknowledgements.holds(event);
    }

    private void makeReady(Event event) {
        underWay.add(event.id());
        ready.add(event);
    }

    private void sendReady() {
        while (!ready.isEmpty() && batches < MOST_BATCHES) {
            List<Event> batch = new ArrayList<>();
            while (!ready.isEmpty() && batch.size() < MOST_IN_BATCH) {
                batch.add(ready.remove());
            }
            send(batch);
        }
    }

    private void wake() {
        if (looking || batches >= MOST_BATCHES) {
            lookAgain = true;
        } else if (!stopping && !pausing) {
            look();
        }
    }

    private void look() {
        looking = true;
        lookAgain = false;
        Future.succeededFuture()
                .compose(begun -> deliveries.lead())
                .compose(leads -> leads ? next() : Future.succeededFuture(List.of()))
                .onFailure(this::noLook)
                .otherwise(List.of())
                .onSuccess(this::found);
    }

    /** What has arrived must be off the table: it stands before others there. */
    private Future<List<Event>> next() {
        return acknowledgements.write().compose(written -> deliveries.next(MOST_IN_BATCH));
    }

    private void noLook(Throwable failure) {
        if (failure instanceof Fault) {
            LOG.debug("no look at the events for {}: {}", receiver, failure.getMessage());
        } else {
            LOG.error("the events for {} cannot be looked at", receiver, failure);
        }
    }

    private void found(List<Event> events) {
        looking = false;
        List<Event> unsent = events.stream().filter(event -> !isSent(event)).toList();
        if (!unsent.isEmpty() && !stopping && !pausing) {
            unsent.forEach(event -> underWay.add(event.id()));
            send(unsent).onSuccess(sent -> wake());
            lookAgain |= events.size() == MOST_IN_BATCH;
        }
        endIfIdle();
        if (lookAgain) {
            wake();
        }
    }

    /** Succeeds when the events have arrived or are put aside. */
    private Future<Void> send(List<Event> events) {
        batches++;
        return deliver(events)
                .onFailure(this::pause)
                .onComplete(delivered -> {
                    batches--;
                    events.forEach(event -> underWay.remove(event.id()));
                    endIfIdle();
                })
                .onSuccess(delivered -> {
                    failures = 0;
                    sendReady();
                    if (lookAgain) {
                        wake();
                    }
                });
    }

    /** Succeeds when each event is acknowledged or put aside; fails if the receiver is away. */
    private Future<Void> deliver(List<Event> events) {
        return bus.call(delivery, new Batch(source, events), CallContext.ofService("events-of-" + source, CALL_LIMIT))
                .compose(applied -> settle(events, applied))
                .recover(failure -> isAway(failure) ? Future.failedFuture(failure) : narrow(events, failure));
    }

    /** The receiver stumbles over the batch as a whole: the one that is to blame must not hold up the others. */
    private Future<Void> narrow(List<Event> events, Throwable failure) {
        if (events.size() == 1) {
            return putAside(events.getFirst(), failure.getMessage());
        }
        int middle = events.size() / 2;
        return deliver(events.subList(0, middle)).compose(first -> deliver(events.subList(middle, events.size())));
    }

    private Future<Void> settle(List<Event> events, Applied applied) {
        Map<UUID, String> refused =
                applied.refused().stream().collect(Collectors.toMap(Refused::eventId, Refused::why));
        Future<Void> settled = Future.succeededFuture();
        for (Event event : events) {
            String refusal = refused.get(event.id());
            if (refusal == null) {
                acknowledgements.add(event);
                lineup.arrived(event).ifPresent(this::makeReady);
            } else {
                settled = settled.compose(done -> putAside(event, refusal));
            }
        }
        return settled;
    }

    private Future<Void> putAside(Event event, String why) {
        lineup.forget(event.aggregateId());
        lookAgain = true;
        return deliveries.refused(event, why).map(isParked -> {
            if (isParked) {
                parked.increment();
                LOG.error(
                        "event {} ({} {} of {}) is parked: {} refuses it: {}",
                        event.id(),
                        event.type(),
                        event.seq(),
                        event.aggregateId(),
                        receiver,
                        why);
            } else {
                LOG.warn("{} refuses event {} ({}): {}", receiver, event.id(), event.type(), why);
            }
            return null;
        });
    }

    /** After a while it begins anew, with what stands on the table. */
    private void pause(Throwable failure) {
        if (failures++ == 0) {
            LOG.info("events for {} must wait: {}", receiver, failure.getMessage());
        }
        leaveToTheTable();
        if (!pausing && !stopping) {
            pausing = true;
            long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
            vertx.setTimer(millis / 2 + random.nextLong(millis), id -> {
                pausing = false;
                wake();
            });
        }
    }

    private void leaveToTheTable() {
        lineup.forgetAll();
        ready.forEach(event -> underWay.remove(event.id()));
        ready.clear();
    }

    private void endIfIdle() {
        if (stopping && batches == 0 && !looking) {
            idle.tryComplete();
        }
    }

    private static boolean isAway(Throwable failure) {
        return failure instanceof Fault fault
                && switch (fault.code()) {
                    case UNAVAILABLE, TIMEOUT, OVERLOADED -> true;
                    default -> false;
                };
    }
}
