package dev.souk.kit.db;

import dev.souk.kit.config.Environment;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes as a service makes them: each is stored by its key, and does nothing when it comes again. */
final class Bookings {
    static final String COMMIT = "book";
    private static final String SERVICE = "ledger";

    private Bookings() {}

    static Future<Database> open(Vertx vertx, String url) {
        return open(vertx, url, 512);
    }

    static Future<Database> open(Vertx vertx, String url, int mostInBatch) {
        Environment environment = Environment.of(
                Map.of("SOUK_LEDGER_DATABASE_URL", url, "SOUK_LEDGER_DATABASE_BATCH", String.valueOf(mostInBatch)));
        return Database.open(vertx, DatabaseConfig.from(environment, SERVICE), new Random());
    }

    static GroupCommit<String, Long> group(Database database) {
        return database.groupCommit(COMMIT, Bookings::book);
    }

    /** How often each key is stored. */
    static Map<String, Long> stored(Database database) {
        Map<String, Long> found = new HashMap<>();
        RowSet<Row> rows = ServiceFixture.await(
                database.read("SELECT key, count(*) AS times FROM booking GROUP BY key", Tuple.tuple()));
        rows.forEach(row -> found.put(row.getString("key"), row.getLong("times")));
        return found;
    }

    /** In the order of the keys, in which nobody waits in a circle. */
    private static Future<List<Long>> book(Transaction transaction, List<String> keys) {
        String[] sorted = keys.stream().distinct().sorted().toArray(String[]::new);
        return transaction
                .run("""
                        INSERT INTO booked (key, booking)
                        SELECT key, 0 FROM unnest($1::text[]) AS asked (key)
                        ON CONFLICT (key) DO NOTHING
                        RETURNING key
                        """, Tuple.of(sorted))
                .compose(fresh -> transaction.run(
                        """
                                WITH made AS (
                                    INSERT INTO booking (key) SELECT unnest($1::text[]) RETURNING id, key
                                )
                                UPDATE booked SET booking = made.id FROM made WHERE booked.key = made.key
                                """,
                        Tuple.of(fresh.stream().map(row -> row.getString("key")).toArray(String[]::new))))
                .compose(made ->
                        transaction.run("SELECT key, booking FROM booked WHERE key = ANY ($1)", Tuple.of(sorted)))
                .map(rows -> {
                    Map<String, Long> bookings = new HashMap<>();
                    rows.forEach(row -> bookings.put(row.getString("key"), row.getLong("booking")));
                    return keys.stream().map(bookings::get).toList();
                });
    }
}
