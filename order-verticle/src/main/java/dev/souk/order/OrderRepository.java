package dev.souk.order;

import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.db.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The orders, their lines and their history. */
final class OrderRepository {
    private static final String COLUMNS = """
            id, user_id, idempotency_key, request_id, fingerprint, payment_method, status, reason, total, currency,
            created_at, updated_at
            """;

    private final Database database;
    private final String node;

    /** @param node who writes, for the orders' history */
    OrderRepository(Database database, String node) {
        this.database = database;
        this.node = node;
    }

    /**
     * Claims the key and stores the order with its lines and first event. False if the user has used the key before; then
     * nothing is stored.
     */
    Future<Boolean> insert(SqlConnection transaction, PlacedOrder order) {
        return transaction
                .preparedQuery("""
                        INSERT INTO orders (id, user_id, idempotency_key, request_id, fingerprint, payment_method,
                            status, reason, total, currency, last_seq, created_at, updated_at)
                        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $11)
                        ON CONFLICT (user_id, idempotency_key) DO NOTHING
                        """)
                .execute(Tuple.from(new Object[] {
                    order.id(),
                    order.userId(),
                    order.claim().key(),
                    order.claim().requestId(),
                    Buffer.buffer(order.claim().fingerprint()),
                    order.paymentMethod(),
                    order.status().name(),
                    null,
                    order.total().amount(),
                    order.total().currency(),
                    utc(order.createdAt())
                }))
                .compose(rows -> rows.rowCount() == 0
                        ? Future.succeededFuture(false)
                        : insertLines(transaction, order)
                                .compose(stored -> insertFirstEvent(transaction, order))
                                .map(true));
    }

    /** Writes the end of a pending order and its event. Fails if the order is not pending any more. */
    Future<Void> end(SqlConnection transaction, PlacedOrder order) {
        return transaction
                .preparedQuery("""
                        WITH ended AS (
                            UPDATE orders
                            SET status = $2, reason = $3, updated_at = $4, last_seq = last_seq + 1
                            WHERE id = $1 AND status = 'PENDING'
                            RETURNING id, last_seq)
                        INSERT INTO order_event (order_id, seq, type, data, at, node)
                        SELECT id, last_seq, $5::text::jsonb ->> 'type', $5::text::jsonb - 'type', $4, $6 FROM ended
                        """)
                .execute(Tuple.of(
                        order.id(),
                        order.status().name(),
                        order.reason() == null ? null : order.reason().name(),
                        utc(order.updatedAt()),
                        event(order),
                        node))
                .compose(rows -> rows.rowCount() == 1
                        ? Future.succeededFuture()
                        : Future.failedFuture(new IllegalStateException("order " + order.id() + " had ended before")));
    }

    Future<Optional<PlacedOrder>> find(UUID orderId) {
        return database.read("SELECT " + COLUMNS + " FROM orders WHERE id = $1", Tuple.of(orderId))
                .compose(this::one);
    }

    /** An order that belongs to this user. */
    Future<Optional<PlacedOrder>> findOf(UUID userId, UUID orderId) {
        return database.read(
                        "SELECT " + COLUMNS + " FROM orders WHERE id = $1 AND user_id = $2", Tuple.of(orderId, userId))
                .compose(this::one);
    }

    /** The order that was placed with this key. */
    Future<Optional<PlacedOrder>> findByKey(UUID userId, String key) {
        return database.read(
                        "SELECT " + COLUMNS + " FROM orders WHERE user_id = $1 AND idempotency_key = $2",
                        Tuple.of(userId, key))
                .compose(this::one);
    }

    /** Whether an instance that has not gone silent works on the order. */
    Future<Boolean> isBeingWorkedOn(UUID orderId) {
        return database.read("""
                        SELECT EXISTS (
                            SELECT FROM saga WHERE order_id = $1 AND owner IS NOT NULL AND lease_until > now()) AS held
                        """, Tuple.of(orderId))
                .map(rows -> rows.iterator().next().getBoolean("held"));
    }

    /** A user's orders, newest first, from the cursor on. */
    Future<List<PlacedOrder>> list(UUID userId, Optional<Cursor> after, int most) {
        Optional<Position> position = after.map(Position::of);
        return database.read(
                        "SELECT " + COLUMNS + """
                        FROM orders
                        WHERE user_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
                        ORDER BY created_at DESC, id DESC
                        LIMIT $4
                        """,
                        Tuple.of(
                                userId,
                                position.map(Position::createdAt).orElse(null),
                                position.map(Position::id).orElse(null),
                                most))
                .compose(this::withLines);
    }

