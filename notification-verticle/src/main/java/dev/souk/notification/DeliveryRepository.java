package dev.souk.notification;

import dev.souk.contracts.Notifications.Delivery;
import dev.souk.contracts.Notifications.DeliveryStatus;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.kit.db.Page;
import dev.souk.kit.db.Transaction;
import dev.souk.notification.Dispatcher.Claimed;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The table of what is to be delivered to webhooks, and was. */
final class DeliveryRepository {
    private static final int LOOKED_AT = 64;
    private static final int TRIMMED_AT_ONCE = 5_000;
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);

    private final Database database;
    private final GroupCommit<Attempted, Optional<DeliveryStatus>> settling;

    /**
     * A delivery that is claimed.
     *
     * @param attempt counts all attempts at it, from 1
     * @param failures how many have failed since it was last asked for
     */
    record Claim(UUID webhookId, UUID eventId, URI url, String secret, String body, int attempt, int failures) {
        @Override
        public String toString() {
            return "Claim[webhookId=" + webhookId + ", eventId=" + eventId + ", attempt=" + attempt + "]";
        }
    }

    /** @param pause before the next attempt, if there must be one */
    record Attempted(Claim claim, WebhookSender.Answer answer, Duration pause) {}

    private record Key(UUID webhookId, UUID eventId) {}

    DeliveryRepository(Database database) {
        this.database = database;
        this.settling = database.groupCommit("settle-deliveries", DeliveryRepository::settleAll);
    }

    /** What was delivered to a webhook, or is to be, newest first. */
    Future<Page<Delivery>> page(UUID webhookId, UUID below, int limit) {
        return database.read("""
                        SELECT event_id, type, status, attempts, last_status, last_error, created_at, due_at
                        FROM webhook_delivery
                        WHERE webhook_id = $1 AND event_id < $2
                        ORDER BY event_id DESC
                        LIMIT $3
                        """, Tuple.of(webhookId, below, limit + 1))
                .map(rows -> Page.of(
                        rows.stream().map(DeliveryRepository::delivery).toList(),
                        limit,
                        one -> Cursor.after(one.eventId())));
    }

    /** Due at once, whatever became of it, and for as long as if it were new. One that is being sent is left to that. */
    Future<Optional<Delivery>> redeliver(UUID webhookId, UUID eventId, Duration giveUp) {
        return database.write("redeliver", """
                        UPDATE webhook_delivery
                        SET status = 'PENDING', failures = 0, due_at = now(),
                            give_up_at = now() + $3 * interval '1 millisecond'
                        WHERE webhook_id = $1 AND event_id = $2
                        RETURNING event_id, type, status, attempts, last_status, last_error, created_at, due_at
                        """, Tuple.of(webhookId, eventId, giveUp.toMillis()))
                .map(rows -> rows.stream().findFirst().map(DeliveryRepository::delivery));
    }

    /**
     * Takes deliveries that are due, no more for each webhook than it has room for. One that waits behind another of the
     * same order is looked at again when that one has arrived; in case that went by unseen, also after as long again as it
     * has waited already.
     *
     * @param room of webhooks that have less than the usual room
     */
    Future<Claimed<Claim>> claim(Map<UUID, Integer> room, int most, Duration lease) {
        List<UUID> limited = List.copyOf(room.keySet());
        return database.write(
                        "claim-deliveries",
                        """
                        WITH target AS (
                            SELECT w.id, w.url, w.secret, coalesce(limited.room, $3) AS room
                            FROM webhook w LEFT JOIN unnest($1::uuid[], $2::int[]) AS limited (webhook_id, room)
                                ON limited.webhook_id = w.id
                            WHERE w.deleted_at IS NULL AND coalesce(limited.room, $3) > 0
                        ), due AS MATERIALIZED (
                            SELECT target.id AS webhook_id, target.room, d.event_id, d.aggregate_id, d.seq, d.due_at
                            FROM target CROSS JOIN LATERAL (
                                SELECT event_id, aggregate_id, seq, due_at
                                FROM webhook_delivery
                                WHERE webhook_id = target.id AND status = 'PENDING' AND due_at <= now()
                                    AND (lease_until IS NULL OR lease_until <= now())
                                ORDER BY due_at
                                LIMIT $6
                                FOR UPDATE SKIP LOCKED) d
                        ), judged AS (
                            SELECT webhook_id, event_id, room, due_at, EXISTS (
                                SELECT FROM webhook_delivery earlier
                                WHERE earlier.webhook_id = due.webhook_id AND earlier.aggregate_id = due.aggregate_id
                                    AND earlier.seq < due.seq AND earlier.status <> 'DELIVERED') AS waits
                            FROM due
                        ), ranked AS (
                            SELECT webhook_id, event_id, room, waits, row_number() OVER (
                                PARTITION BY webhook_id, waits ORDER BY due_at, event_id) AS place
                            FROM judged
                        ), taken AS (
                            SELECT webhook_id, event_id, waits FROM ranked WHERE waits
                            UNION ALL
                            (SELECT webhook_id, event_id, waits
                             FROM ranked
                             WHERE NOT waits AND place <= room
                             ORDER BY place, random()
                             LIMIT $4)
                        )
                        UPDATE webhook_delivery d
                        SET attempts = CASE WHEN waits THEN attempts ELSE attempts + 1 END,
                            lease_until = CASE WHEN NOT waits THEN now() + $5 * interval '1 millisecond' END,
                            due_at = CASE
                                WHEN waits THEN now() + least(greatest(now() - d.created_at, '1 second'), '1 hour')
                                ELSE due_at
                            END
                        FROM taken JOIN target ON target.id = taken.webhook_id
                        WHERE d.webhook_id = taken.webhook_id AND d.event_id = taken.event_id
                        RETURNING d.webhook_id, d.event_id, d.body, d.attempts, d.failures, waits,
                            target.url, target.secret
                        """,
                        Tuple.of(
                                column(limited, Function.identity(), UUID[]::new),
                                column(limited, room::get, Integer[]::new),
                                WebhookSlots.USUAL,
                                most,
                                lease.toMillis(),
                                LOOKED_AT))
                .map(DeliveryRepository::claimed);
    }

    /**
     * Writes down what came of an attempt.
     *
     * @return how the delivery stands; empty if another has taken it over
     */
    Future<Optional<DeliveryStatus>> settle(Attempted attempted) {
        return settling.submit(attempted, Deadline.in(SETTLE_LIMIT));
    }

    /** Forgets some of what arrived long ago or was for a webhook that is deleted. @return how many */
    Future<Integer> trim(Duration kept) {
        return database.write("trim-deliveries", """
                        DELETE FROM webhook_delivery
                        WHERE (webhook_id, event_id) IN (
                            (SELECT webhook_id, event_id
                             FROM webhook_delivery
                             WHERE status = 'DELIVERED' AND settled_at < now() - $1 * interval '1 millisecond'
                             LIMIT $2)
                            UNION ALL
                            (SELECT d.webhook_id, d.event_id
                             FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
                             WHERE w.deleted_at IS NOT NULL
                             LIMIT $2))
                        """, Tuple.of(kept.toMillis(), TRIMMED_AT_ONCE))
                .map(RowSet::rowCount);
    }

    private static Future<List<Optional<DeliveryStatus>>> settleAll(Transaction transaction, List<Attempted> batch) {
        return transaction
                .run(
                        """
                        UPDATE webhook_delivery d
                        SET status = CASE
                                WHEN tried.error IS NULL THEN 'DELIVERED'
                                WHEN now() >= d.give_up_at THEN 'PARKED'
                                ELSE 'PENDING'
                            END,
                            failures = CASE WHEN tried.error IS NULL THEN 0 ELSE d.failures + 1 END,
                            last_status = tried.status,
                            last_error = tried.error,
                            due_at = now() + tried.pause * interval '1 millisecond',
                            lease_until = NULL,
                            settled_at = now()
                        FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::text[], $6::bigint[])
                            AS tried (webhook_id, event_id, attempt, status, error, pause)
                        WHERE d.event_id = ANY ($2) AND d.webhook_id = tried.webhook_id AND d.event_id = tried.event_id
                            AND d.attempts = tried.attempt AND d.status = 'PENDING'
                        RETURNING d.webhook_id, d.event_id, d.aggregate_id, d.seq, d.status
                        """,
                        Tuple.of(
                                column(batch, one -> one.claim().webhookId(), UUID[]::new),
                                column(batch, one -> one.claim().eventId(), UUID[]::new),
                                column(batch, one -> one.claim().attempt(), Integer[]::new),
                                column(batch, one -> one.answer().status(), Integer[]::new),
                                column(batch, one -> one.answer().error(), String[]::new),
                                column(batch, one -> one.pause().toMillis(), Long[]::new)))
                .compose(settled -> callNext(transaction, settled).map(called -> statuses(batch, settled)));
    }

    /** What waited behind a delivery that has arrived is due at once. */
    private static Future<Void> callNext(Transaction transaction, RowSet<Row> settled) {
        List<Row> arrived = settled.stream()
                .filter(row -> row.getString("status").equals("DELIVERED"))
                .toList();
        if (arrived.isEmpty()) {
            return Future.succeededFuture();
        }
        return transaction
                .run(
                        """
                        UPDATE webhook_delivery d
                        SET due_at = now()
                        FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS arrived (webhook_id, aggregate_id, seq)
                        WHERE d.webhook_id = ANY ($1) AND d.aggregate_id = ANY ($2)
                            AND d.webhook_id = arrived.webhook_id AND d.aggregate_id = arrived.aggregate_id
                            AND d.seq > arrived.seq
                            AND d.status = 'PENDING' AND d.failures = 0 AND d.due_at > now()
                        """,
                        Tuple.of(
                                column(arrived, row -> row.getUUID("webhook_id"), UUID[]::new),
                                column(arrived, row -> row.getUUID("aggregate_id"), UUID[]::new),
                                column(arrived, row -> row.getInteger("seq"), Integer[]::new)))
                .mapEmpty();
    }

    private static List<Optional<DeliveryStatus>> statuses(List<Attempted> batch, RowSet<Row> settled) {
        Map<Key, DeliveryStatus> byKey = new HashMap<>();
        settled.forEach(row -> byKey.put(
                new Key(row.getUUID("webhook_id"), row.getUUID("event_id")),
                DeliveryStatus.valueOf(row.getString("status"))));
        return batch.stream()
                .map(Attempted::claim)
                .map(claim -> Optional.ofNullable(byKey.get(new Key(claim.webhookId(), claim.eventId()))))
                .toList();
    }

    private static Claimed<Claim> claimed(RowSet<Row> rows) {
        List<Claim> claims = new ArrayList<>();
        for (Row row : rows) {
            if (!row.getBoolean("waits")) {
                claims.add(claim(row));
            }
        }
        return new Claimed<>(claims, rows.rowCount() > claims.size());
    }

    private static Claim claim(Row row) {
        return new Claim(
                row.getUUID("webhook_id"),
                row.getUUID("event_id"),
                URI.create(row.getString("url")),
                row.getString("secret"),
                row.getString("body"),
                row.getInteger("attempts"),
                row.getInteger("failures"));
    }

    private static Delivery delivery(Row row) {
        DeliveryStatus status = DeliveryStatus.valueOf(row.getString("status"));
        OffsetDateTime due = status == DeliveryStatus.PENDING ? row.getOffsetDateTime("due_at") : null;
        return new Delivery(
                row.getUUID("event_id"),
                row.getString("type"),
                status,
                row.getInteger("attempts"),
                row.getInteger("last_status"),
                row.getString("last_error"),
                row.getOffsetDateTime("created_at").toInstant(),
                due == null ? null : due.toInstant());
    }

    private static <T, C> C[] column(Collection<T> rows, Function<T, C> of, IntFunction<C[]> array) {
        return rows.stream().map(of).toArray(array);
    }
}
