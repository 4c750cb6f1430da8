package dev.souk.order;

import dev.souk.contracts.OrderEvent;
import dev.souk.kit.event.Routes;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** Writes the history of orders, and what is to be told to whom, as a part of the statements that change them. */
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

    private final Routes routes;
    private final String node;
    private final Supplier<UUID> ids;

    /** @param node who writes */
    HistoryStore(Routes routes, String node, Supplier<UUID> ids) {
        this.routes = routes;
        this.node = node;
        this.ids = ids;
    }

    /** The values of {@link #HISTORY}: the first eight of every statement that has it. Each order stands there once. */
    Tuple values(List<PlacedOrder> orders) {
        NewEvents events =
                NewEvents.of(orders.stream().<OrderEvent>map(PlacedOrder::event).toList(), ids);
        return Tuple.tuple()
                .addValue(Columns.orderIds(orders, Function.identity()))
                .addValue(events.ids())
                .addValue(events.types())
                .addValue(events.data())
                .addValue(Columns.times(orders, PlacedOrder::updatedAt))
                .addValue(node)
                .addValue(routes.pairedReceivers())
                .addValue(routes.pairedTypes());
    }
}
