package dev.souk.order;

import static dev.souk.order.HistoryStore.HISTORY;

import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Status;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.order.SagaRepository.Lease;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Writes orders: each change together with its event, what is to be told to whom, and the progress of the checkout.
 *
 * <p>Everybody takes locks in one order: orders by id, then checkouts by id.
 */
final class OrderStore {
    private final Database database;
    private final SagaRepository sagas;
    private final HistoryStore history;
    private final GroupCommit<NewOrder, Boolean> placing;

    private record NewOrder(PlacedOrder order, Duration answerWithin) {}

    OrderStore(Database database, SagaRepository sagas, HistoryStore history) {
        this.database = database;
        this.sagas = sagas;
        this.history = history;
        this.placing = database.groupWrite("place-orders", this::placeAll);
    }

    /**
     * Claims the key, stores the pending order with its lines and first event, and begins its checkout. False, and nothing
     * stored, if the user has used the key before.
     *
     * @param answerWithin how long the request that places it waits for its end
     */
    Future<Boolean> place(PlacedOrder order, Duration answerWithin, Deadline deadline) {
        return placing.submit(new NewOrder(order, answerWithin), deadline);
    }

    /**
     * Writes a change that no checkout makes. False, and nothing written, if the order does not stand at {@code from} any
     * more.
     */
    Future<Boolean> change(PlacedOrder order, Status from) {
        NewEvents events = history.eventsOf(List.of(order));
        return database.write(
                        "change-order",
                        """
                        WITH changed AS (
                            UPDATE orders SET status = $10, updated_at = $11, last_seq = last_seq + 1
                            WHERE id = $9 AND status IS NOT DISTINCT FROM $12
                            RETURNING id AS order_id, last_seq AS seq
                        )""" + HISTORY + "SELECT order_id, seq FROM changed",
                        changeValues(events, order, from))
                .onSuccess(changed -> history.tell(events, changed))
                .map(changed -> changed.rowCount() == 1);
    }

    /**
     * Cancels a confirmed order, and begins to undo its checkout. False, and nothing written, if it is not confirmed any
     * more.
     */
    Future<Boolean> cancel(PlacedOrder order, Lease begun) {
        NewEvents events = history.eventsOf(List.of(order));
        return database.write(
                        "cancel-order",
                        """
                        WITH changed AS (
                            UPDATE orders SET status = $10, updated_at = $11, last_seq = last_seq + 1
                            WHERE id = $9 AND status IS NOT DISTINCT FROM $12
                            RETURNING id AS order_id, last_seq AS seq
                        )""" + HISTORY + """
                        INSERT INTO saga (order_id, step, ending, owner, lease_until, version, attempts)
                        SELECT order_id, $13, $14, $15, now() + $16 * interval '1 millisecond', $17, 1 FROM changed
                        RETURNING order_id, (SELECT seq FROM changed) AS seq
                        """,
                        changeValues(events, order, Status.CONFIRMED)
                                .addValue(begun.progress().step())
                                .addValue(SagaRepository.statusOf(begun.progress()))
                                .addValue(begun.owner())
                                .addValue(sagas.lease().toMillis())
                                .addValue(begun.version()))
                .onSuccess(cancelled -> history.tell(events, cancelled))
                .map(cancelled -> cancelled.rowCount() == 1);
    }

    private Tuple changeValues(NewEvents events, PlacedOrder order, Status from) {
        return history.values(events)
                .addValue(order.id())
                .addValue(order.status().name())
                .addValue(Columns.utc(order.updatedAt()))
                .addValue(from.name());
    }

