package dev.souk.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.UUID;

/** One step in an order's history. An order's events are numbered from 1 without a gap and never change. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = OrderEvent.Placed.class, name = "ORDER_PLACED"),
    @JsonSubTypes.Type(value = OrderEvent.Confirmed.class, name = "ORDER_CONFIRMED"),
    @JsonSubTypes.Type(value = OrderEvent.Rejected.class, name = "ORDER_REJECTED")
})
public sealed interface OrderEvent {
    /** The order was stored with the prices of that moment. */
    record Placed(UUID userId, List<Orders.Line> items, Money total) implements OrderEvent {
        public Placed {
            items = List.copyOf(items);
        }
    }

    /** Everything the order needs is held for it. */
    record Confirmed() implements OrderEvent {}

    /** The order ended without effect. */
    record Rejected(Orders.Reason reason) implements OrderEvent {}
}
