package dev.souk.payment;

import dev.souk.contracts.Money;
import dev.souk.contracts.Payments.Kind;
import dev.souk.contracts.Payments.Status;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.kit.db.Transaction;
import dev.souk.payment.PaymentRules.Decision;
import dev.souk.payment.PaymentRules.InTurn;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * All SQL about payments.
 *
 * <p>There is one lock, the order's own row, and everybody takes it first, in the order of the ids: nobody waits in a
 * circle, and what is read under it stays true until the commit.
 */
final class PaymentRepository {
    private final Database database;

    PaymentRepository(Database database) {
        this.database = database;
    }

    /**
     * A way to bring commands to the orders that they are for. Each is decided on what the ones before it have left, and
     * answered when all that was decided with it is committed.
     *
     * @param name of what is committed
     */
    <C extends PaymentCommand, A> GroupCommit<C, A> commands(
            String name, BiFunction<OrderPayments, C, Decision<A>> rule) {
        return commands(name, PaymentRepository::claim, rule);
    }

    /** The same for commands that only ever come for orders that are known. */
    <C extends PaymentCommand, A> GroupCommit<C, A> settlements(
            String name, BiFunction<OrderPayments, C, Decision<A>> rule) {
        return commands(name, PaymentRepository::lock, rule);
    }

    private <C extends PaymentCommand, A> GroupCommit<C, A> commands(
            String name,
            BiFunction<Transaction, UUID[], Future<Map<UUID, OrderPayments>>> lock,
            BiFunction<OrderPayments, C, Decision<A>> rule) {
        return database.groupCommit(name, (transaction, commands) -> {
            UUID[] orderIds = sortedIds(commands);
            return lock.apply(transaction, orderIds).compose(known -> {
                InTurn<A> decided = PaymentRules.inTurn(known, commands, rule);
                return transaction
                        .last(store(transaction, known, decided.after()))
                        .map(decided.answers());
            });
        });
    }

    /** What is kept of an order's payments, oldest first. */
    Future<List<KeptPayment>> find(UUID orderId) {
        return database.read("""
                SELECT id, order_id, user_id, kind, status, amount, currency, payment_method, provider,
                       provider_reference, failure_reason, created_at, updated_at
                FROM payment
                WHERE order_id = $1
                ORDER BY created_at, id
                """, Tuple.of(orderId))
                .map(rows -> stream(rows).map(PaymentRepository::paymentFrom).toList());
    }

    /** Locks the orders, those too that were not known before, and reads what is kept of the others. */
    private static Future<Map<UUID, OrderPayments>> claim(Transaction transaction, UUID[] orderIds) {
        return transaction.run("""
                        INSERT INTO payment_order (order_id)
                        SELECT order_id FROM unnest($1::uuid[]) AS asked (order_id)
                        ON CONFLICT (order_id) DO NOTHING
                        RETURNING order_id
                        """, Tuple.of((Object) orderIds)).compose(inserted -> {
            Map<UUID, OrderPayments> fresh = stream(inserted)
                    .map(row -> OrderPayments.none(row.getUUID("order_id")))
                    .collect(Collectors.toMap(OrderPayments::orderId, Function.identity()));
            UUID[] others = Stream.of(orderIds)
                    .filter(orderId -> !fresh.containsKey(orderId))
                    .toArray(UUID[]::new);
            return others.length == 0
                    ? Future.succeededFuture(fresh)
                    : lock(transaction, others).onSuccess(known -> known.putAll(fresh));
        });
    }

