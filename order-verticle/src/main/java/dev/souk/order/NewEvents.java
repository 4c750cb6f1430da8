package dev.souk.order;

import dev.souk.contracts.Event;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.event.EventFormat;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** The events that brought orders to where they stand, one each, before and after they are numbered. */
final class NewEvents {
    private final List<NewEvent> events;

    private record NewEvent(UUID id, UUID orderId, String type, Map<String, Object> data, Instant at) {
        static NewEvent of(PlacedOrder order, UUID id) {
            Record event = (Record) order.event();
            return new NewEvent(
                    id, order.id(), EventFormat.type(event.getClass()), EventFormat.data(event), order.updatedAt());
        }

        Event numbered(int seq) {
            return new Event(id, orderId, seq, type, at, data);
        }
    }

    NewEvents(List<PlacedOrder> orders, Supplier<UUID> ids) {
        this.events =
                orders.stream().map(order -> NewEvent.of(order, ids.get())).toList();
    }

    UUID[] orderIds() {
        return Columns.of(events, NewEvent::orderId, UUID[]::new);
    }

    UUID[] ids() {
        return Columns.of(events, NewEvent::id, UUID[]::new);
    }

    String[] types() {
        return Columns.of(events, NewEvent::type, String[]::new);
    }

    String[] data() {
        return Columns.of(events, event -> WireFormat.encode(event.data()).toString(), String[]::new);
    }

    OffsetDateTime[] times() {
        return Columns.times(events, NewEvent::at);
    }

    /** Those that were written. @param seqs the numbers that they were given, by their orders */
    List<Event> numbered(Map<UUID, Integer> seqs) {
        return events.stream()
                .filter(event -> seqs.containsKey(event.orderId()))
                .map(event -> event.numbered(seqs.get(event.orderId())))
                .toList();
    }
}
