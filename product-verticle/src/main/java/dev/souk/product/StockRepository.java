package dev.souk.product;

import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.kit.event.Inbox;
import dev.souk.kit.event.Inbox.Received;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Stock and reservations: looking at them, and the ways to move them, each a transaction of {@link StockStore}'s steps. */
final class StockRepository {
    private final Database database;

    StockRepository(Database database) {
        this.database = database;
    }

    /** Runs the work in one transaction. It may be run again, and does nothing but use what it is given. */
    <T> Future<T> transaction(String name, Function<StockStore, Future<T>> work) {
        return database.transaction(name, connection -> work.apply(new StockStore(connection)));
    }

    /** Does what arrives at the same time in one transaction, with one outcome each; see {@link GroupCommit}. */
    <Q, R> GroupCommit<Q, R> groupCommit(String name, BiFunction<StockStore, List<Q>, Future<List<R>>> work) {
        return database.groupCommit(name, (connection, batch) -> work.apply(new StockStore(connection), batch));
    }

    /** What events do, in the transaction that remembers them. */
    Inbox.Effect effect(BiFunction<StockStore, List<Received>, Future<Void>> work) {
        return (connection, fresh) -> work.apply(new StockStore(connection), fresh);
    }

    /** The stock of a product that is not archived. */
    Future<Optional<StockLevel>> find(UUID productId) {
        return database.read("""
                SELECT s.available, s.reserved, s.sold
                FROM stock s JOIN product p ON p.id = s.product_id
                WHERE s.product_id = $1 AND p.archived_at IS NULL
                """, Tuple.of(productId))
                .map(rows -> stream(rows).map(StockStore::levelFrom).findFirst());
    }

    /** The orders whose holds have been over the longest. */
    Future<Set<UUID>> expired(Instant now, int most) {
        return database.read("""
                SELECT order_id
                FROM reservation
                WHERE state = 'HELD' AND expires_at <= $1
                ORDER BY expires_at
                LIMIT $2
                """, Tuple.of(now.atOffset(ZoneOffset.UTC), most))
                .map(rows -> stream(rows).map(row -> row.getUUID("order_id")).collect(Collectors.toSet()));
    }

    private static Stream<Row> stream(Iterable<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false);
    }
}