    /**
     * Locks orders that are known, and reads what is kept of them. Two statements sent in one go: each sees what is
     * committed when it begins, so the second reads what the lock has made to stand still.
     */
    private static Future<Map<UUID, OrderPayments>> lock(Transaction transaction, UUID[] orderIds) {
        Future<RowSet<Row>> orders = transaction.run("""
                SELECT order_id, closed
                FROM payment_order
                WHERE order_id = ANY ($1)
                ORDER BY order_id
                FOR UPDATE
                """, Tuple.of((Object) orderIds));
        Future<RowSet<Row>> payments = transaction.run("""
                SELECT id, order_id, user_id, kind, status, amount, currency, payment_method, provider,
                       provider_reference, failure_reason, created_at, updated_at
                FROM payment
                WHERE order_id = ANY ($1)
                """, Tuple.of((Object) orderIds));
        return Future.all(orders, payments).map(read -> known(orders.result(), payments.result()));
    }

    private static Map<UUID, OrderPayments> known(RowSet<Row> orders, RowSet<Row> payments) {
        Map<UUID, OrderPayments> known = new HashMap<>();
        for (Row row : orders) {
            OrderPayments order = OrderPayments.none(row.getUUID("order_id"));
            known.put(order.orderId(), row.getBoolean("closed") ? order.close() : order);
        }
        for (Row row : payments) {
            KeptPayment payment = paymentFrom(row);
            known.computeIfPresent(payment.orderId(), (id, order) -> order.with(payment));
        }
        return known;
    }

    /** Stores what has changed and books what has succeeded. */
    private static Future<Void> store(
            Transaction transaction, Map<UUID, OrderPayments> before, Map<UUID, OrderPayments> after) {
        List<UUID> closed = new ArrayList<>();
        List<KeptPayment> begun = new ArrayList<>();
        List<KeptPayment> settled = new ArrayList<>();
        List<LedgerEntry> booked = new ArrayList<>();
        after.forEach((orderId, order) -> {
            OrderPayments known = before.get(orderId);
            if (order.closed() && !known.closed()) {
                closed.add(orderId);
            }
            order.changesSince(known).forEach(payment -> (known.knows(payment.id()) ? settled : begun).add(payment));
            booked.addAll(PaymentRules.bookings(known, order));
        });
        List<Future<?>> written = new ArrayList<>();
        addUnlessEmpty(written, closed, ids -> close(transaction, ids));
        addUnlessEmpty(written, begun, payments -> insert(transaction, payments));
        addUnlessEmpty(written, settled, payments -> update(transaction, payments));
        addUnlessEmpty(written, booked, entries -> book(transaction, entries));
        return Future.all(written).mapEmpty();
    }

    private static Future<?> close(Transaction transaction, List<UUID> orderIds) {
        return transaction.run("UPDATE payment_order SET closed = true WHERE order_id = ANY ($1)", Tuple.of((Object)
                orderIds.toArray(UUID[]::new)));
    }

    private static Future<?> insert(Transaction transaction, List<KeptPayment> payments) {
        return transaction.run(
                """
                INSERT INTO payment (id, order_id, user_id, kind, status, amount, currency, payment_method, provider,
                                     provider_reference, failure_reason, created_at, updated_at)
                SELECT id, order_id, user_id, kind, status, amount, currency, payment_method, provider,
                       provider_reference, failure_reason, created_at, updated_at
                FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::text[],
                            $8::text[], $9::text[], $10::text[], $11::text[], $12::timestamptz[], $13::timestamptz[])
                    AS begun (id, order_id, user_id, kind, status, amount, currency, payment_method, provider,
                              provider_reference, failure_reason, created_at, updated_at)
                """,
                Tuple.tuple()
                        .addArrayOfUUID(column(payments, KeptPayment::id, UUID[]::new))
                        .addArrayOfUUID(column(payments, KeptPayment::orderId, UUID[]::new))
                        .addArrayOfUUID(column(payments, KeptPayment::userId, UUID[]::new))
                        .addArrayOfString(
                                column(payments, payment -> payment.kind().name(), String[]::new))
                        .addArrayOfString(
                                column(payments, payment -> payment.status().name(), String[]::new))
                        .addArrayOfLong(
                                column(payments, payment -> payment.amount().amount(), Long[]::new))
                        .addArrayOfString(
                                column(payments, payment -> payment.amount().currency(), String[]::new))
                        .addArrayOfString(column(payments, KeptPayment::paymentMethod, String[]::new))
                        .addArrayOfString(column(payments, KeptPayment::provider, String[]::new))
                        .addArrayOfString(column(payments, KeptPayment::reference, String[]::new))
                        .addArrayOfString(column(payments, KeptPayment::failureReason, String[]::new))
                        .addArrayOfOffsetDateTime(
                                column(payments, payment -> utc(payment.createdAt()), OffsetDateTime[]::new))
                        .addArrayOfOffsetDateTime(
                                column(payments, payment -> utc(payment.updatedAt()), OffsetDateTime[]::new)));
    }

