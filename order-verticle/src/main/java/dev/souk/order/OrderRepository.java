package dev.souk.order;

import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Entry;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.EventFormat;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.PlacedOrder.Left;
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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Reads orders with their lines; {@link OrderStore} writes them. */
final class OrderRepository {
    private static final String COLUMNS = """
            id, user_id, idempotency_key, request_id, fingerprint, payment_method, status, reason, total, currency,
            created_at, updated_at, checkout_status, checkout_reason, checkout_at
            """;

    private final Database database;

    OrderRepository(Database database) {
        this.database = database;
    }

    Future<Optional<PlacedOrder>> find(UUID orderId) {
        return database.read("SELECT " + COLUMNS + " FROM orders WHERE id = $1", Tuple.of(orderId))
                .compose(this::one);
    }

    /** The order if its checkout is over. */
    Future<Optional<PlacedOrder>> findSettled(UUID orderId) {
        return database.read("SELECT " + COLUMNS + """
                        FROM orders
                        WHERE id = $1 AND NOT EXISTS (SELECT FROM saga WHERE saga.order_id = orders.id)
                        """, Tuple.of(orderId)).compose(this::one);
    }

    /** Where orders stand; those that are not known are left out. */
    Future<Map<UUID, Status>> standings(Set<UUID> orderIds) {
        return database.read("SELECT id, status FROM orders WHERE id = ANY ($1)", Tuple.of((Object)
                        orderIds.toArray(UUID[]::new)))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .collect(Collectors.toMap(
                                row -> row.getUUID("id"), row -> Status.valueOf(row.getString("status")))));
    }

    /** The history of an order after that entry, oldest first. */
    Future<List<Entry>> timeline(UUID orderId, int afterSeq) {
        return database.read("""
                        SELECT seq, type, at, node, trace_id, data::text AS data
                        FROM order_event
                        WHERE order_id = $1 AND seq > $2
                        ORDER BY seq
                        """, Tuple.of(orderId, afterSeq))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(OrderRepository::entry)
                        .toList());
    }

    /** An order that belongs to this user. */
    Future<Optional<PlacedOrder>> findOf(UUID userId, UUID orderId) {
        // Compared in a way that no index serves, so that none but the primary key is taken.
        return database.read(
                        "SELECT " + COLUMNS + " FROM orders WHERE id = $1 AND user_id IS NOT DISTINCT FROM $2",
                        Tuple.of(orderId, userId))
                .compose(this::one);
    }

    /** The order that was placed with this key. */
    Future<Optional<PlacedOrder>> findByKey(UUID userId, String key) {
        return database.read(
                        "SELECT " + COLUMNS + " FROM orders WHERE user_id::text || ' ' || idempotency_key = $1",
                        Tuple.of(userId + " " + key))
                .compose(this::one);
    }

    /** Whether the request that placed the order still waits for its answer, and an instance works on it. */
    Future<Boolean> isBeingAnswered(UUID orderId) {
        return database.read("""
                        SELECT EXISTS (
                            SELECT FROM orders JOIN saga ON saga.order_id = orders.id
                            WHERE orders.id = $1 AND answer_by > now() AND owner IS NOT NULL AND lease_until > now()
                        ) AS answered
                        """, Tuple.of(orderId))
                .map(rows -> rows.iterator().next().getBoolean("answered"));
    }

    /** Orders, newest first, from the cursor on; of one user and at one point if those are given. */
    Future<List<PlacedOrder>> list(Optional<UUID> userId, Optional<Status> status, Optional<Cursor> after, int most) {
        Optional<Position> position = after.map(Position::of);
        List<String> conditions = new ArrayList<>();
        Tuple values = Tuple.of(most);
        userId.ifPresent(user -> conditions.add("user_id = $" + add(values, user)));
        status.ifPresent(only -> conditions.add("status = $" + add(values, only.name())));
        position.ifPresent(from -> conditions.add(
                "(created_at, id) < ($" + add(values, from.createdAt()) + ", $" + add(values, from.id()) + ")"));
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return database.read(
                        "SELECT " + COLUMNS + " FROM orders" + where + " ORDER BY created_at DESC, id DESC LIMIT $1",
                        values)
                .compose(this::withLines);
    }

    private static int add(Tuple values, Object value) {
        values.addValue(value);
        return values.size();
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
                row.getOffsetDateTime("updated_at").toInstant(),
                Optional.ofNullable(row.getString("checkout_status")).map(status -> left(status, row)));
    }

    private static Left left(String status, Row row) {
        String reason = row.getString("checkout_reason");
        return new Left(
                new Ending(Status.valueOf(status), reason == null ? null : Reason.valueOf(reason)),
                row.getOffsetDateTime("checkout_at").toInstant());
    }

    private static Entry entry(Row row) {
        return new Entry(
                row.getInteger("seq"),
                row.getString("type"),
                row.getOffsetDateTime("at").toInstant(),
                row.getString("node"),
                row.getString("trace_id"),
                EventFormat.fields(row.getString("data")));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
