package dev.souk.product;

import dev.souk.contracts.Products.AdjustStock;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * All SQL that moves stock.
 *
 * <p>Everybody takes locks in one order, so that nobody waits in a circle: first the order's own row, which also lets
 * doubles of one command pass one after the other, then the stock rows by product id.
 */
final class StockRepository {
    private final Database database;

    StockRepository(Database database) {
        this.database = database;
    }

    /** Runs the work in one transaction. It may be run again, and does nothing but use what it is given. */
    <T> Future<T> transaction(Function<Transaction, Future<T>> work) {
        return database.transaction(connection -> work.apply(new Transaction(connection)));
    }

    /** The stock of a product that is not archived. */
    Future<Optional<StockLevel>> find(UUID productId) {
        return database.read("""
                SELECT s.available, s.reserved, s.sold
                FROM stock s JOIN product p ON p.id = s.product_id
                WHERE s.product_id = $1 AND p.archived_at IS NULL
                """, Tuple.of(productId)).map(rows -> first(rows, StockRepository::levelFrom));
    }

    /** The steps of a transaction. */
    static final class Transaction {
        private final SqlConnection connection;

        private Transaction(SqlConnection connection) {
            this.connection = connection;
        }

        /**
         * Stores those of the orders that are not known yet in that state, and locks them all.
         *
         * @return what was known of the others
         */
        Future<Map<UUID, KeptReservation>> claim(SortedSet<UUID> orderIds, ReservationState state, Instant at) {
            return run("""
                    INSERT INTO reservation (order_id, state, created_at, updated_at)
                    SELECT order_id, $2, $3, $3
                    FROM unnest($1::uuid[]) AS new (order_id)
                    ON CONFLICT (order_id) DO NOTHING
                    RETURNING order_id
                    """, Tuple.of(array(orderIds), state.name(), utc(at)))
                    .map(inserted ->
                            stream(inserted).map(row -> row.getUUID("order_id")).collect(Collectors.toSet()))
                    .compose(inserted -> lock(without(orderIds, inserted)));
        }

        /** What is known of these orders; those of which nothing is known are left out. */
        Future<Map<UUID, KeptReservation>> lock(SortedSet<UUID> orderIds) {
            if (orderIds.isEmpty()) {
                return Future.succeededFuture(Map.of());
            }
            return run("""
                    SELECT order_id, state, short_of
                    FROM reservation
                    WHERE order_id = ANY ($1)
                    ORDER BY order_id
                    FOR UPDATE
                    """, Tuple.of(array(orderIds)))
                    .map(rows -> stream(rows)
                            .collect(Collectors.toMap(
                                    row -> row.getUUID("order_id"), StockRepository::reservationFrom)));
        }

        /** Locks the stock of those products that can be ordered, and says how much of each is available. */
        Future<Map<UUID, Long>> lockAvailable(Set<UUID> productIds) {
            return run("""
                    SELECT s.product_id, s.available
                    FROM stock s JOIN product p ON p.id = s.product_id
                    WHERE s.product_id = ANY ($1) AND p.archived_at IS NULL
                    ORDER BY s.product_id
                    FOR UPDATE OF s
                    """, Tuple.of(array(productIds)))
                    .map(rows -> stream(rows)
                            .collect(Collectors.toMap(
                                    row -> row.getUUID("product_id"), row -> row.getLong("available"))));
        }

        /**
         * Takes stock: the orders' lines leave what is available and are reserved. That there is enough was decided by
         * {@link StockRules} on the rows that {@link #lockAvailable} holds; the table's CHECK is the net below.
         */
        Future<Void> take(Map<UUID, Map<UUID, Long>> orders) {
            if (orders.isEmpty()) {
                return Future.succeededFuture();
            }
            List<TakenLine> lines = orders.entrySet().stream()
                    .flatMap(order -> order.getValue().entrySet().stream()
                            .map(line -> new TakenLine(order.getKey(), line.getKey(), line.getValue())))
                    .toList();
            return run(
                            """
                    WITH line AS (
                        SELECT order_id, product_id, quantity
                        FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS line (order_id, product_id, quantity)
                    ), total AS (
                        SELECT product_id, sum(quantity)::bigint AS quantity
                        FROM line
                        GROUP BY product_id
                    ), taken AS (
                        UPDATE stock s
                        SET available = s.available - total.quantity, reserved = s.reserved + total.quantity
                        FROM total
                        WHERE s.product_id = total.product_id
                    )
                    INSERT INTO reservation_line (order_id, product_id, quantity)
                    SELECT order_id, product_id, quantity
                    FROM line
                    """,
                            Tuple.of(
                                    array(lines.stream().map(TakenLine::orderId).toList()),
                                    array(lines.stream()
                                            .map(TakenLine::productId)
                                            .toList()),
                                    lines.stream().map(TakenLine::quantity).toArray(Long[]::new)))
                    .mapEmpty();
        }

        /** Keeps that these orders got nothing, and why, so that a late double of a command gets nothing either. */
        Future<Void> refuse(Map<UUID, List<UUID>> shortOf) {
            if (shortOf.isEmpty()) {
                return Future.succeededFuture();
            }
            String[] products =
                    shortOf.values().stream().map(StockRepository::joined).toArray(String[]::new);
            return run("""
                    UPDATE reservation r
                    SET state = 'REFUSED', short_of = string_to_array(refused.short_of, ',')::uuid[]
                    FROM unnest($1::uuid[], $2::text[]) AS refused (order_id, short_of)
                    WHERE r.order_id = refused.order_id
                    """, Tuple.of(array(shortOf.keySet()), (Object) products))
                    .mapEmpty();
        }

