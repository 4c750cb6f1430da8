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

        /** Stores the order in that state and locks it; empty then. If it is known already, locks and returns what is. */
        Future<Optional<KeptReservation>> claim(UUID orderId, ReservationState state, Instant at) {
            return run("""
                    INSERT INTO reservation (order_id, state, created_at, updated_at)
                    VALUES ($1, $2, $3, $3)
                    ON CONFLICT (order_id) DO NOTHING
                    """, Tuple.of(orderId, state.name(), utc(at)))
                    .compose(inserted -> inserted.rowCount() > 0
                            ? Future.succeededFuture(Optional.<KeptReservation>empty())
                            : lock(orderId));
        }

        Future<Optional<KeptReservation>> lock(UUID orderId) {
            return run("""
                    SELECT state, short_of
                    FROM reservation
                    WHERE order_id = $1
                    FOR UPDATE
                    """, Tuple.of(orderId)).map(rows -> first(rows, StockRepository::reservationFrom));
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

        /** Takes stock: the order's lines leave what is available and are reserved. */
        Future<Void> take(UUID orderId, Map<UUID, Long> lines) {
            return run(
                            """
                    WITH line AS (
                        SELECT product_id, quantity
                        FROM unnest($2::uuid[], $3::bigint[]) AS line (product_id, quantity)
                    ), taken AS (
                        UPDATE stock s
                        SET available = s.available - line.quantity, reserved = s.reserved + line.quantity
                        FROM line
                        WHERE s.product_id = line.product_id
                    )
                    INSERT INTO reservation_line (order_id, product_id, quantity)
                    SELECT $1, product_id, quantity
                    FROM line
                    """,
                            Tuple.of(
                                    orderId,
                                    array(lines.keySet()),
                                    lines.values().toArray(Long[]::new)))
                    .mapEmpty();
        }

        /** Keeps that the order got nothing, so that a late double of its command gets nothing either. */
        Future<Void> refuse(UUID orderId, List<UUID> shortOf) {
            return run("""
                    UPDATE reservation SET state = 'REFUSED', short_of = $2 WHERE order_id = $1
                    """, Tuple.of(orderId, array(shortOf))).mapEmpty();
        }

        /** Sells what the order holds. */
        Future<Void> sell(UUID orderId, Instant at) {
            return run("""
                    WITH line AS (
                        SELECT s.product_id, l.quantity
                        FROM reservation_line l JOIN stock s ON s.product_id = l.product_id
                        WHERE l.order_id = $1
                        ORDER BY s.product_id
                        FOR UPDATE OF s
                    ), moved AS (
                        UPDATE stock s
                        SET reserved = s.reserved - line.quantity, sold = s.sold + line.quantity
                        FROM line
                        WHERE s.product_id = line.product_id
                    )
                    UPDATE reservation SET state = 'COMMITTED', updated_at = $2 WHERE order_id = $1
                    """, Tuple.of(orderId, utc(at))).mapEmpty();
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

    /**
     * The stock of a product while nobody else can change it.
     *
     * @param listed whether the product is not archived
     */
    record LockedStock(StockLevel level, boolean listed) {}

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
