package dev.souk.notification;

import dev.souk.contracts.Notifications.Channel;
import dev.souk.contracts.Notifications.Notification;
import dev.souk.contracts.Notifications.NotificationStatus;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The table of notifications: what users were told, and the mails that are still to be sent. */
final class NotificationRepository {
    private static final int LOOKED_AT = 256;
    private static final int MOST_REFUSALS = 3;
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(10);

    private final Database database;
    private final GroupCommit<Attempted, Optional<NotificationStatus>> settling;

    /**
     * A mail that is claimed.
     *
     * @param attempt counts all attempts at it, from 1
     * @param recipient none if it is not known here
     */
    record Claim(
            UUID id,
            UUID eventId,
            UUID userId,
            String subject,
            String body,
            int attempt,
            Optional<Recipient> recipient) {}

    /** What came of an attempt. */
    enum Outcome {
        SENT,
        /** It may go better later. */
        FAILED,
        /** The server said that it never will. */
        REFUSED
    }

    /** @param failure in words for the operator; null if it was sent */
    record Attempted(Claim claim, Outcome outcome, Duration pause, String failure) {}

    NotificationRepository(Database database) {
        this.database = database;
        this.settling = database.groupCommit("settle-mails", NotificationRepository::settleAll);
    }

    /** What a user was told, newest first. */
    Future<Page<Notification>> page(UUID userId, UUID below, int limit) {
        return database.read("""
                        SELECT id, type, order_id, channel, status, created_at
                        FROM notification
                        WHERE user_id = $1 AND id < $2
                        ORDER BY id DESC
                        LIMIT $3
                        """, Tuple.of(userId, below, limit + 1))
                .map(rows -> Page.of(
                        rows.stream().map(NotificationRepository::notification).toList(),
                        limit,
                        one -> Cursor.after(one.id())));
    }

    /**
     * Takes mails that are due. One that waits behind another of its order is looked at again when that one is settled; in
     * case that went by unseen, also after as long again as it has waited already.
     */
    Future<Claimed<Claim>> claim(int most, Duration lease) {
        return database.write("claim-mails", """
                        WITH due AS MATERIALIZED (
                            SELECT id, user_id, order_id, seq, due_at
                            FROM notification
                            WHERE status = 'PENDING' AND due_at <= now()
                                AND (lease_until IS NULL OR lease_until <= now())
                            ORDER BY due_at
                            LIMIT $3
                            FOR UPDATE SKIP LOCKED
                        ), judged AS (
                            SELECT id, user_id, due_at, EXISTS (
                                SELECT FROM notification earlier
                                WHERE earlier.order_id = due.order_id AND earlier.seq < due.seq
                                    AND earlier.status = 'PENDING') AS waits
                            FROM due
                        ), taken AS (
                            SELECT id, user_id, waits FROM judged WHERE waits
                            UNION ALL
                            (SELECT id, user_id, waits FROM judged WHERE NOT waits ORDER BY due_at LIMIT $1)
                        )
                        UPDATE notification n
                        SET attempts = CASE WHEN waits THEN attempts ELSE attempts + 1 END,
                            lease_until = CASE WHEN NOT waits THEN now() + $2 * interval '1 millisecond' END,
                            due_at = CASE
                                WHEN waits THEN now() + least(greatest(now() - created_at, '1 second'), '1 hour')
                                ELSE due_at
                            END
                        FROM taken LEFT JOIN recipient r ON r.user_id = taken.user_id
                        WHERE n.id = taken.id
                        RETURNING n.id, n.event_id, n.user_id, n.subject, n.body, n.attempts, waits, r.name, r.email
                        """, Tuple.of(most, lease.toMillis(), LOOKED_AT))
                .map(NotificationRepository::claimed);
    }

    /**
     * Writes down what came of an attempt.
     *
     * @return how the mail stands; empty if another has taken it over
     */
    Future<Optional<NotificationStatus>> settle(Attempted attempted) {
        return settling.submit(attempted, Deadline.in(SETTLE_LIMIT));
    }

