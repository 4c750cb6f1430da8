package dev.souk.kit.event;

import dev.souk.contracts.Event;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;

/**
 * Follows aggregates from their first event on. Of one that was followed without a gap it is known, without a look at the
 * table, what stands before its next event: that one leaves when the one before it has arrived. Aggregates that are not
 * followed, or not any more, are the table's affair. Used from one event loop.
 */
final class Lineup {
    private static final int MOST_FOLLOWED = 10_000;

    private final Set<String> wanted;
    private final Map<UUID, Line> lines = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Line> eldest) {
            return size() > MOST_FOLLOWED;
        }
    };

    /** What is to become of an event that was just written. */
    enum Place {
        /** Nothing stands before it. */
        LEAVES,
        /** The one before it has not arrived yet, or nobody wants this one, or it was seen before. */
        STAYS,
        /** Events before it were not seen. */
        UNKNOWN
    }

    private static final class Line {
        private int lastSeq;
        private UUID leaving;
        private final Queue<Event> behind = new ArrayDeque<>();
    }

    /** @param wanted the types of events that leave at all */
    Lineup(Set<String> wanted) {
        this.wanted = wanted;
    }

    /** Takes note of an event. */
    Place add(Event event) {
        Line line = lines.get(event.aggregateId());
        if (line != null && event.seq() <= line.lastSeq) {
            return Place.STAYS;
        }
        if (event.seq() == 1) {
            line = new Line();
        }
        if (line == null || event.seq() != line.lastSeq + 1) {
            forget(event.aggregateId());
            return Place.UNKNOWN;
        }
        line.lastSeq = event.seq();
        lines.put(event.aggregateId(), line);
        if (!wanted.contains(event.type())) {
            return Place.STAYS;
        }
        if (line.leaving != null) {
            line.behind.add(event);
            return Place.STAYS;
        }
        line.leaving = event.id();
        return Place.LEAVES;
    }

    /** An event has arrived: the one that may leave now. */
    Optional<Event> arrived(Event event) {
        Line line = lines.get(event.aggregateId());
        if (line == null || !event.id().equals(line.leaving)) {
            return Optional.empty();
        }
        Event next = line.behind.poll();
        line.leaving = next == null ? null : next.id();
        return Optional.ofNullable(next);
    }

    void forget(UUID aggregateId) {
        lines.remove(aggregateId);
    }

    void forgetAll() {
        lines.clear();
    }
}
