package dev.souk.order;

import dev.souk.contracts.OrderEvent;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.event.EventFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** The events of several orders as the columns of {@code order_event}. */
record NewEvents(UUID[] ids, String[] types, String[] data) {
    static NewEvents of(List<OrderEvent> events, Supplier<UUID> ids) {
        return new NewEvents(
                events.stream().map(event -> ids.get()).toArray(UUID[]::new),
                events.stream()
                        .map(event -> EventFormat.type(recordOf(event).getClass()))
                        .toArray(String[]::new),
                events.stream()
                        .map(event -> WireFormat.encode(EventFormat.data(recordOf(event)))
                                .toString())
                        .toArray(String[]::new));
    }

    private static Record recordOf(OrderEvent event) {
        return (Record) event;
    }
}