    private static Future<List<Optional<NotificationStatus>>> settleAll(
            Transaction transaction, List<Attempted> batch) {
        return transaction
                .run(
                        """
                        UPDATE notification n
                        SET status = CASE
                                WHEN tried.outcome = 'SENT' THEN 'SENT'
                                WHEN now() >= n.give_up_at THEN 'FAILED'
                                WHEN tried.outcome = 'REFUSED' AND n.refusals + 1 >= $6 THEN 'FAILED'
                                ELSE 'PENDING'
                            END,
                            refusals = n.refusals + (tried.outcome = 'REFUSED')::int,
                            due_at = now() + tried.pause * interval '1 millisecond',
                            lease_until = NULL,
                            settled_at = now(),
                            failure = tried.failure
                        FROM unnest($1::uuid[], $2::int[], $3::text[], $4::bigint[], $5::text[])
                            AS tried (id, attempt, outcome, pause, failure)
                        WHERE n.id = ANY ($1) AND n.id = tried.id AND n.attempts = tried.attempt AND n.status = 'PENDING'
                        RETURNING n.id, n.order_id, n.seq, n.status
                        """,
                        Tuple.of(
                                column(batch, one -> one.claim().id(), UUID[]::new),
                                column(batch, one -> one.claim().attempt(), Integer[]::new),
                                column(batch, one -> one.outcome().name(), String[]::new),
                                column(batch, one -> one.pause().toMillis(), Long[]::new),
                                column(batch, Attempted::failure, String[]::new),
                                MOST_REFUSALS))
                .compose(settled -> callNext(transaction, settled).map(called -> statuses(batch, settled)));
    }

    /** What waited behind a mail that is settled for good is due at once. */
    private static Future<Void> callNext(Transaction transaction, RowSet<Row> settled) {
        List<Row> ended = settled.stream()
                .filter(row -> row.getUUID("order_id") != null)
                .filter(row -> !row.getString("status").equals("PENDING"))
                .toList();
        if (ended.isEmpty()) {
            return Future.succeededFuture();
        }
        return transaction
                .run("""
                        UPDATE notification n
                        SET due_at = now()
                        FROM unnest($1::uuid[], $2::int[]) AS ended (order_id, seq)
                        WHERE n.order_id = ANY ($1) AND n.order_id = ended.order_id AND n.seq > ended.seq
                            AND n.status = 'PENDING' AND n.attempts = 0 AND n.due_at > now()
                        """, Tuple.of(column(ended, row -> row.getUUID("order_id"), UUID[]::new), (Object)
                        column(ended, row -> row.getInteger("seq"), Integer[]::new)))
                .mapEmpty();
    }

    private static List<Optional<NotificationStatus>> statuses(List<Attempted> batch, RowSet<Row> settled) {
        Map<UUID, NotificationStatus> byId = new HashMap<>();
        settled.forEach(row -> byId.put(row.getUUID("id"), NotificationStatus.valueOf(row.getString("status"))));
        return batch.stream()
                .map(one -> Optional.ofNullable(byId.get(one.claim().id())))
                .toList();
    }

    private static Claimed<Claim> claimed(RowSet<Row> rows) {
        List<Claim> claims = new ArrayList<>();
        for (Row row : rows) {
            if (!row.getBoolean("waits")) {
                claims.add(from(row));
            }
        }
        return new Claimed<>(claims, rows.rowCount() > claims.size());
    }

    private static Claim from(Row row) {
        return new Claim(
                row.getUUID("id"),
                row.getUUID("event_id"),
                row.getUUID("user_id"),
                row.getString("subject"),
                row.getString("body"),
                row.getInteger("attempts"),
                Optional.ofNullable(row.getString("email")).map(email -> new Recipient(row.getString("name"), email)));
    }

    private static Notification notification(Row row) {
        return new Notification(
                row.getUUID("id"),
                row.getString("type"),
                row.getUUID("order_id"),
                Channel.valueOf(row.getString("channel")),
                NotificationStatus.valueOf(row.getString("status")),
                row.getOffsetDateTime("created_at").toInstant());
    }

    private static <T, C> C[] column(List<T> rows, Function<T, C> of, IntFunction<C[]> array) {
        return rows.stream().map(of).toArray(array);
    }
}
