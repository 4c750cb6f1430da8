package dev.souk.notification;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.UserEvent;
import dev.souk.kit.event.EventFormat;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** Events as the other services write them. */
final class Events {
    private static final Money TOTAL = new Money(1999, "USD");

    private Events() {}

    static UUID id() {
        return UuidCreator.getTimeOrderedEpoch();
    }

    static List<UUID> ids(int count) {
        return Stream.generate(Events::id).limit(count).toList();
    }

    static Event of(UUID aggregateId, int seq, Record happened) {
        return new Event(
                id(),
                aggregateId,
                seq,
                EventFormat.type(happened.getClass()),
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                EventFormat.data(happened));
    }

    static Event registered(UUID userId, String name, String email) {
        return of(userId, 1, new UserEvent.Registered(name, email, Role.CUSTOMER));
    }

    static Event changed(UUID userId, int seq, String name, String email) {
        return of(userId, seq, new UserEvent.Changed(name, email, false));
    }

    static Event confirmed(UUID orderId, UUID userId) {
        return of(orderId, 2, new OrderEvent.Confirmed(userId, TOTAL));
    }

    static Event shipped(UUID orderId, UUID userId) {
        return of(orderId, 3, new OrderEvent.Shipped(userId));
    }

    /** The same event with one field of its data set to something else, or taken away by null. */
    static Event with(Event event, String field, Object value) {
        Map<String, Object> data = new HashMap<>(event.data());
        data.put(field, value);
        data.values().removeIf(Objects::isNull);
        return new Event(event.id(), event.aggregateId(), event.seq(), event.type(), event.at(), data);
    }

    static Event ofType(String type) {
        return new Event(id(), id(), 1, type, Instant.EPOCH, Map.of());
    }
}
