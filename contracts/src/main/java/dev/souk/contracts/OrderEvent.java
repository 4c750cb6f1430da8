package dev.souk.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;

/**
 * One step in an order's history. An order's events are numbered from 1 without a gap and never change.
 * Each names the user whose order it is, so that nobody needs the others to tell them.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OrderEvent.Placed.class, name = "ORDER_PLACED"),
    @JsonSubTypes.Type(value = OrderEvent.Confirmed.class, name = "ORDER_CONFIRMED"),
    @JsonSubTypes.Type(value = OrderEvent.Rejected.class, name = "ORDER_REJECTED"),
    @JsonSubTypes.Type(value = OrderEvent.Cancelled.class, name = "ORDER_CANCELLED"),
    @JsonSubTypes.Type(value = OrderEvent.Shipped.class, name = "ORDER_SHIPPED"),
    @JsonSubTypes.Type(value = OrderEvent.Delivered.class, name = "ORDER_DELIVERED")
})
public sealed interface OrderEvent {
    UUID userId();

    /** The order was stored with the prices of that moment. */
    record Placed(UUID userId, List<Orders.Line> items, Money total) implements OrderEvent {
        public Placed {
            items = List.copyOf(items);
        }
    }

    /** Its stock is held and its total is charged. */
    record Confirmed(UUID userId, Money total) implements OrderEvent {}

    /** The order ended without effect. */
    record Rejected(UUID userId, Orders.Reason reason) implements OrderEvent {}

    /** Somebody changed their mind: its stock is given back, and what was charged is refunded. */
    record Cancelled(UUID userId, Money total) implements OrderEvent {}

    record Shipped(UUID userId) implements OrderEvent {}

    record Delivered(UUID userId) implements OrderEvent {}
}
