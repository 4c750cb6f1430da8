package dev.souk.kit.event;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Event.Refused;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.event.DeliveryRepository.Outgoing;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the events of one source to one receiver, while it leads. An event leaves only when the one before it in its
 * aggregate has arrived; different aggregates do not wait for each other. Marked as delivered after the receiver's
 * acknowledgement, so that each arrives at least once. Used from one event loop.
 */
final class Relay {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final int MOST_IN_BATCH = 256;
    private static final int MOST_BATCHES = 4;
    private static final Duration CALL_LIMIT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Bus bus;
    private final DeliveryRepository deliveries;
    private final Operation<Batch, Applied> delivery;
    private final String source;
    private final String receiver;
    private final Counter parked;
    private final RandomGenerator random;
    private final Set<Long> underWay = new HashSet<>();
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
            Counter parked,
            RandomGenerator random) {
        this.vertx = vertx;
        this.bus = bus;
        this.deliveries = deliveries;
        this.delivery = Event.delivery(receiver);
        this.source = source;
        this.receiver = receiver;
        this.parked = parked;
        this.random = random;
    }

    /** There may be something to deliver. */
    void wake() {
        if (looking || batches >= MOST_BATCHES) {
            lookAgain = true;
        } else if (!stopping && !pausing) {
            look();
        }
    }

    /** Finishes what is under way and gives up the lead. */
    Future<Void> stop() {
        stopping = true;
        endIfIdle();
        return idle.future().eventually(deliveries::resign).otherwiseEmpty();
    }

    private void look() {
        looking = true;
        lookAgain = false;
        Future.succeededFuture()
                .compose(begun -> deliveries.lead())
                .compose(leads -> leads ? deliveries.next(MOST_IN_BATCH, underWay) : Future.succeededFuture(List.of()))
                .onFailure(this::noLook)
                .otherwise(List.of())
                .onSuccess(this::found);
    }

    private void noLook(Throwable failure) {
        if (failure instanceof Fault) {
            LOG.debug("no look at the events for {}: {}", receiver, failure.getMessage());
        } else {
            LOG.error("the events for {} cannot be looked at", receiver, failure);
        }
    }

    private void found(List<Outgoing> outgoing) {
        looking = false;
        if (!outgoing.isEmpty() && !stopping) {
            begin(outgoing);
            lookAgain |= outgoing.size() == MOST_IN_BATCH;
        }
        endIfIdle();
        if (lookAgain) {
            wake();
        }
    }

    private void begin(List<Outgoing> outgoing) {
        batches++;
        List<Long> ids = outgoing.stream().map(Outgoing::deliveryId).toList();
        underWay.addAll(ids);
        deliver(outgoing).onComplete(delivered -> {
            batches--;
            underWay.removeAll(Set.copyOf(ids));
            endIfIdle();
            if (delivered.succeeded()) {
                failures = 0;
                wake();
            } else {
                pause(delivered.cause());
            }
        });
    }

    /** Succeeds when each event is acknowledged or put aside; fails if the receiver is away. */
    private Future<Void> deliver(List<Outgoing> outgoing) {
        Batch batch = new Batch(source, outgoing.stream().map(Outgoing::event).toList());
        return bus.call(delivery, batch, CallContext.ofService("events-of-" + source, CALL_LIMIT))
                .compose(applied -> settle(outgoing, applied))
                .recover(failure -> isAway(failure) ? Future.failedFuture(failure) : narrow(outgoing, failure));
    }

    /** The receiver stumbles over the batch as a whole: the one that is to blame must not hold up the others. */
    private Future<Void> narrow(List<Outgoing> outgoing, Throwable failure) {
        if (outgoing.size() == 1) {
            return putAside(outgoing.getFirst(), failure.getMessage());
        }
        int middle = outgoing.size() / 2;
        return deliver(outgoing.subList(0, middle))
                .compose(first -> deliver(outgoing.subList(middle, outgoing.size())));
    }

    private Future<Void> settle(List<Outgoing> outgoing, Applied applied) {
        Map<UUID, Refused> refused =
                applied.refused().stream().collect(Collectors.toMap(Refused::eventId, Function.identity()));
        List<Long> arrived = outgoing.stream()
                .filter(one -> !refused.containsKey(one.event().id()))
                .map(Outgoing::deliveryId)
                .toList();
        Future<Void> marked = deliveries.acknowledge(arrived);
        for (Outgoing one : outgoing) {
            Refused refusal = refused.get(one.event().id());
            if (refusal != null) {
                marked = marked.compose(done -> putAside(one, refusal.why()));
            }
        }
        return marked;
    }

    private Future<Void> putAside(Outgoing one, String why) {
        return deliveries.refused(one.deliveryId(), why).map(isParked -> {
            Event event = one.event();
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

    private void pause(Throwable failure) {
        if (failures++ == 0) {
            LOG.info("events for {} must wait: {}", receiver, failure.getMessage());
        }
        if (!pausing && !stopping) {
            pausing = true;
            long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(failures, 10));
            vertx.setTimer(millis / 2 + random.nextLong(millis), id -> {
                pausing = false;
                wake();
            });
        }
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
