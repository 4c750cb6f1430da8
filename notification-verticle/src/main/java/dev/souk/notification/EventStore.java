package dev.souk.notification;

import dev.souk.kit.db.Transaction;
import dev.souk.kit.event.Inbox;
import dev.souk.kit.event.Inbox.Received;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Turns events into mails and webhook deliveries, in the transaction that remembers that they were applied. */
final class EventStore implements Inbox.Effect {
    private final NotificationConfig config;
    private final Supplier<UUID> ids;
    private final Runnable mailsCame;
    private final Runnable deliveriesCame;

    /**
     * @param mailsCame called when there are new mails to be sent
     * @param deliveriesCame called when there is something new for webhooks
     */
    EventStore(NotificationConfig config, Supplier<UUID> ids, Runnable mailsCame, Runnable deliveriesCame) {
        this.config = config;
        this.ids = ids;
        this.mailsCame = mailsCame;
        this.deliveriesCame = deliveriesCame;
    }

    @Override
    public Future<Void> apply(Transaction transaction, List<Received> fresh) {
        List<Reaction> reactions =
                fresh.stream().map(received -> Reaction.to(received.event())).toList();
        Future<?> kept = Future.all(
                keepRecipients(transaction, reactions),
                keepMails(transaction, reactions).onSuccess(stored -> tell(transaction, stored, mailsCame)),
                keepDeliveries(transaction, reactions).onSuccess(stored -> tell(transaction, stored, deliveriesCame)));
        return transaction.last(kept).mapEmpty();
    }

    private static void tell(Transaction transaction, int stored, Runnable came) {
        if (stored > 0) {
            transaction.afterCommit(came);
        }
    }

    /** The latest event that was ever told of a user says who they are, in whatever order the events come. */
    private static Future<Integer> keepRecipients(Transaction transaction, List<Reaction> reactions) {
        List<Reaction> told =
                reactions.stream().filter(one -> one.recipient().isPresent()).toList();
        return run(
                transaction,
                told,
                """
                INSERT INTO recipient AS known (user_id, name, email, seq)
                SELECT DISTINCT ON (user_id) user_id, name, email, seq
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[]) AS told (user_id, name, email, seq)
                ORDER BY user_id, seq DESC
                ON CONFLICT (user_id) DO UPDATE
                    SET name = excluded.name, email = excluded.email, seq = excluded.seq
                    WHERE known.seq < excluded.seq
                """,
                () -> Tuple.of(
                        column(told, one -> one.event().aggregateId(), UUID[]::new),
                        column(told, one -> one.recipient().orElseThrow().name(), String[]::new),
                        column(told, one -> one.recipient().orElseThrow().email(), String[]::new),
                        column(told, one -> one.event().seq(), Integer[]::new)));
    }

    private Future<Integer> keepMails(Transaction transaction, List<Reaction> reactions) {
        List<Reaction> told =
                reactions.stream().filter(one -> one.mail().isPresent()).toList();
        Function<Reaction, Mail> mail = one -> one.mail().orElseThrow();
        return run(
                transaction,
                told,
                """
                INSERT INTO notification
                    (id, user_id, event_id, type, order_id, seq, channel, status, subject, body, give_up_at)
                SELECT id, user_id, event_id, type, order_id, seq, 'EMAIL', $9, subject, body,
                       now() + $10 * interval '1 millisecond'
                FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::text[])
                    AS mail (id, user_id, event_id, type, order_id, seq, subject, body)
                ON CONFLICT DO NOTHING
                """,
                () -> Tuple.of(
                        column(told, one -> ids.get(), UUID[]::new),
                        column(told, mail.andThen(Mail::userId), UUID[]::new),
                        column(told, one -> one.event().id(), UUID[]::new),
                        column(told, one -> one.event().type(), String[]::new),
                        column(told, mail.andThen(Mail::orderId), UUID[]::new),
                        column(told, one -> one.event().seq(), Integer[]::new),
                        column(told, mail.andThen(Mail::subject), String[]::new),
                        column(told, mail.andThen(Mail::body), String[]::new),
                        config.mails().server().isPresent() ? "PENDING" : "KEPT",
                        millis(config.mails().giveUp())));
    }

    private Future<Integer> keepDeliveries(Transaction transaction, List<Reaction> reactions) {
        return run(
                transaction,
                reactions,
                """
                INSERT INTO webhook_delivery (webhook_id, event_id, aggregate_id, seq, type, body, give_up_at)
                SELECT w.id, event.id, event.aggregate_id, event.seq, event.type, event.body,
                       now() + $6 * interval '1 millisecond'
                FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::text[])
                        AS event (id, aggregate_id, seq, type, body)
                    JOIN webhook w ON w.deleted_at IS NULL AND event.type = ANY (w.events)
                ON CONFLICT DO NOTHING
                """,
                () -> Tuple.of(
                        column(reactions, one -> one.event().id(), UUID[]::new),
                        column(reactions, one -> one.event().aggregateId(), UUID[]::new),
                        column(reactions, one -> one.event().seq(), Integer[]::new),
                        column(reactions, one -> one.event().type(), String[]::new),
                        column(reactions, Reaction::posted, String[]::new),
                        millis(config.webhooks().giveUp())));
    }

    /** How many rows were written. */
    private static Future<Integer> run(Transaction transaction, List<?> rows, String sql, Supplier<Tuple> values) {
        return rows.isEmpty()
                ? Future.succeededFuture(0)
                : transaction.run(sql, values.get()).map(SqlResult::rowCount);
    }

    private static long millis(Duration duration) {
        return duration.toMillis();
    }

    private static <T, C> C[] column(List<T> rows, Function<T, C> of, IntFunction<C[]> array) {
        return rows.stream().map(of).toArray(array);
    }
}
