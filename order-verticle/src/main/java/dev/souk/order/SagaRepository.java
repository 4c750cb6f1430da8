package dev.souk.order;

import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.Checkout.Progress;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The checkouts that have not ended, and who works on them. */
final class SagaRepository {
    private static final Duration WRITE_LIMIT = Duration.ofSeconds(5);

    /** The right to take one step of one checkout. Each use makes a new one; an old one is worth nothing. */
    record Lease(UUID orderId, Progress progress, String owner, long version, int attempts) {
        /** Where the versions of a checkout that had ended begin again: no lease of the time before can be among them. */
        private static final long AFTER_END = 1L << 32;

        /** The lease of the first step, as it is stored with a new order. */
        static Lease first(UUID orderId, String owner) {
            return new Lease(orderId, Checkout.begin(), owner, 1, 1);
        }

        /** The lease under which everything is undone after the end, as it is stored with the cancelled order. */
        static Lease undoing(UUID orderId, String owner) {
            return new Lease(orderId, Checkout.cancelledAfterEnd(), owner, AFTER_END, 1);
        }

        /** The lease that takes this one's place when the checkout moves on. */
        Lease next(Progress to) {
            return new Lease(orderId, to, owner, version + 1, 1);
        }
    }

    /** Somebody else has taken over: whoever gets this must stop at once. */
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeaseLost(UUID orderId) {
            super("the checkout of order " + orderId + " belongs to another instance now", null, false, false);
        }
    }

    private record Advance(Lease held, Progress to) {}

    private final Database database;
    private final String owner;
    private final Duration lease;
    private final GroupCommit<Advance, Boolean> advancing;

    /** @param owner this instance, unique over all that ever ran */
    SagaRepository(Database database, String owner, Duration lease) {
        this.database = database;
        this.owner = owner;
        this.lease = lease;
        this.advancing = database.groupWrite("advance-checkouts", this::advanceAll);
    }

    /** Who works here, and for how long at a time. */
    String owner() {
        return owner;
    }

    Duration lease() {
        return lease;
    }

    /** Moves on. Fails with {@link LeaseLost} if the lease is not the newest. */
    Future<Lease> advance(Lease held, Progress to) {
        return advancing
                .submit(new Advance(held, to), Deadline.in(WRITE_LIMIT))
                .compose(isHeld -> isHeld
                        ? Future.succeededFuture(held.next(to))
                        : Future.failedFuture(new LeaseLost(held.orderId())));
    }

    /**
     * Turns a checkout back, wherever it stands and whoever works on it, who thereby loses it. Empty, and nothing changed, if
     * it has turned before or is over.
     */
    Future<Optional<Lease>> turnBack(UUID orderId) {
        return database.write(
                        "turn-back-checkout",
                        """
                        UPDATE saga
                        SET ending = $2, owner = $3, version = version + 1, attempts = 1,
                            lease_until = now() + $4 * interval '1 millisecond'
                        WHERE order_id = $1 AND ending IS NULL
                        RETURNING order_id, step, ending, ending_reason, owner, version, attempts
                        """,
                        Tuple.of(orderId, Ending.CANCELLED.status().name(), owner, lease.toMillis()))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(SagaRepository::from)
                        .findFirst());
    }

    /** Leaves the step for later, for whoever comes first then. False if the lease is not the newest. */
    Future<Boolean> park(Lease held, Duration pause) {
        return database.write(
                        "park-checkout", """
                        UPDATE saga
                        SET owner = NULL, lease_until = now() + $4 * interval '1 millisecond'
                        WHERE order_id = $1 AND owner = $2 AND version = $3
                        """, Tuple.of(held.orderId(), held.owner(), held.version(), pause.toMillis()))
                .map(rows -> rows.rowCount() == 1);
    }

    /** Takes over checkouts that nobody holds any more. */
    Future<List<Lease>> takeOver(int most) {
        return database.write("take-over-checkouts", """
                        UPDATE saga
                        SET owner = $1, version = version + 1, attempts = attempts + 1,
                            lease_until = now() + $2 * interval '1 millisecond'
                        WHERE order_id IN (
                            SELECT order_id FROM saga
                            WHERE lease_until < now()
                            ORDER BY lease_until
                            LIMIT $3
                            FOR UPDATE SKIP LOCKED)
                        RETURNING order_id, step, ending, ending_reason, owner, version, attempts
                        """, Tuple.of(owner, lease.toMillis(), most))
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map(SagaRepository::from)
                        .toList());
    }

    /** Gives up everything that this instance holds, so that nobody waits for the leases of one that stops. */
    Future<Void> releaseAll() {
        return database.write(
                        "release-checkouts",
                        "UPDATE saga SET owner = NULL, lease_until = now() WHERE owner = $1",
                        Tuple.of(owner))
                .mapEmpty();
    }

    static Lease from(Row row) {
        String ending = row.getString("ending");
        return new Lease(
                row.getUUID("order_id"),
                new Progress(row.getString("step"), Optional.ofNullable(ending).map(status -> ending(status, row))),
                row.getString("owner"),
                row.getLong("version"),
                row.getInteger("attempts"));
    }

    private static Ending ending(String status, Row row) {
        String reason = row.getString("ending_reason");
        return new Ending(Status.valueOf(status), reason == null ? null : Reason.valueOf(reason));
    }

    static String statusOf(Progress progress) {
        return progress.ending().map(ending -> ending.status().name()).orElse(null);
    }

    static String reasonOf(Progress progress) {
        return progress.ending().map(Ending::reason).map(Reason::name).orElse(null);
    }

    /** Each by compare-and-set on owner and version; in the order of their ids, in which nobody waits in a circle. */
    private Future<List<Boolean>> advanceAll(SqlClient client, List<Advance> batch) {
        List<Advance> sorted = batch.stream()
                .sorted(Comparator.comparing(one -> one.held().orderId(), Columns.AS_THE_DATABASE_SORTS))
                .toList();
        return client.preparedQuery("""
                        UPDATE saga
                        SET step = moved.step, ending = moved.ending, ending_reason = moved.ending_reason,
                            version = saga.version + 1, attempts = 1,
                            lease_until = now() + $7 * interval '1 millisecond'
                        FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[])
                            AS moved (order_id, version, step, ending, ending_reason)
                        WHERE saga.order_id = ANY ($1) AND saga.order_id = moved.order_id
                            AND saga.owner = $6 AND saga.version = moved.version
                        """)
                .execute(Tuple.tuple()
                        .addValue(Columns.of(sorted, one -> one.held().orderId(), UUID[]::new))
                        .addValue(Columns.of(sorted, one -> one.held().version(), Long[]::new))
                        .addValue(Columns.of(sorted, one -> one.to().step(), String[]::new))
                        .addValue(Columns.of(sorted, one -> statusOf(one.to()), String[]::new))
                        .addValue(Columns.of(sorted, one -> reasonOf(one.to()), String[]::new))
                        .addValue(owner)
                        .addValue(lease.toMillis()))
                .compose(moved -> moved.rowCount() == batch.size()
                        ? Future.succeededFuture(batch.stream().map(one -> true).toList())
                        : whetherMoved(client, batch));
    }

    /**
     * What this instance moved before, when the answer to its commit was lost, it has moved. The version alone does not say
     * so: this instance may have taken the checkout over from itself, or turned it back, which leaves the step as it was.
     */
    private Future<List<Boolean>> whetherMoved(SqlClient client, List<Advance> batch) {
        return client.preparedQuery("""
                        SELECT order_id, step, ending, ending_reason, owner, version, attempts
                        FROM saga
                        WHERE order_id = ANY ($1)
                        """)
                .execute(Tuple.of(
                        (Object) batch.stream().map(one -> one.held().orderId()).toArray(UUID[]::new)))
                .map(rows -> {
                    Set<Lease> standing = StreamSupport.stream(rows.spliterator(), false)
                            .map(SagaRepository::from)
                            .collect(Collectors.toSet());
                    return batch.stream()
                            .map(one -> standing.contains(one.held().next(one.to())))
                            .toList();
                });
    }
}
