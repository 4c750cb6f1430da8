package dev.souk.kit.db;

import dev.souk.contracts.Fault;
import dev.souk.kit.crash.CrashPoint;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's own PostgreSQL database. Every future fails with a {@link Fault} when the database cannot be reached or
 * refuses a value, and otherwise with what the driver says, which a repository may know how to read.
 */
public final class Database {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int READ_ATTEMPTS = 3;
    private static final int TRANSACTION_ATTEMPTS = 4;
    private static final int MAX_WAITING = 4_096;
    private static final String COMMIT = "commit";
    /** About as long as a transaction takes: more would save little, and is added to every answer. */
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(3);

    private final Vertx vertx;
    private final Pool pool;
    private final RandomGenerator random;
    private final String service;
    private final int mostInBatch;

    private Database(Vertx vertx, Pool pool, RandomGenerator random, DatabaseConfig config) {
        this.vertx = vertx;
        this.pool = pool;
        this.random = random;
        this.service = config.service();
        this.mostInBatch = config.mostInBatch();
    }

    /** Migrates the schema, checks that commits are durable, and opens the pool. */
    public static Future<Database> open(Vertx vertx, DatabaseConfig config, RandomGenerator random) {
        return vertx.<Void>executeBlocking(
                        () -> {
                            new Migrations(config).run();
                            return null;
                        },
                        false)
                .map(migrated -> new Database(vertx, pool(vertx, config), random, config));
    }

    /**
     * Runs one statement that only reads. Connections that broke while nobody looked are forgiven a few times: after a
     * restart of the server the pool is full of them.
     */
    public Future<RowSet<Row>> read(String sql, Tuple values) {
        return attemptRead(sql, values, 1).recover(SqlFailures::translate);
    }

    /**
     * Runs one statement in a transaction of its own.
     *
     * @param name what is committed, as a word that tests can stop at
     */
    public Future<RowSet<Row>> write(String name, String sql, Tuple values) {
        CrashPoint.pass(COMMIT, point(name), "before");
        return run(sql, values)
                .onSuccess(written -> CrashPoint.pass(COMMIT, point(name), "after"))
                .recover(SqlFailures::translate);
    }

    /**
     * Runs the work in one transaction: committed if its future succeeds, rolled back if it fails. After a serialization
     * failure or deadlock the whole work is run again, so it must do nothing but talk to the database. A lost connection
     * is not tried again: the commit may have happened.
     *
     * @param name what is committed, as a word that tests can stop at
     */
    public <T> Future<T> transaction(String name, Function<Transaction, Future<T>> work) {
        return attempt(() -> CrashPoint.pass(COMMIT, point(name), "before"), work, 1)
                .onSuccess(committed -> CrashPoint.pass(COMMIT, point(name), "after"))
                .recover(SqlFailures::translate);
    }

    /**
     * Commits what arrives while a transaction runs together, in the next one.
     *
     * @param name what is committed, as a word that tests can stop at
     * @param work does a batch; see {@link GroupCommit} for what it must hold to
     */
    public <Q, R> GroupCommit<Q, R> groupCommit(String name, BiFunction<Transaction, List<Q>, Future<List<R>>> work) {
        return new GroupCommit<>(
                vertx,
                mostInBatch,
                MAX_WAITING,
                COMMIT_INTERVAL,
                batch -> transaction(name, transaction -> work.apply(transaction, batch)));
    }

    /**
     * The same, with a second way for batches in which a key turns up that was stored before. The first way takes it for
     * granted that there is none, inserts without a look and so saves a round trip.
     *
     * @param key the constraint that says that there is one
     */
    public <Q, R> GroupCommit<Q, R> groupCommit(
            String name,
            BiFunction<Transaction, List<Q>, Future<List<R>>> work,
            String key,
            BiFunction<Transaction, List<Q>, Future<List<R>>> workOnKnown) {
        return new GroupCommit<>(
                vertx,
                mostInBatch,
                MAX_WAITING,
                COMMIT_INTERVAL,
                batch -> transaction(name, transaction -> work.apply(transaction, batch))
                        .recover(failure -> SqlFailures.violates(failure, key)
                                ? transaction(name, transaction -> workOnKnown.apply(transaction, batch))
                                : Future.failedFuture(failure)));
    }

