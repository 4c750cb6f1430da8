package dev.souk.kit.event;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Event.Refused;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.kit.db.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies events exactly once, however often they come: that an event was applied is remembered, in the table
 * {@code inbox}, by the transaction of its effect.
 */
public final class Inbox {
    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final Duration TRIM_INTERVAL = Duration.ofMinutes(10);
    private static final int TRIMMED_AT_ONCE = 20_000;

    private final Vertx vertx;
    private final Database database;
    private final EventSettings settings;
    private final Effect effect;
    private final GroupCommit<Received, Void> applying;

    /** What events do to the receiver. */
    public interface Effect {
        /**
         * Takes effect in this transaction. Fails, or throws, if an event cannot be applied.
         *
         * @param fresh events that were never applied, each once, in the order of their coming
         */
        Future<Void> apply(Transaction transaction, List<Received> fresh);
    }

    /** @param source the service that the event comes from */
    public record Received(String source, Event event) {}

    public Inbox(Vertx vertx, Database database, EventSettings settings, Effect effect) {
        this.vertx = vertx;
        this.database = database;
        this.settings = settings;
        this.effect = effect;
        this.applying = database.groupCommit("apply-events", this::applyNew, "inbox_pkey", this::applyUnknown);
    }

    /** Begins to forget, now and then, what was applied long ago. */
    public void start() {
        vertx.setPeriodic(TRIM_INTERVAL.toMillis(), id -> trim());
    }

    /** Serves {@link Event#delivery}. */
    public Future<Applied> receive(Batch batch, CallContext context) {
        List<Future<List<Refused>>> outcomes = batch.events().stream()
                .map(event -> apply(new Received(batch.source(), event), context.deadline()))
                .toList();
        return Future.join(outcomes)
                .map(all -> new Applied(outcomes.stream()
                        .flatMap(outcome -> outcome.result().stream())
                        .toList()));
    }

    /** Nothing, or the event if it cannot be applied. Fails if that is the fault of the database. */
    private Future<List<Refused>> apply(Received received, Deadline deadline) {
        return applying.submit(received, deadline)
                .map(applied -> List.<Refused>of())
                .recover(failure -> isOutage(failure)
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(List.of(refusal(received, failure))));
    }

    /** If all of them are new, as they usually are: to remember one that was applied before is refused. */
    private Future<List<Void>> applyNew(Transaction transaction, List<Received> batch) {
        List<Received> events = withoutDoubles(batch, new HashSet<>());
        Future<?> remembered = remember(transaction, events, "");
        return Future.all(remembered, effect.apply(transaction, events)).map(applied -> outcomes(batch));
    }

    private Future<List<Void>> applyUnknown(Transaction transaction, List<Received> batch) {
        return remember(transaction, withoutDoubles(batch, new HashSet<>()), "ON CONFLICT DO NOTHING")
                .map(rows -> withoutDoubles(batch, known(batch, rows)))
                .compose(fresh -> fresh.isEmpty() ? Future.succeededFuture() : effect.apply(transaction, fresh))
                .map(applied -> outcomes(batch));
    }

    /** In the order of their ids, in which nobody waits in a circle. Answers with those that are new. */
    private static Future<RowSet<Row>> remember(Transaction transaction, List<Received> events, String onConflict) {
        List<Received> sorted = events.stream()
                .sorted(Comparator.comparing(received -> received.event().id()))
                .toList();
        return transaction.run(
                """
                INSERT INTO inbox (event_id, source, aggregate_id, seq)
                SELECT event_id, source, aggregate_id, seq
                FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[])
                    AS received (event_id, source, aggregate_id, seq)
                %s
                RETURNING event_id
                """.formatted(onConflict),
                Tuple.of(
                        sorted.stream().map(one -> one.event().id()).toArray(UUID[]::new),
                        sorted.stream().map(Received::source).toArray(String[]::new),
                        sorted.stream().map(one -> one.event().aggregateId()).toArray(UUID[]::new),
                        sorted.stream().map(one -> one.event().seq()).toArray(Integer[]::new)));
    }

    private static Set<UUID> known(List<Received> batch, RowSet<Row> remembered) {
        Set<UUID> known =
                batch.stream().map(received -> received.event().id()).collect(Collectors.toCollection(HashSet::new));
        remembered.forEach(row -> known.remove(row.getUUID("event_id")));
        return known;
    }

    /** @param seen these are left out as well, and those that are kept are added */
    private static List<Received> withoutDoubles(List<Received> batch, Set<UUID> seen) {
        return batch.stream()
                .filter(received -> seen.add(received.event().id()))
                .toList();
    }

    private static List<Void> outcomes(List<Received> batch) {
        return Collections.nCopies(batch.size(), null);
    }

    /** How many events were forgotten. */
    Future<Integer> trim() {
        return database.write("trim-inbox", """
                        DELETE FROM inbox
                        WHERE event_id IN (
                            SELECT event_id FROM inbox
                            WHERE applied_at < now() - $1 * interval '1 millisecond'
                            LIMIT $2)
                        """, Tuple.of(settings.inboxKept().toMillis(), TRIMMED_AT_ONCE))
                .map(SqlResult::rowCount)
                .onSuccess(forgotten -> LOG.debug("{} events were forgotten", forgotten))
                .onFailure(failure -> LOG.warn("the inbox could not be trimmed: {}", failure.getMessage()));
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof Fault fault
                && switch (fault.code()) {
                    case UNAVAILABLE, TIMEOUT, OVERLOADED -> true;
                    default -> false;
                };
    }

    private static Refused refusal(Received received, Throwable failure) {
        LOG.warn("event {} of {} cannot be applied", received.event().id(), received.source(), failure);
        return new Refused(received.event().id(), String.valueOf(failure.getMessage()));
    }
}
