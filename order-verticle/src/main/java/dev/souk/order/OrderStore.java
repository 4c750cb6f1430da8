package dev.souk.order;

import dev.souk.contracts.Orders.Line;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.db.Database;
import dev.souk.order.SagaRepository.Lease;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What changes an order: always together with its history and the progress of its checkout, in one statement, which is
 * one transaction and one round trip.
 */
final class OrderStore {
    /** What follows once the lease is known to be held: the order's end and its event. */
    private static final String ORDER_ENDS = """
            , ended AS (
                UPDATE orders
                SET status = $2, reason = $3, updated_at = $4, last_seq = last_seq + 1
                FROM held
                WHERE id = held.order_id AND status = 'PENDING'
                RETURNING id, last_seq
            )
            INSERT INTO order_event (order_id, seq, type, data, at, node)
            SELECT id, last_seq, $5::text::jsonb ->> 'type', $5::text::jsonb - 'type', $4, $6 FROM ended
            """;

    private final Database database;
    private final SagaRepository sagas;
    private final String node;

    /** @param node who writes, for the orders' history */
    OrderStore(Database database, SagaRepository sagas, String node) {
        this.database = database;
        this.sagas = sagas;
        this.node = node;
    }

    /**
     * Claims the key, stores the pending order with its lines and first event, and begins its checkout. Empty, and nothing
     * stored, if the user has used the key before.
     *
     * @param answerWithin how long the request that places it waits for its end
     */
    Future<Optional<Lease>> place(PlacedOrder order, Duration answerWithin) {
        List<Line> lines = order.lines();
        return database.write("""
                        WITH claimed AS (
                            INSERT INTO orders (id, user_id, idempotency_key, request_id, fingerprint, payment_method,
                                answer_by, status, total, currency, last_seq, created_at, updated_at)
                            VALUES ($1, $2, $3, $4, $5, $6, now() + $20 * interval '1 millisecond',
                                'PENDING', $7, $8, 1, $9, $9)
                            ON CONFLICT (user_id, idempotency_key) DO NOTHING
                            RETURNING id
                        ), lines AS (
                            INSERT INTO order_line (order_id, position, product_id, sku, name, quantity, unit_price)
                            SELECT claimed.id, line.position, line.product_id, line.sku, line.name, line.quantity,
                                line.unit_price
                            FROM claimed, unnest($10::uuid[], $11::text[], $12::text[], $13::int[], $14::bigint[])
                                WITH ORDINALITY AS line (product_id, sku, name, quantity, unit_price, position)
                        ), history AS (
                            INSERT INTO order_event (order_id, seq, type, data, at, node)
                            SELECT id, 1, $15::text::jsonb ->> 'type', $15::text::jsonb - 'type', $9, $16 FROM claimed
                        )
                        INSERT INTO saga (order_id, step, owner, lease_until, version, attempts)
                        SELECT id, $17, $18, now() + $19 * interval '1 millisecond', 1, 1 FROM claimed
                        """, Tuple.from(new Object[] {
                    order.id(),
                    order.userId(),
                    order.claim().key(),
                    order.claim().requestId(),
                    Buffer.buffer(order.claim().fingerprint()),
                    order.paymentMethod(),
                    order.total().amount(),
                    order.total().currency(),
                    time(order),
                    lines.stream().map(Line::productId).toArray(UUID[]::new),
                    lines.stream().map(Line::sku).toArray(String[]::new),
                    lines.stream().map(Line::name).toArray(String[]::new),
                    lines.stream().map(Line::quantity).toArray(Integer[]::new),
                    lines.stream().map(line -> line.unitPrice().amount()).toArray(Long[]::new),
                    event(order),
                    node,
                    Checkout.first().name(),
                    sagas.owner(),
                    sagas.lease().toMillis(),
                    answerWithin.toMillis()
                }))
                .map(rows ->
                        rows.rowCount() == 0 ? Optional.empty() : Optional.of(Lease.first(order.id(), sagas.owner())));
    }

    /** Writes the order's end and turns its checkout to the next step. Fails with a lost lease if it is not the newest. */
    Future<Lease> end(PlacedOrder order, Lease held, Step next) {
        return database.write(
                        """
                        WITH held AS (
                            UPDATE saga
                            SET step = $9, version = version + 1, attempts = 1,
                                lease_until = now() + $10 * interval '1 millisecond'
                            WHERE order_id = $1 AND owner = $7 AND version = $8
                            RETURNING order_id
                        )""" + ORDER_ENDS,
                        endValues(order, held)
                                .addValue(next.name())
                                .addValue(sagas.lease().toMillis()))
                .compose(rows -> SagaRepository.requireHeld(rows, held))
                .map(written -> held.next(next));
    }

    /** Writes the order's end, which is the end of its checkout too. Fails with a lost lease if it is not the newest. */
    Future<Void> end(PlacedOrder order, Lease held) {
        return database.write("""
                        WITH held AS (
                            DELETE FROM saga
                            WHERE order_id = $1 AND owner = $7 AND version = $8
                            RETURNING order_id
                        )""" + ORDER_ENDS, endValues(order, held))
                .compose(rows -> SagaRepository.requireHeld(rows, held));
    }

    /** The values of {@link #ORDER_ENDS}, and of the lease that it must hold. */
    private Tuple endValues(PlacedOrder order, Lease held) {
        return Tuple.tuple()
                .addValue(order.id())
                .addValue(order.status().name())
                .addValue(reason(order))
                .addValue(time(order))
                .addValue(event(order))
                .addValue(node)
                .addValue(held.owner())
                .addValue(held.version());
    }

    private static String reason(PlacedOrder order) {
        return order.reason() == null ? null : order.reason().name();
    }

    private static OffsetDateTime time(PlacedOrder order) {
        return order.updatedAt().atOffset(ZoneOffset.UTC);
    }

    private static String event(PlacedOrder order) {
        return WireFormat.encode(order.event()).toString();
    }
}