    /**
     * The same for a batch that is one statement, which is a transaction by itself and takes one round trip instead of
     * three. What the work asks beyond that, to learn what became of an earlier attempt, is asked outside of it.
     *
     * @param name what is committed, as a word that tests can stop at
     */
    public <Q, R> GroupCommit<Q, R> groupWrite(String name, BiFunction<SqlClient, List<Q>, Future<List<R>>> work) {
        return new GroupCommit<>(vertx, mostInBatch, MAX_WAITING, COMMIT_INTERVAL, batch -> {
            CrashPoint.pass(COMMIT, point(name), "before");
            return work.apply(pool, batch)
                    .onSuccess(written -> CrashPoint.pass(COMMIT, point(name), "after"))
                    .recover(SqlFailures::translate);
        });
    }

    /** Whether the database answers. */
    public Future<Void> ping() {
        return read("SELECT 1", Tuple.tuple()).mapEmpty();
    }

    public Future<Void> close() {
        return pool.close();
    }

    private String point(String name) {
        return service + "." + name;
    }

    private Future<RowSet<Row>> run(String sql, Tuple values) {
        return pool.preparedQuery(sql).execute(values);
    }

    private Future<RowSet<Row>> attemptRead(String sql, Tuple values, int number) {
        return run(sql, values).recover(failure -> {
            if (!SqlFailures.isLostConnection(failure) || number == READ_ATTEMPTS) {
                return Future.failedFuture(failure);
            }
            return pause(number).compose(waited -> attemptRead(sql, values, number + 1));
        });
    }

    private <T> Future<T> attempt(Runnable beforeCommit, Function<Transaction, Future<T>> work, int number) {
        return pool.getConnection()
                .compose(connection -> Transaction.run(connection, beforeCommit, work))
                .recover(failure -> {
                    if (!SqlFailures.isWorthRepeating(failure) || number == TRANSACTION_ATTEMPTS) {
                        return Future.failedFuture(failure);
                    }
                    LOG.debug("transaction is tried again after {}", failure.toString());
                    return pause(number).compose(waited -> attempt(beforeCommit, work, number + 1));
                });
    }

    /** Longer from attempt to attempt, and never the same for two that met. */
    private Future<?> pause(int number) {
        return vertx.timer(1 + random.nextLong(20L << number), TimeUnit.MILLISECONDS);
    }

    private static Pool pool(Vertx vertx, DatabaseConfig config) {
        PgConnectOptions connection = new PgConnectOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setDatabase(config.name())
                .setUser(config.user())
                .setPassword(config.password())
                .setSslMode(SslMode.of(config.sslMode()))
                .setCachePreparedStatements(true)
                .setPreparedStatementCacheMaxSize(256)
                .addProperty("application_name", "souk-" + config.service())
                // Every statement here goes by a key. Plans are kept, and one that was made while a table was empty, as
                // all are at first, must not read the whole of it when it has grown.
                .addProperty("enable_seqscan", "off")
                // An array of three looks cheaper than one of unknown length: each statement would be planned each
                // time.
                .addProperty("plan_cache_mode", "force_generic_plan")
                .addProperty("random_page_cost", "1.1")
                .addProperty("jit", "off")
                .addProperty("statement_timeout", "3000")
                .addProperty("lock_timeout", "2000")
                .addProperty("idle_in_transaction_session_timeout", "2000");
        if (connection.getSslMode() != SslMode.DISABLE) {
            connection.setSslOptions(new ClientSSLOptions()
                    .setTrustAll(connection.getSslMode().compareTo(SslMode.VERIFY_CA) < 0)
                    .setHostnameVerificationAlgorithm(connection.getSslMode() == SslMode.VERIFY_FULL ? "HTTPS" : ""));
        }
        PoolOptions options = new PoolOptions()
                .setMaxSize(config.poolSize())
                .setMaxWaitQueueSize(MAX_WAITING)
                .setConnectionTimeout(3)
                .setConnectionTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(5)
                .setIdleTimeoutUnit(TimeUnit.MINUTES)
                .setMaxLifetime(30)
                .setMaxLifetimeUnit(TimeUnit.MINUTES);
        return PgBuilder.pool()
                .connectingTo(connection)
                .with(options)
                // A server that vanished without a word is given up by the kernel, not waited for.
                .with(new NetClientOptions()
                        .setConnectTimeout(2_000)
                        .setTcpKeepAlive(true)
                        .setTcpUserTimeout(10_000))
                .using(vertx)
                .build();
    }
}
