package dev.souk.gateway;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Entry;
import dev.souk.contracts.Orders.GetTimeline;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.stream.Follower;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Following orders as they change: which streams are open, and which are to look again. On one event loop. */
final class OrderEventStreams {
    private static final String MEDIA_TYPE = "text/event-stream";

    private final Vertx vertx;
    private final Bus bus;
    private final EventStreamConfig config;
    private final Map<UUID, Set<OrderEventStream>> open = new HashMap<>();
    private int places;
    private boolean closing;

    OrderEventStreams(Vertx vertx, Bus bus, EventStreamConfig config) {
        this.vertx = vertx;
        this.bus = bus;
        this.config = config;
        this.places = config.limit();
    }

    /** Hears from now on which orders change. */
    Future<?> listen() {
        return bus.listen(Orders.CHANGED, changed -> wake(changed.orderId()));
    }

    /** Server-sent events. 204 if none can come any more, so that a browser does not ask again and again. */
    Future<Answer> follow(ApiRequest request) {
        return begin(request)
                .map(begun -> begun.map(OrderEventStreams::serverSentEvents).orElseGet(Answer::done));
    }

    /**
     * Finds out what there is to stream of an order after the event that the client has seen. What this leads to is given the
     * client as soon as it can be told; it is empty if no event can come any more.
     */
    Future<Optional<Consumer<Follower>>> begin(ApiRequest request) {
        requirePlace();
        // The whole history, however much of it was seen: only so it is known whether the order has ended.
        GetTimeline wanted = new GetTimeline(request.uuid("orderId"), null);
        int seen = request.number("Last-Event-ID").orElse(0);
        return bus.call(Orders.TIMELINE, wanted, request.context())
                .map(timeline -> begin(request, seen, timeline.items()));
    }

    /** Ends all streams, whose clients come back elsewhere, and opens no more. */
    void close() {
        closing = true;
        open.values().stream().flatMap(Set::stream).toList().forEach(stream -> stream.fail(stopping()));
    }

    private Optional<Consumer<Follower>> begin(ApiRequest request, int seen, List<Entry> history) {
        if (OrderEventStream.hasEnded(history) && history.getLast().seq() <= seen) {
            return Optional.empty();
        }
        requirePlace();
        return Optional.of(follower -> open(request, seen, history, follower));
    }

    private static Answer serverSentEvents(Consumer<Follower> begun) {
        return Answer.stream(MEDIA_TYPE, response -> begun.accept(new ServerSentEvents(response)))
                // Proxies that collect answers would hold the events back.
                .with("X-Accel-Buffering", "no");
    }

    private void open(ApiRequest request, int seen, List<Entry> history, Follower follower) {
        UUID orderId = request.uuid("orderId");
        OrderEventStream stream = new OrderEventStream(
                vertx,
                follower,
                after -> bus.call(Orders.TIMELINE, new GetTimeline(orderId, after), request.context()));
        open.computeIfAbsent(orderId, id -> new HashSet<>()).add(stream);
        places--;
        stream.begin(seen, history, config.heartbeat(), () -> forget(orderId, stream));
    }

    private void forget(UUID orderId, OrderEventStream stream) {
        places++;
        open.computeIfPresent(orderId, (id, streams) -> {
            streams.remove(stream);
            return streams.isEmpty() ? null : streams;
        });
    }

    private void wake(UUID orderId) {
        List.copyOf(open.getOrDefault(orderId, Set.of())).forEach(OrderEventStream::look);
    }

    private void requirePlace() {
        if (closing) {
            throw stopping();
        }
        if (places <= 0) {
            throw Fault.of(Fault.Code.OVERLOADED, "As many orders are followed as can be at a time.");
        }
    }

    private static Fault stopping() {
        return Fault.of(Fault.Code.UNAVAILABLE, "The gateway is stopping.");
    }
}
