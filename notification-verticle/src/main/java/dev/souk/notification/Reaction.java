package dev.souk.notification;

import dev.souk.contracts.Event;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.ProductEvent;
import dev.souk.contracts.UserEvent;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.event.EventFormat;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What follows from an event.
 *
 * @param recipient a user who is new, or as they are now
 * @param mail for the user whom it concerns
 * @param posted what webhooks are told, as the bytes that are signed
 */
record Reaction(Event event, Optional<Recipient> recipient, Optional<Mail> mail, String posted) {
    private static final Set<String> OF_ORDERS = EventFormat.types(OrderEvent.class);
    private static final Set<String> OF_USERS = EventFormat.types(UserEvent.class);
    private static final Set<String> OF_PRODUCTS = EventFormat.types(ProductEvent.class);

    /** All types of events that can be told of. */
    static final Set<String> TYPES =
            Stream.of(OF_ORDERS, OF_USERS, OF_PRODUCTS).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());

    private record Posted(UUID id, String type, Instant at, Map<String, Object> data) {}

    /** @throws IllegalArgumentException if the event cannot be read */
    static Reaction to(Event event) {
        given(event.id(), "id");
        given(event.aggregateId(), "aggregateId");
        String type = given(event.type(), "type");
        given(event.at(), "at");
        given(event.data(), "data");
        if (OF_ORDERS.contains(type)) {
            OrderEvent happened = EventFormat.read(event, OrderEvent.class);
            return new Reaction(event, Optional.empty(), mail(event.aggregateId(), happened), posted(event, "orderId"));
        }
        if (OF_USERS.contains(type)) {
            return toUser(event, EventFormat.read(event, UserEvent.class));
        }
        if (OF_PRODUCTS.contains(type)) {
            EventFormat.read(event, ProductEvent.class);
            return new Reaction(event, Optional.empty(), Optional.empty(), posted(event, "productId"));
        }
        throw new IllegalArgumentException("type: " + type + " is not known");
    }

    private static Reaction toUser(Event event, UserEvent happened) {
        return switch (happened) {
            case UserEvent.Registered(String name, String email, var role) ->
                new Reaction(
                        event,
                        Optional.of(new Recipient(given(name, "name"), email)),
                        Optional.of(MailTexts.welcome(event.aggregateId())),
                        posted(event, "userId"));
            case UserEvent.Changed(String name, String email, var passwordChanged) ->
                new Reaction(
                        event,
                        Optional.of(new Recipient(given(name, "name"), email)),
                        Optional.empty(),
                        posted(event, "userId"));
        };
    }

    private static Optional<Mail> mail(UUID orderId, OrderEvent happened) {
        UUID userId = given(happened.userId(), "userId");
        return switch (happened) {
            case OrderEvent.Confirmed confirmed ->
                Optional.of(MailTexts.confirmed(userId, orderId, given(confirmed.total(), "total")));
            case OrderEvent.Rejected rejected ->
                Optional.of(MailTexts.rejected(userId, orderId, given(rejected.reason(), "reason")));
            case OrderEvent.Cancelled cancelled -> Optional.of(MailTexts.cancelled(userId, orderId));
            case OrderEvent.Shipped shipped -> Optional.of(MailTexts.shipped(userId, orderId));
            case OrderEvent.Placed placed -> Optional.empty();
            case OrderEvent.Delivered delivered -> Optional.empty();
        };
    }

    private static String posted(Event event, String aggregate) {
        Map<String, Object> data = new LinkedHashMap<>(event.data());
        data.put(aggregate, event.aggregateId());
        return WireFormat.encode(new Posted(event.id(), event.type(), event.at(), data))
                .toString();
    }

    private static <T> T given(T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException(field + ": is missing");
        }
        return value;
    }
}