    private Future<List<Boolean>> placeAll(SqlClient client, List<NewOrder> batch) {
        // In one order of their keys: two instances that store the same keys would wait for each other otherwise.
        List<NewOrder> sorted = batch.stream()
                .sorted(Comparator.comparing((NewOrder one) -> one.order().userId())
                        .thenComparing(one -> one.order().claim().key()))
                .toList();
        NewEvents events = history.eventsOf(sorted.stream().map(NewOrder::order).toList());
        return client.preparedQuery("""
                        WITH changed AS (
                            INSERT INTO orders (id, user_id, idempotency_key, request_id, fingerprint, payment_method,
                                answer_by, status, total, currency, last_seq, created_at, updated_at)
                            SELECT id, user_id, idempotency_key, request_id, fingerprint, payment_method,
                                now() + answer_within * interval '1 millisecond', 'PENDING', total, currency, 1, at, at
                            FROM unnest($1::uuid[], $9::uuid[], $10::text[], $11::text[], $12::bytea[], $13::text[],
                                $14::bigint[], $15::bigint[], $16::text[], $5::timestamptz[])
                                AS fresh (id, user_id, idempotency_key, request_id, fingerprint, payment_method,
                                answer_within, total, currency, at)
                            ON CONFLICT DO NOTHING
                            RETURNING id AS order_id, last_seq AS seq
                        ), lines AS (
                            INSERT INTO order_line (order_id, position, product_id, sku, name, quantity, unit_price)
                            SELECT line.order_id, line.position, line.product_id, line.sku, line.name, line.quantity,
                                line.unit_price
                            FROM changed JOIN unnest($17::uuid[], $18::int[], $19::uuid[], $20::text[], $21::text[],
                                $22::int[], $23::bigint[])
                                AS line (order_id, position, product_id, sku, name, quantity, unit_price)
                                ON line.order_id = changed.order_id
                        )""" + HISTORY + """
                        INSERT INTO saga (order_id, step, owner, lease_until, version, attempts)
                        SELECT order_id, $24, $25, now() + $26 * interval '1 millisecond', 1, 1 FROM changed
                        RETURNING order_id, 1 AS seq
                        """)
                .execute(placeValues(events, sorted))
                .onSuccess(placed -> history.tell(events, placed))
                .compose(placed -> placed.rowCount() == batch.size()
                        ? Future.succeededFuture(batch.stream().map(one -> true).toList())
                        : whichAreStored(client, batch).onSuccess(known -> history.wake()));
    }

    /** An order that is stored under its own id was stored by this instance, now or before its commit's answer was lost. */
    private static Future<List<Boolean>> whichAreStored(SqlClient client, List<NewOrder> batch) {
        return client.preparedQuery("SELECT id FROM orders WHERE id = ANY ($1)")
                .execute(Tuple.of((Object) Columns.orderIds(batch, NewOrder::order)))
                .map(rows -> {
                    Set<UUID> stored = StreamSupport.stream(rows.spliterator(), false)
                            .map(row -> row.getUUID("id"))
                            .collect(Collectors.toSet());
                    return batch.stream()
                            .map(one -> stored.contains(one.order().id()))
                            .toList();
                });
    }

    private Tuple placeValues(NewEvents events, List<NewOrder> batch) {
        List<NewLine> lines = batch.stream()
                .map(NewOrder::order)
                .flatMap(OrderStore::numbered)
                .toList();
        return history.values(events)
                .addValue(Columns.of(batch, one -> one.order().userId(), UUID[]::new))
                .addValue(Columns.of(batch, one -> one.order().claim().key(), String[]::new))
                .addValue(Columns.of(batch, one -> one.order().claim().requestId(), String[]::new))
                .addValue(Columns.of(
                        batch, one -> Buffer.buffer(one.order().claim().fingerprint()), Buffer[]::new))
                .addValue(Columns.of(batch, one -> one.order().paymentMethod(), String[]::new))
                .addValue(Columns.of(batch, one -> one.answerWithin().toMillis(), Long[]::new))
                .addValue(Columns.of(batch, one -> one.order().total().amount(), Long[]::new))
                .addValue(Columns.of(batch, one -> one.order().total().currency(), String[]::new))
                .addValue(Columns.of(lines, NewLine::orderId, UUID[]::new))
                .addValue(Columns.of(lines, NewLine::position, Integer[]::new))
                .addValue(Columns.of(lines, line -> line.line().productId(), UUID[]::new))
                .addValue(Columns.of(lines, line -> line.line().sku(), String[]::new))
                .addValue(Columns.of(lines, line -> line.line().name(), String[]::new))
                .addValue(Columns.of(lines, line -> line.line().quantity(), Integer[]::new))
                .addValue(Columns.of(lines, line -> line.line().unitPrice().amount(), Long[]::new))
                .addValue(Checkout.begin().step())
                .addValue(sagas.owner())
                .addValue(sagas.lease().toMillis());
    }

    private record NewLine(UUID orderId, int position, Line line) {}

    private static Stream<NewLine> numbered(PlacedOrder order) {
        return IntStream.range(0, order.lines().size())
                .mapToObj(index ->
                        new NewLine(order.id(), index + 1, order.lines().get(index)));
    }
}
