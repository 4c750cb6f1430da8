package dev.souk.order;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** The events that a service was told of, each applied once, however often it came. Safe for all threads. */
final class ReceivedEvents {
    private final List<Event> events = new ArrayList<>();
    private final Set<UUID> known = new HashSet<>();

    synchronized Future<Applied> apply(Batch batch, Consumer<Event> effect) {
        batch.events().stream().filter(event -> known.add(event.id())).forEach(event -> {
            events.add(event);
            effect.accept(event);
        });
        return Future.succeededFuture(new Applied(List.of()));
    }

    /** In the order of their coming. */
    synchronized List<Event> all() {
        return List.copyOf(events);
    }

    /** What came of one order, as {@code 1 ORDER_PLACED}, ... in the order of its coming. */
    List<String> of(UUID orderId) {
        return all().stream()
                .filter(event -> event.aggregateId().equals(orderId))
                .map(event -> event.seq() + " " + event.type())
                .toList();
    }
}
