package dev.souk.gateway;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Entry;
import dev.souk.contracts.Orders.GetTimeline;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Following orders as they change, over HTTP: which streams are open, and which are to look again. On one event loop. */
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

    /**
     * Streams the events of an order after the one that the client has seen. 204 if none can come any more, so that a browser
     * does not ask again and again.
     */
    Future<Answer> follow(ApiRequest request) {
        requirePlace();
        // The whole history, however much of it was seen: only so it is known whether the order has ended.
        GetTimeline wanted = new GetTimeline(request.uuid("orderId"), null);
        int seen = request.number("Last-Event-ID").orElse(0);
        return bus.call(Orders.TIMELINE, wanted, request.context())
                .map(timeline -> answer(request, seen, timeline.items()));
    }

    /** Ends all streams, whose clients come back elsewhere, and opens no more. */
    void close() {
        closing = true;
        open.values().stream().flatMap(Set::stream).toList().forEach(OrderEventStream::end);
    }

    private Answer answer(ApiRequest request, int seen, List<Entry> history) {
        if (OrderEventStream.hasEnded(history) && history.getLast().seq() <= seen) {
            return Answer.done();
        }
        requirePlace();
        return Answer.stream(MEDIA_TYPE, response -> open(request, seen, history, response))
                // Proxies that collect answers would hold the events back.
                .with("X-Accel-Buffering", "no");
    }

    private void open(ApiRequest request, int seen, List<Entry> history, HttpServerResponse response) {
        UUID orderId = request.uuid("orderId");
        OrderEventStream stream = new OrderEventStream(
                vertx,
                response,
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
            throw Fault.of(Fault.Code.UNAVAILABLE, "The gateway is stopping.");
        }
        if (places <= 0) {
            throw Fault.of(Fault.Code.OVERLOADED, "As many orders are followed as can be at a time.");
        }
    }
}
