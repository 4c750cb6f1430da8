package dev.souk.order;

import dev.souk.kit.event.Outbox;
import dev.souk.kit.event.Routes;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** Writes the history of orders, and what is to be told to whom, as a part of the statements that change them, and tells. */
final class HistoryStore {
    /** The events of what was just changed: needs {@code changed (order_id, seq)} before it, and {@link #values} first. */
    static final String HISTORY = """
            , history AS (
                INSERT INTO order_event (id, order_id, seq, type, data, at, node)
                SELECT event.id, changed.order_id, changed.seq, event.type, event.data::jsonb, event.at, $6
                FROM changed
                    JOIN unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
                        AS event (order_id, id, type, data, at)
                    ON event.order_id = changed.order_id
                RETURNING order_id, seq, type
            ), told AS (
                INSERT INTO event_delivery (receiver, aggregate_id, seq)
                SELECT route.receiver, history.order_id, history.seq
                FROM history JOIN unnest($7::text[], $8::text[]) AS route (receiver, type) ON route.type = history.type
            )
            """;

    private final Outbox outbox;
    private final Routes routes;
    private final String node;
    private final Supplier<UUID> ids;

    /** @param node who writes */
    HistoryStore(Outbox outbox, Routes routes, String node, Supplier<UUID> ids) {
        this.outbox = outbox;
        this.routes = routes;
        this.node = node;
        this.ids = ids;
    }

    /** What brought these orders, each of which stands there once, to where they stand. */
    NewEvents eventsOf(List<PlacedOrder> orders) {
        return new NewEvents(orders, ids);
    }

    /** The values of {@link #HISTORY}: the first eight of every statement that has it. */
    Tuple values(NewEvents events) {
        return Tuple.tuple()
                .addValue(events.orderIds())
                .addValue(events.ids())
                .addValue(events.types())
                .addValue(events.data())
                .addValue(events.times())
                .addValue(node)
                .addValue(routes.pairedReceivers())
                .addValue(routes.pairedTypes());
    }

    /** Call when they are committed. @param written {@code (order_id, seq)}; without a number where none was written */
    void tell(NewEvents events, RowSet<Row> written) {
        Map<UUID, Integer> seqs = new HashMap<>();
        for (Row row : written) {
            if (row.getInteger("seq") != null) {
                seqs.put(row.getUUID("order_id"), row.getInteger("seq"));
            }
        }
        outbox.committed(events.numbered(seqs));
    }

    /** Call when events may have been committed, by a statement whose answer was lost. */
    void wake() {
        outbox.wake();
    }
}