    private static Future<?> update(Transaction transaction, List<KeptPayment> payments) {
        return transaction.run(
                """
                UPDATE payment p
                SET status = settled.status, provider_reference = settled.provider_reference,
                    failure_reason = settled.failure_reason, updated_at = settled.updated_at
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[])
                    AS settled (id, status, provider_reference, failure_reason, updated_at)
                WHERE p.id = ANY ($1) AND p.id = settled.id AND p.status = 'PENDING'
                """,
                Tuple.tuple()
                        .addArrayOfUUID(column(payments, KeptPayment::id, UUID[]::new))
                        .addArrayOfString(
                                column(payments, payment -> payment.status().name(), String[]::new))
                        .addArrayOfString(column(payments, KeptPayment::reference, String[]::new))
                        .addArrayOfString(column(payments, KeptPayment::failureReason, String[]::new))
                        .addArrayOfOffsetDateTime(
                                column(payments, payment -> utc(payment.updatedAt()), OffsetDateTime[]::new)));
    }

    private static Future<?> book(Transaction transaction, List<LedgerEntry> entries) {
        return transaction.run(
                """
                INSERT INTO ledger_entry (payment_id, account, side, amount, currency, booked_at)
                SELECT payment_id, account, side, amount, currency, booked_at
                FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::timestamptz[])
                    AS booked (payment_id, account, side, amount, currency, booked_at)
                """,
                Tuple.tuple()
                        .addArrayOfUUID(column(entries, LedgerEntry::paymentId, UUID[]::new))
                        .addArrayOfString(
                                column(entries, entry -> entry.account().name(), String[]::new))
                        .addArrayOfString(column(entries, entry -> entry.side().name(), String[]::new))
                        .addArrayOfLong(column(entries, entry -> entry.amount().amount(), Long[]::new))
                        .addArrayOfString(
                                column(entries, entry -> entry.amount().currency(), String[]::new))
                        .addArrayOfOffsetDateTime(column(entries, entry -> utc(entry.at()), OffsetDateTime[]::new)));
    }

    private static KeptPayment paymentFrom(Row row) {
        return new KeptPayment(
                row.getUUID("id"),
                row.getUUID("order_id"),
                row.getUUID("user_id"),
                Kind.valueOf(row.getString("kind")),
                Status.valueOf(row.getString("status")),
                new Money(row.getLong("amount"), row.getString("currency")),
                row.getString("payment_method"),
                row.getString("provider"),
                row.getString("provider_reference"),
                row.getString("failure_reason"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }

    private static UUID[] sortedIds(List<? extends PaymentCommand> commands) {
        return commands.stream()
                .map(PaymentCommand::orderId)
                .distinct()
                .sorted()
                .toArray(UUID[]::new);
    }

    private static <T> void addUnlessEmpty(
            List<Future<?>> written, List<T> changes, Function<List<T>, Future<?>> write) {
        if (!changes.isEmpty()) {
            written.add(write.apply(changes));
        }
    }

    private static <T, V> V[] column(List<T> rows, Function<T, V> value, IntFunction<V[]> array) {
        return rows.stream().map(value).toArray(array);
    }

    private static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