    static Cursor cursor(PlacedOrder order) {
        return Cursor.after(order.createdAt(), order.id());
    }

    private record Position(OffsetDateTime createdAt, UUID id) {
        static Position of(Cursor cursor) {
            try {
                return new Position(
                        utc(Instant.parse(cursor.keys().get(0))),
                        UUID.fromString(cursor.keys().get(1)));
            } catch (RuntimeException e) {
                throw Cursor.malformed();
            }
        }
    }

    private static Future<RowSet<Row>> insertLines(SqlConnection transaction, PlacedOrder order) {
        List<Line> lines = order.lines();
        return transaction
                .preparedQuery("""
                        INSERT INTO order_line (order_id, position, product_id, sku, name, quantity, unit_price)
                        SELECT $1, line.position, line.product_id, line.sku, line.name, line.quantity, line.unit_price
                        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::int[], $6::bigint[])
                            WITH ORDINALITY AS line (product_id, sku, name, quantity, unit_price, position)
                        """)
                .execute(Tuple.of(
                        order.id(),
                        lines.stream().map(Line::productId).toArray(UUID[]::new),
                        lines.stream().map(Line::sku).toArray(String[]::new),
                        lines.stream().map(Line::name).toArray(String[]::new),
                        lines.stream().map(Line::quantity).toArray(Integer[]::new),
                        lines.stream().map(line -> line.unitPrice().amount()).toArray(Long[]::new)));
    }

    private Future<RowSet<Row>> insertFirstEvent(SqlConnection transaction, PlacedOrder order) {
        return transaction.preparedQuery("""
                        INSERT INTO order_event (order_id, seq, type, data, at, node)
                        VALUES ($1, 1, $2::text::jsonb ->> 'type', $2::text::jsonb - 'type', $3, $4)
                        """).execute(Tuple.of(order.id(), event(order), utc(order.createdAt()), node));
    }

    private Future<Optional<PlacedOrder>> one(RowSet<Row> rows) {
        return withLines(rows).map(orders -> orders.stream().findFirst());
    }

    private Future<List<PlacedOrder>> withLines(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return Future.succeededFuture(List.of());
        }
        UUID[] ids = StreamSupport.stream(rows.spliterator(), false)
                .map(row -> row.getUUID("id"))
                .toArray(UUID[]::new);
        return database.read("""
                        SELECT line.order_id, line.product_id, line.sku, line.name, line.quantity, line.unit_price,
                            orders.currency
                        FROM order_line AS line JOIN orders ON orders.id = line.order_id
                        WHERE line.order_id = ANY ($1)
                        ORDER BY line.order_id, line.position
                        """, Tuple.of(ids))
                .map(OrderRepository::linesByOrder)
                .map(lines -> StreamSupport.stream(rows.spliterator(), false)
                        .map(row -> from(row, lines.get(row.getUUID("id"))))
                        .toList());
    }

    private static Map<UUID, List<Line>> linesByOrder(RowSet<Row> rows) {
        Map<UUID, List<Line>> lines = new HashMap<>();
        rows.forEach(row -> lines.computeIfAbsent(row.getUUID("order_id"), id -> new ArrayList<>())
                .add(line(row)));
        return lines;
    }

    private static Line line(Row row) {
        Money unitPrice = new Money(row.getLong("unit_price"), row.getString("currency"));
        int quantity = row.getInteger("quantity");
        return new Line(
                row.getUUID("product_id"),
                row.getString("sku"),
                row.getString("name"),
                quantity,
                unitPrice,
                unitPrice.times(quantity));
    }

    private static PlacedOrder from(Row row, List<Line> lines) {
        String reason = row.getString("reason");
        return new PlacedOrder(
                row.getUUID("id"),
                row.getUUID("user_id"),
                new Claim(
                        row.getString("idempotency_key"),
                        row.getString("request_id"),
                        row.getBuffer("fingerprint").getBytes()),
                row.getString("payment_method"),
                Status.valueOf(row.getString("status")),
                reason == null ? null : Reason.valueOf(reason),
                lines,
                new Money(row.getLong("total"), row.getString("currency")),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }

    private static String event(PlacedOrder order) {
        return WireFormat.encode(order.event()).toString();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
