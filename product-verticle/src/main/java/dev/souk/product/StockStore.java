package dev.souk.product;

import dev.souk.contracts.Products.AdjustStock;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.db.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
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
 * The steps of a transaction that moves stock.
 *
 * <p>Everybody takes locks in one order, so that nobody waits in a circle: first the order's own row, which also lets
 * doubles of one command pass one after the other, then the stock rows by product id.
 */
final class StockStore {
    private final Transaction transaction;

    StockStore(Transaction transaction) {
        this.transaction = transaction;
    }

    /** See {@link Transaction#last}. */
    <T> Future<T> last(Future<T> steps) {
        return transaction.last(steps);
    }

    /**
     * Stores those of the orders that are not known yet in that state, and locks them.
     *
     * @return the others
     */
    Future<Set<UUID>> claim(Set<UUID> orderIds, ReservationState state, Instant at, Instant expiresAt) {
        return run("""
                INSERT INTO reservation (order_id, state, created_at, updated_at, expires_at)
                SELECT order_id, $2, $3, $3, $4
                FROM unnest($1::uuid[]) AS new (order_id)
                ORDER BY order_id
                ON CONFLICT (order_id) DO NOTHING
                RETURNING order_id
                """, Tuple.of(array(orderIds), state.name(), utc(at), utc(expiresAt)))
                .map(inserted ->
                        stream(inserted).map(row -> row.getUUID("order_id")).collect(Collectors.toSet()))
                .map(inserted -> without(orderIds, inserted));
    }

    /** What is known of these orders, which it locks; those of which nothing is known are left out. */
    Future<Map<UUID, KeptReservation>> lock(Set<UUID> orderIds) {
        return find(orderIds, "FOR UPDATE");
    }

    /** The same without a lock: what it tells may be over when it is told. */
    Future<Map<UUID, KeptReservation>> find(Set<UUID> orderIds) {
        return find(orderIds, "");
    }

    private Future<Map<UUID, KeptReservation>> find(Set<UUID> orderIds, String locking) {
        if (orderIds.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        return run("""
                SELECT order_id, state, short_of
                FROM reservation
                WHERE order_id = ANY ($1)
                ORDER BY order_id
                """ + locking, Tuple.of(array(orderIds)))
                .map(rows -> stream(rows)
                        .collect(Collectors.toMap(row -> row.getUUID("order_id"), StockStore::reservationFrom)));
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
                        .collect(Collectors.toMap(row -> row.getUUID("product_id"), row -> row.getLong("available"))));
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
                    WHERE s.product_id = ANY ($2) AND s.product_id = total.product_id
                )
                INSERT INTO reservation_line (order_id, product_id, quantity)
                SELECT order_id, product_id, quantity
                FROM line
                """,
                        Tuple.of(
                                array(lines.stream().map(TakenLine::orderId).toList()),
                                array(lines.stream().map(TakenLine::productId).toList()),
                                lines.stream().map(TakenLine::quantity).toArray(Long[]::new)))
                .mapEmpty();
    }

    /** Keeps that these orders got nothing, and why, so that a late double of a command gets nothing either. */
    Future<Void> refuse(Map<UUID, List<UUID>> shortOf) {
        if (shortOf.isEmpty()) {
            return Future.succeededFuture();
        }
        String[] products = shortOf.values().stream().map(StockStore::joined).toArray(String[]::new);
        return run("""
                UPDATE reservation r
                SET state = 'REFUSED', short_of = string_to_array(refused.short_of, ',')::uuid[]
                FROM unnest($1::uuid[], $2::text[]) AS refused (order_id, short_of)
                WHERE r.order_id = ANY ($1) AND r.order_id = refused.order_id
                """, Tuple.of(array(shortOf.keySet()), (Object) products)).mapEmpty();
    }

    /** Moves what these orders hold, each as it says. */
    Future<Void> settle(Map<UUID, Settling> settlings, Instant at) {
        if (settlings.isEmpty()) {
            return Future.succeededFuture();
        }
        Future<Void> locked = lockStockOf(settlings.keySet());
        Future<Void> moved = move(settlings, at);
        return Future.all(locked, moved).mapEmpty();
    }

    /**
     * A statement by itself, so that the next one sees what those left who had the locks before. In one statement both would
     * see the state of before the wait.
     */
    private Future<Void> lockStockOf(Set<UUID> orderIds) {
        return run("""
                SELECT product_id
                FROM stock
                WHERE product_id IN (SELECT product_id FROM reservation_line WHERE order_id = ANY ($1))
                ORDER BY product_id
                FOR UPDATE
                """, Tuple.of(array(orderIds))).mapEmpty();
    }

    private Future<Void> move(Map<UUID, Settling> settlings, Instant at) {
        Collection<Settling> moves = settlings.values();
        return run(
                        """
                WITH settling AS (
                    SELECT order_id, state, available, reserved, sold
                    FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::int[])
                         AS settling (order_id, state, available, reserved, sold)
                ), total AS (
                    SELECT l.product_id,
                           sum(l.quantity * settling.available)::bigint AS available,
                           sum(l.quantity * settling.reserved)::bigint AS reserved,
                           sum(l.quantity * settling.sold)::bigint AS sold
                    FROM settling JOIN reservation_line l ON l.order_id = settling.order_id
                    WHERE l.order_id = ANY ($1)
                    GROUP BY l.product_id
                ), moved AS (
                    UPDATE stock s
                    SET available = s.available + total.available,
                        reserved = s.reserved + total.reserved,
                        sold = s.sold + total.sold
                    FROM total
                    WHERE s.product_id = ANY (ARRAY(SELECT product_id FROM total)) AND s.product_id = total.product_id
                )
                UPDATE reservation r
                SET state = settling.state, updated_at = $6
                FROM settling
                WHERE r.order_id = ANY ($1) AND r.order_id = settling.order_id
                """,
                        Tuple.of(
                                array(settlings.keySet()),
                                moves.stream().map(move -> move.end().name()).toArray(String[]::new),
                                moves.stream().map(Settling::available).toArray(Integer[]::new),
                                moves.stream().map(Settling::reserved).toArray(Integer[]::new),
                                moves.stream().map(Settling::sold).toArray(Integer[]::new),
                                utc(at)))
                .mapEmpty();
    }

    /** Asks for these orders again at that time, not before. */
    Future<Void> renew(Set<UUID> orderIds, Instant expiresAt) {
        if (orderIds.isEmpty()) {
            return Future.succeededFuture();
        }
        return run(
                        "UPDATE reservation SET expires_at = $2 WHERE order_id = ANY ($1)",
                        Tuple.of(array(orderIds), utc(expiresAt)))
                .mapEmpty();
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
                """, Tuple.of(productId, idempotencyKey)).map(rows -> first(rows, StockStore::adjustmentFrom));
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
        return transaction.run(sql, values);
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

    private static Set<UUID> without(Set<UUID> ids, Set<UUID> some) {
        Set<UUID> others = new HashSet<>(ids);
        others.removeAll(some);
        return others;
    }

    static StockLevel levelFrom(Row row) {
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
