package dev.souk.kit.event;

import dev.souk.contracts.Event;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.Outbox.History;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** What is still to be delivered to one receiver, and who delivers it. */
final class DeliveryRepository {
    private static final Duration LEASE = Duration.ofSeconds(4);
    private static final Duration RENEW_WITH = Duration.ofSeconds(2);

    private final Database database;
    private final String receiver;
    private final String owner;
    private final int attempts;
    private final String next;
    private long leadsUntil = System.nanoTime();

    /** @param attempts after how many refusals an event is parked */
    DeliveryRepository(Database database, String receiver, String owner, History history, int attempts) {
        this.database = database;
        this.receiver = receiver;
        this.owner = owner;
        this.attempts = attempts;
        // Looks up each row by itself, whatever the planner believes of how many there are.
        this.next = """
                SELECT e.id, d.aggregate_id, d.seq, e.type, e.data::text AS data, e.at
                FROM event_delivery d CROSS JOIN LATERAL (
                    SELECT id, type, data, at FROM %1$s WHERE %2$s = d.aggregate_id AND seq = d.seq LIMIT 1) e
                WHERE d.receiver = $1 AND d.parked_at IS NULL AND d.due_at <= now()
                    AND d.seq = (
                        SELECT min(seq) FROM event_delivery
                        WHERE receiver = $1 AND aggregate_id = d.aggregate_id)
                ORDER BY d.id
                LIMIT $2
                """.formatted(history.table(), history.aggregateColumn());
    }

    /** Whether this instance leads, as far as it knows. */
    boolean leads() {
        return leadsUntil - System.nanoTime() > 0;
    }

    /** Whether this instance leads, from now on or still. */
    Future<Boolean> lead() {
        long now = System.nanoTime();
        if (leadsUntil - now > RENEW_WITH.toNanos()) {
            return Future.succeededFuture(true);
        }
        return database.write("lead-relay", """
                        INSERT INTO relay_lease AS held (receiver, owner, lease_until)
                        VALUES ($1, $2, now() + $3 * interval '1 millisecond')
                        ON CONFLICT (receiver) DO UPDATE
                        SET owner = excluded.owner, lease_until = excluded.lease_until
                        WHERE held.owner = excluded.owner OR held.lease_until < now()
                        """, Tuple.of(receiver, owner, LEASE.toMillis()))
                .map(rows -> {
                    boolean leads = rows.rowCount() == 1;
                    if (leads) {
                        leadsUntil = now + LEASE.toNanos();
                    }
                    return leads;
                });
    }

    Future<Void> resign() {
        leadsUntil = System.nanoTime();
        return database.write(
                        "resign-relay",
                        "DELETE FROM relay_lease WHERE receiver = $1 AND owner = $2",
                        Tuple.of(receiver, owner))
                .mapEmpty();
    }

    /** The first events on the table, at most one of each aggregate. */
    Future<List<Event>> next(int most) {
        return database.read(next, Tuple.of(receiver, most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(DeliveryRepository::from)
                        .toList());
    }

    /** Strikes them off the table. */
    Future<Void> acknowledge(List<Event> events) {
        if (events.isEmpty()) {
            return Future.succeededFuture();
        }
        return database.write(
                        "acknowledge-events",
                        """
                        DELETE FROM event_delivery d
                        USING unnest($2::uuid[], $3::int[]) AS arrived (aggregate_id, seq)
                        WHERE d.receiver = $1 AND d.aggregate_id = ANY ($2) AND d.aggregate_id = arrived.aggregate_id AND d.seq = arrived.seq
                        """,
                        Tuple.of(
                                receiver,
                                events.stream().map(Event::aggregateId).toArray(UUID[]::new),
                                events.stream().map(Event::seq).toArray(Integer[]::new)))
                .mapEmpty();
    }

    /** Leaves the event for later. True if it was refused often enough to be parked. */
    Future<Boolean> refused(Event event, String why) {
        return database.write("refuse-event", """
                        UPDATE event_delivery
                        SET attempts = attempts + 1,
                            failure = $3,
                            due_at = now() + least(30000, 100 * 2 ^ least(attempts, 10)) * interval '1 millisecond',
                            parked_at = CASE WHEN attempts + 1 >= $5 THEN now() END
                        WHERE receiver = $1 AND aggregate_id = $2 AND seq = $4
                        RETURNING parked_at IS NOT NULL AS parked
                        """, Tuple.of(receiver, event.aggregateId(), why, event.seq(), attempts))
                .map(rows -> rows.rowCount() > 0 && rows.iterator().next().getBoolean("parked"));
    }

    private static Event from(Row row) {
        return new Event(
                row.getUUID("id"),
                row.getUUID("aggregate_id"),
                row.getInteger("seq"),
                row.getString("type"),
                row.getOffsetDateTime("at").toInstant(),
                EventFormat.fields(row.getString("data")));
    }
}
