package dev.souk.kit.event;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Signal;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.Timers;
import dev.souk.kit.db.Database;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Sees to it that the events of one service reach everybody who wants to know, however long they are away.
 *
 * <p>The service writes an event into its history and a row into {@code event_delivery} for each receiver, in the
 * transaction of what happened; from then on they are on their way. Each receiver has a relay of its own, so that one
 * that is away holds up nobody else. Among all instances of the service one leads each relay at a time, by a lease on the
 * database's clock. A second leader, awake again after its lease, does no harm: receivers apply an event once.
 */
public final class Outbox {
    /** Vert.x numbers its timers from 0. */
    private final Vertx vertx;

    private final Bus bus;
    private final EventSettings settings;
    private final Signal<Batch> signal;
    private final String source;
    private final List<Relay> relays;
    private long poll = Timers.NONE;
    private MessageConsumer<Object> listener;

    /**
     * Where a service keeps its events: a table with the columns {@code id, seq, type, data, at} and the one that names
     * the aggregate.
     */
    public record History(String table, String aggregateColumn) {}

    /**
     * @param source the service whose events these are
     * @param owner this instance, unique over all that ever ran
     */
    public Outbox(
            Vertx vertx,
            Database database,
            Bus bus,
            EventSettings settings,
            String source,
            String owner,
            History history,
            Routes routes,
            MeterRegistry meters,
            RandomGenerator random) {
        this.vertx = vertx;
        this.bus = bus;
        this.settings = settings;
        this.signal = signal(source);
        this.source = source;
        this.relays = routes.receivers().stream()
                .map(receiver -> new Relay(
                        vertx,
                        bus,
                        new DeliveryRepository(database, receiver, owner, history, settings.attempts()),
                        source,
                        receiver,
                        routes.types(receiver),
                        meters.counter("souk.events.parked", "source", source, "receiver", receiver),
                        random))
                .toList();
    }

    /** Begins to deliver, and looks for what is left from before. */
    public Future<Void> start() {
        poll = vertx.setPeriodic(1, settings.poll().toMillis(), id -> offer(List.of()));
        return bus.listen(signal, told -> offer(told.events()))
                .onSuccess(listening -> listener = listening)
                .mapEmpty();
    }

    /** Call after a commit that wrote events: they leave after a look at the table, instead of at the next poll. */
    public void wake() {
        committed(List.of());
    }

    /**
     * Call after a commit that wrote these events, in this order: most of them leave without a look at the table.
     *
     * @param events each as it is stored
     */
    public void committed(List<Event> events) {
        // The leader may be another instance.
        bus.signal(signal, new Batch(source, events));
    }

    /** With what the relays of a service, on any node, are told of events that are committed. */
    public static Signal<Batch> signal(String source) {
        return new Signal<>(source + ".outbox", Batch.class);
    }

    /** Delivers nothing more and lets another instance lead. */
    public Future<Void> stop() {
        vertx.cancelTimer(poll);
        Future<Void> deaf = listener == null ? Future.succeededFuture() : listener.unregister();
        return deaf.eventually(
                () -> Future.join(relays.stream().map(Relay::stop).toList()));
    }

    private void offer(List<Event> events) {
        relays.forEach(relay -> relay.offer(events));
    }
}
