package dev.souk.order;

import dev.souk.kit.db.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** The checkouts that have not ended, and who works on them. */
final class SagaRepository {

    /** The right to take one step of one checkout. Each use makes a new one; an old one is worth nothing. */
    record Lease(UUID orderId, String step, String owner, long version, int attempts) {
        /** The lease of the first step, as it is stored with a new order. */
        static Lease first(UUID orderId, String owner) {
            return new Lease(orderId, Checkout.first().name(), owner, 1, 1);
        }

        /** The lease that takes this one's place when the checkout turns to another step. */
        Lease next(Step step) {
            return new Lease(orderId, step.name(), owner, version + 1, 1);
        }
    }

    /** Somebody else has taken over: whoever gets this must stop at once. */
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeaseLost(UUID orderId) {
            super("the checkout of order " + orderId + " belongs to another instance now", null, false, false);
        }
    }

    private final Database database;
    private final String owner;
    private final Duration lease;

    /** @param owner this instance, unique over all that ever ran */
    SagaRepository(Database database, String owner, Duration lease) {
        this.database = database;
        this.owner = owner;
        this.lease = lease;
    }

    /** Turns to the next step. Fails with {@link LeaseLost} if the lease is not the newest. */
    Future<Lease> advance(Lease held, Step next) {
        return database.write(
                        """
                        UPDATE saga
                        SET step = $4, version = version + 1, attempts = 1,
                            lease_until = now() + $5 * interval '1 millisecond'
                        WHERE order_id = $1 AND owner = $2 AND version = $3
                        """, Tuple.of(held.orderId(), held.owner(), held.version(), next.name(), lease.toMillis()))
                .compose(rows -> requireHeld(rows, held))
                .map(renewed -> held.next(next));
    }

    /** The checkout has ended. */
    Future<Void> end(Lease held) {
        return database.write(
                        "DELETE FROM saga WHERE order_id = $1 AND owner = $2 AND version = $3",
                        Tuple.of(held.orderId(), held.owner(), held.version()))
                .compose(rows -> requireHeld(rows, held));
    }

    /** Who works here, and for how long at a time. */
    String owner() {
        return owner;
    }

    Duration lease() {
        return lease;
    }

    /** Leaves the step for later, for whoever comes first then. */
    Future<Void> park(Lease held, Duration pause) {
        return database.write("""
                        UPDATE saga
                        SET owner = NULL, lease_until = now() + $4 * interval '1 millisecond'
                        WHERE order_id = $1 AND owner = $2 AND version = $3
                        """, Tuple.of(held.orderId(), held.owner(), held.version(), pause.toMillis()))
                .mapEmpty();
    }

    /** Takes over checkouts that nobody holds any more. */
    Future<List<Lease>> takeOver(int most) {
        return database.write("""
                        UPDATE saga
                        SET owner = $1, version = version + 1, attempts = attempts + 1,
                            lease_until = now() + $2 * interval '1 millisecond'
                        WHERE order_id IN (
                            SELECT order_id FROM saga
                            WHERE lease_until < now()
                            ORDER BY lease_until
                            LIMIT $3
                            FOR UPDATE SKIP LOCKED)
                        RETURNING order_id, step, owner, version, attempts
                        """, Tuple.of(owner, lease.toMillis(), most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(SagaRepository::from)
                        .toList());
    }

    /** Gives up everything that this instance holds, so that nobody waits for the leases of one that stops. */
    Future<Void> releaseAll() {
        return database.write("UPDATE saga SET owner = NULL, lease_until = now() WHERE owner = $1", Tuple.of(owner))
                .mapEmpty();
    }

    static Future<Void> requireHeld(RowSet<Row> rows, Lease held) {
        return rows.rowCount() == 1 ? Future.succeededFuture() : Future.failedFuture(new LeaseLost(held.orderId()));
    }

    private static Lease from(Row row) {
        return new Lease(
                row.getUUID("order_id"),
                row.getString("step"),
                row.getString("owner"),
                row.getLong("version"),
                row.getInteger("attempts"));
    }
}
