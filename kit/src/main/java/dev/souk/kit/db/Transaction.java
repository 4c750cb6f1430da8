package dev.souk.kit.db;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A transaction under way. Statements leave at once and run in the order in which they were asked for, so several that do
 * not need each other's answers take one round trip together. Once one has failed, PostgreSQL refuses the others, and
 * nothing is committed.
 */
public final class Transaction {
    private static final Logger LOG = LoggerFactory.getLogger(Transaction.class);

    private final SqlConnection connection;
    private final Runnable beforeCommit;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private Throwable failure;
    private Future<?> end;

    private Transaction(SqlConnection connection, Runnable beforeCommit) {
        this.connection = connection;
        this.beforeCommit = beforeCommit;
    }

    /** Runs the work on this connection, which it gives back to the pool: committed if all succeeds, else rolled back. */
    static <T> Future<T> run(SqlConnection connection, Runnable beforeCommit, Function<Transaction, Future<T>> work) {
        // Whoever waits for an answer hears of a broken connection; without a handler the driver would print it as
        // well.
        connection.exceptionHandler(broken -> LOG.debug("a connection broke: {}", broken.toString()));
        Transaction transaction = new Transaction(connection, beforeCommit);
        // Not waited for: it only fails if the connection is lost, and then all that follows it fails too.
        transaction.send("BEGIN");
        return Future.succeededFuture(transaction)
                .compose(work)
                .transform(worked -> transaction
                        .end(worked.succeeded())
                        .transform(ended -> transaction.outcome(worked, ended))
                        .onComplete(done -> connection.close()));
    }

    /** Sends a statement; its answer fails with what the driver says. */
    public Future<RowSet<Row>> run(String sql, Tuple values) {
        if (end != null) {
            return Future.failedFuture(new IllegalStateException("a statement after the last"));
        }
        return connection.preparedQuery(sql).execute(values).onFailure(this::failed);
    }

    /**
     * Says that nothing will follow these statements, which have been sent: the commit leaves right behind them, and happens
     * if they succeed. Whatever is made of their answers afterwards can refuse nothing any more.
     */
    public <T> Future<T> last(Future<T> statements) {
        commit();
        return statements;
    }

    /** To be done once it is known to be committed, before the work's outcome is told. */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    private void commit() {
        if (end == null && failure == null) {
            beforeCommit.run();
            end = send("COMMIT");
        }
    }

    private Future<?> end(boolean isDone) {
        if (isDone) {
            commit();
        }
        if (end == null) {
            end = send("ROLLBACK");
        }
        return end;
    }

    /** The first failure says what happened, those after it only that it did. */
    private <T> Future<T> outcome(AsyncResult<T> worked, AsyncResult<?> ended) {
        if (worked.failed()) {
            return Future.failedFuture(worked.cause());
        }
        if (failure != null) {
            return Future.failedFuture(failure);
        }
        if (ended.failed()) {
            return Future.failedFuture(ended.cause());
        }
        afterCommit.forEach(Runnable::run);
        return Future.succeededFuture(worked.result());
    }

    private void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    private Future<?> send(String sql) {
        return connection.query(sql).execute();
    }
}
