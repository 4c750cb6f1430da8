package dev.souk.order;

import static dev.souk.order.HistoryStore.HISTORY;

import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.order.SagaRepository.Lease;
import dev.souk.order.SagaRepository.LeaseLost;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** Writes how checkouts leave their orders: the order's end, its event, what is to be told to whom, and no checkout any more. */
final class EndingStore {
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(5);

    private final String owner;
    private final HistoryStore history;
    private final GroupCommit<Left, Boolean> leaving;

    /** An order as its checkout leaves it. */
    private record Left(PlacedOrder order, Lease held) {}

    /** @param owner this instance, who must hold what it ends */
    EndingStore(Database database, String owner, HistoryStore history) {
        this.owner = owner;
        this.history = history;
        this.leaving = database.groupWrite("end-checkouts", this::leaveAll);
    }

    /** Writes the order's end, which is the end of its checkout too. Fails with a lost lease if it is not the newest. */
    Future<Void> leave(PlacedOrder order, Lease held) {
        return leaving.submit(new Left(order, held), Deadline.in(WRITE_LIMIT))
                .compose(isHeld ->
                        isHeld ? Future.succeededFuture() : Future.failedFuture(new LeaseLost(held.orderId())));
    }

    private Future<List<Boolean>> leaveAll(SqlClient client, List<Left> batch) {
        List<Left> newest = newest(batch);
        NewEvents events = history.eventsOf(newest.stream().map(Left::order).toList());
        return client.preparedQuery("""
                        WITH ended AS (
                            DELETE FROM saga
                            USING unnest($1::uuid[], $9::bigint[], $10::text[], $11::text[], $5::timestamptz[])
                                AS leaving (order_id, version, status, reason, at)
                            WHERE saga.order_id = ANY ($1) AND saga.order_id = leaving.order_id
                                AND saga.version = leaving.version AND saga.owner = $12
                            RETURNING leaving.*
                        ), changed AS (
                            UPDATE orders
                            SET status = ended.status, reason = ended.reason, updated_at = ended.at,
                                checkout_status = ended.status, checkout_reason = ended.reason,
                                checkout_at = ended.at, last_seq = last_seq + 1
                            FROM ended
                            WHERE orders.id = ANY ($1) AND orders.id = ended.order_id AND orders.checkout_status IS NULL
                            RETURNING orders.id AS order_id, orders.last_seq AS seq
                        )""" + HISTORY + """
                        SELECT order_id, changed.seq FROM ended LEFT JOIN changed USING (order_id)
                        """)
                .execute(history.values(events)
                        .addValue(Columns.of(newest, one -> one.held().version(), Long[]::new))
                        .addValue(Columns.of(newest, one -> one.order().status().name(), String[]::new))
                        .addValue(Columns.of(newest, one -> reason(one.order()), String[]::new))
                        .addValue(owner))
                .onSuccess(left -> history.tell(events, left))
                .compose(left -> left.rowCount() == batch.size()
                        ? Future.succeededFuture(batch.stream().map(one -> true).toList())
                        : whichHaveLeft(client, batch).onSuccess(known -> history.wake()));
    }

    /**
     * In the order of their ids, in which nobody waits in a circle. Of two that would end the same checkout, only the one
     * with the newer lease can hold it.
     */
    private static List<Left> newest(List<Left> batch) {
        Map<UUID, Left> byOrder = batch.stream()
                .collect(Collectors.toMap(
                        one -> one.order().id(),
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparingLong(
                                (Left one) -> one.held().version())),
                        LinkedHashMap::new));
        return byOrder.values().stream()
                .sorted(Comparator.comparing(one -> one.order().id(), Columns.AS_THE_DATABASE_SORTS))
                .toList();
    }

    /**
     * An order that stands as it was to be left, since that very moment, was left so by this instance: now, or before the
     * answer to its commit was lost.
     */
    private static Future<List<Boolean>> whichHaveLeft(SqlClient client, List<Left> batch) {
        return client.preparedQuery("""
                        SELECT leaving.number
                        FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
                                WITH ORDINALITY AS leaving (order_id, status, at, number)
                            JOIN orders ON orders.id = leaving.order_id
                                AND (leaving.status, leaving.at) IN (
                                    (orders.checkout_status, orders.checkout_at), (orders.status, orders.updated_at))
                        WHERE NOT EXISTS (SELECT FROM saga WHERE saga.order_id = orders.id)
                        """)
                .execute(Tuple.tuple()
                        .addValue(Columns.orderIds(batch, Left::order))
                        .addValue(Columns.of(batch, one -> one.order().status().name(), String[]::new))
                        .addValue(Columns.times(batch, one -> one.order().updatedAt())))
                .map(rows -> {
                    Set<Long> left = StreamSupport.stream(rows.spliterator(), false)
                            .map(row -> row.getLong("number"))
                            .collect(Collectors.toSet());
                    return IntStream.rangeClosed(1, batch.size())
                            .mapToObj(number -> left.contains((long) number))
                            .toList();
                });
    }

    private static String reason(PlacedOrder order) {
        return order.reason() == null ? null : order.reason().name();
    }
}
