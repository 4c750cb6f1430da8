package dev.souk.registry;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.Policy;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The table of external services. */
final class ExternalServiceRepository {
    /** Every gateway asks after the health of each of them, all the time. */
    static final int MOST = 200;

    private final Database database;

    ExternalServiceRepository(Database database) {
        this.database = database;
    }

    /**
     * The entry after it was stored, which has the id and age of one that was there for this name and URL.
     *
     * @param policy what the whole service goes by from now on; empty to leave it as it is
     */
    Future<Entry> register(Entry wanted, Optional<Policy> policy) {
        return database.transaction(
                "register-service",
                transaction -> transaction
                        // One at a time, so that a service has one policy and their number has an end.
                        .run("LOCK TABLE external_service IN SHARE ROW EXCLUSIVE MODE", Tuple.tuple())
                        .compose(locked -> store(transaction, wanted))
                        .compose(stored -> agree(transaction, wanted, policy))
                        .compose(agreed -> find(transaction, wanted))
                        .compose(found -> withinBounds(transaction, found)));
    }

    /** Whether it was ever there. */
    Future<Boolean> remove(UUID id, Instant at) {
        return database.write("remove-service", """
                        UPDATE external_service
                        SET removed_at = coalesce(removed_at, $2)
                        WHERE id = $1
                        """, Tuple.of(id, at.atOffset(ZoneOffset.UTC)))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Those that are not removed, the oldest first. */
    Future<List<Entry>> findAll() {
        return database.read("""
                        SELECT id, name, url, health_path, weight, policy, created_at
                        FROM external_service
                        WHERE removed_at IS NULL
                        ORDER BY id
                        """, Tuple.tuple())
                .map(rows -> rows.stream().map(ExternalServiceRepository::from).toList());
    }

    private static Future<RowSet<Row>> store(Transaction transaction, Entry wanted) {
        return transaction.run(
                """
                INSERT INTO external_service (id, name, url, health_path, weight, policy, created_at)
                VALUES ($1, $2, $3, $4, $5,
                        coalesce(
                            (SELECT policy FROM external_service WHERE name = $2 AND removed_at IS NULL LIMIT 1),
                            $6),
                        $7)
                ON CONFLICT (name, url) WHERE removed_at IS NULL
                DO UPDATE SET health_path = excluded.health_path, weight = excluded.weight
                """,
                Tuple.of(
                        wanted.id(),
                        wanted.name(),
                        wanted.url().toString(),
                        wanted.healthPath(),
                        wanted.weight(),
                        wanted.policy().name(),
                        wanted.createdAt().atOffset(ZoneOffset.UTC)));
    }

    private static Future<?> agree(Transaction transaction, Entry wanted, Optional<Policy> policy) {
        return policy.isEmpty()
                ? Future.succeededFuture()
                : transaction.run(
                        "UPDATE external_service SET policy = $2 WHERE name = $1 AND removed_at IS NULL",
                        Tuple.of(wanted.name(), policy.get().name()));
    }

    private static Future<Entry> find(Transaction transaction, Entry wanted) {
        return transaction
                .run("""
                        SELECT id, name, url, health_path, weight, policy, created_at
                        FROM external_service
                        WHERE name = $1 AND url = $2 AND removed_at IS NULL
                        """, Tuple.of(wanted.name(), wanted.url().toString()))
                .map(rows -> from(rows.iterator().next()));
    }

    /** A refusal rolls all of it back. */
    private static Future<Entry> withinBounds(Transaction transaction, Entry entry) {
        return transaction
                .run("SELECT count(*) AS number FROM external_service WHERE removed_at IS NULL", Tuple.tuple())
                .map(rows -> {
                    if (rows.iterator().next().getLong("number") > MOST) {
                        throw Fault.invalid("", "there are " + MOST + " external services already; remove one first");
                    }
                    return entry;
                });
    }

    private static Entry from(Row row) {
        return new Entry(
                row.getUUID("id"),
                row.getString("name"),
                URI.create(row.getString("url")),
                row.getString("health_path"),
                row.getInteger("weight"),
                Policy.valueOf(row.getString("policy")),
                row.getOffsetDateTime("created_at").toInstant());
    }
}