        /** Sells what these orders hold. */
        Future<Void> sell(Set<UUID> orderIds, Instant at) {
            if (orderIds.isEmpty()) {
                return Future.succeededFuture();
            }
            return run("""
                    WITH total AS (
                        SELECT product_id, sum(quantity)::bigint AS quantity
                        FROM reservation_line
                        WHERE order_id = ANY ($1)
                        GROUP BY product_id
                    ), locked AS (
                        SELECT product_id
                        FROM stock
                        WHERE product_id IN (SELECT product_id FROM total)
                        ORDER BY product_id
                        FOR UPDATE
                    ), moved AS (
                        UPDATE stock s
                        SET reserved = s.reserved - total.quantity, sold = s.sold + total.quantity
                        FROM total JOIN locked ON locked.product_id = total.product_id
                        WHERE s.product_id = total.product_id
                    )
                    UPDATE reservation SET state = 'COMMITTED', updated_at = $2 WHERE order_id = ANY ($1)
                    """, Tuple.of(array(orderIds), utc(at))).mapEmpty();
        }

        /** Makes available again what the order holds. */
        Future<Void> giveBack(UUID orderId, Instant at) {
            return run("""
                    WITH line AS (
                        SELECT s.product_id, l.quantity
                        FROM reservation_line l JOIN stock s ON s.product_id = l.product_id
                        WHERE l.order_id = $1
                        ORDER BY s.product_id
                        FOR UPDATE OF s
                    ), moved AS (
                        UPDATE stock s
                        SET reserved = s.reserved - line.quantity, available = s.available + line.quantity
                        FROM line
                        WHERE s.product_id = line.product_id
                    )
                    UPDATE reservation SET state = 'RELEASED', updated_at = $2 WHERE order_id = $1
                    """, Tuple.of(orderId, utc(at))).mapEmpty();
        }

        /** Locks the stock of a product, archived or not. */
        Future<Optional<LockedStock>> lockStock(UUID productId) {
            return run("""
                    SELECT s.available, s.reserved, s.sold, p.archived_at IS NULL AS listed
                    FROM stock s JOIN product p ON p.id = s.product_id
                    WHERE s.product_id = $1
                    FOR UPDATE OF s
                    """, Tuple.of(productId))
                    .map(rows -> first(rows, row -> new LockedStock(levelFrom(row), row.getBoolean("listed"))));
        }

        Future<Optional<KeptAdjustment>> findAdjustment(UUID productId, String idempotencyKey) {
            return run("""
                    SELECT delta, reason, available, reserved, sold
                    FROM stock_adjustment
                    WHERE product_id = $1 AND idempotency_key = $2
                    """, Tuple.of(productId, idempotencyKey))
                    .map(rows -> first(rows, StockRepository::adjustmentFrom));
        }

        /** Stores the stock's new level, and why. */
        Future<Void> adjust(AdjustStock request, StockLevel result, UUID by, Instant at) {
            return run(
                            """
                    WITH adjusted AS (
                        UPDATE stock SET available = $5 WHERE product_id = $1
                    )
                    INSERT INTO stock_adjustment (product_id, idempotency_key, delta, reason, available, reserved, sold,
                                                  adjusted_by, adjusted_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                    """,
                            Tuple.of(
                                    request.productId(),
                                    request.idempotencyKey(),
                                    request.delta(),
                                    request.reason(),
                                    result.available(),
                                    result.reserved(),
                                    result.sold(),
                                    by,
                                    utc(at)))
                    .mapEmpty();
        }

        private Future<RowSet<Row>> run(String sql, Tuple values) {
            return connection.preparedQuery(sql).execute(values);
        }
    }

    private record TakenLine(UUID orderId, UUID productId, long quantity) {}

    /**
     * The stock of a product while nobody else can change it.
     *
     * @param listed whether the product is not archived
     */
    record LockedStock(StockLevel level, boolean listed) {}

    /** An array of arrays would have to be a rectangle. */
    private static String joined(List<UUID> ids) {
        return ids.stream().map(UUID::toString).collect(Collectors.joining(","));
    }

    private static SortedSet<UUID> without(SortedSet<UUID> ids, Set<UUID> some) {
        SortedSet<UUID> others = new TreeSet<>(ids);
        others.removeAll(some);
        return others;
    }

    private static StockLevel levelFrom(Row row) {
        return new StockLevel(row.getLong("available"), row.getLong("reserved"), row.getLong("sold"));
    }

    private static KeptReservation reservationFrom(Row row) {
        return new KeptReservation(
                ReservationState.valueOf(row.getString("state")), List.of(row.getArrayOfUUIDs("short_of")));
    }

    private static KeptAdjustment adjustmentFrom(Row row) {
        return new KeptAdjustment(row.getLong("delta"), row.getString("reason"), levelFrom(row));
    }

    /** One value; as an array it would be taken for the values of a tuple. */
    private static Object array(Collection<UUID> ids) {
        return ids.toArray(UUID[]::new);
    }

    private static Stream<Row> stream(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }

    private static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> from) {
        return stream(rows).map(from).findFirst();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
