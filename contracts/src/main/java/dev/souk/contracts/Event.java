package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Something that happened, on its way from the service that keeps it to one that wants to know. Events of one aggregate
 * come in the order of their numbers; any event may come more than once, always with the same id.
 *
 * @param id stable over all deliveries
 * @param aggregateId what it happened to: an order, a user, a product
 * @param seq numbers the events of the aggregate from 1
 * @param type for example {@code ORDER_CONFIRMED}
 * @param data the rest of the event, of the shape that its type has in the contracts
 */
public record Event(UUID id, UUID aggregateId, int seq, String type, Instant at, Map<String, Object> data) {
    /** Asks a service to apply events, each once: a receiver forgets none that it said it has applied. */
    public static Operation<Batch, Applied> delivery(String receiver) {
        return operation(receiver + ".apply-events", Batch.class, Applied.class)
                .repeatable()
                .within(Duration.ofSeconds(5));
    }

    /**
     * Events of different aggregates.
     *
     * @param source the service that they come from
     */
    public record Batch(String source, List<Event> events) {
        public Batch {
            events = List.copyOf(events);
        }
    }

    /**
     * All events of a batch were applied, now or before, except these.
     *
     * @param refused those that the receiver cannot apply, whatever is tried
     */
    public record Applied(List<Refused> refused) {
        public Applied {
            refused = List.copyOf(refused);
        }
    }

    /** @param why in words for the operator */
    public record Refused(UUID eventId, String why) {}
}
