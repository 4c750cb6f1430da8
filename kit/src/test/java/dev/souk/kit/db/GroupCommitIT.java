package dev.souk.kit.db;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.testing.TestPostgres;
import dev.souk.postgres.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Group commit over a real PostgreSQL, whose connections, answers and clients die on the way. */
@ExtendWith(VertxExtension.class)
class GroupCommitIT {
    private static final int CALLERS = 64;
    private static final int KEYS = 4_000;
    private static final int RAISES = 400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Long enough for some commits. */
    private static final Duration SESSION_LIFE = Duration.ofMillis(25);

    /** Connections break by the hundred here. */
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(SqlFailures.class);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final Map<String, Long> outcomes = new ConcurrentHashMap<>();
    private Vertx vertx;
    private EmbeddedPostgres.Database address;
    private Database beside;

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @BeforeEach
    void open(Vertx vertx) {
        this.vertx = vertx;
        address = POSTGRES.provision();
        beside = await(Bookings.open(vertx, address.url()));
    }

    @Test
    void whoeverGotAnOutcomeIsStoredOnceThoughSessionsAreEndedAgainAndAgain() {
        AtomicInteger ended = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();
        Promise<Void> ending = Promise.promise();

        bookAll(address.url(), () -> endSessions(ended, done, ending), () -> ended.get() >= 20);
        done.set(true);
        await(ending.future());

        assertEachIsStoredOnce(outcomes.size());
    }

    @Test
    void whoeverGotAnOutcomeIsStoredOnceThoughAnswersToCommitsAreLost() {
        CuttingProxy proxy = new CuttingProxy(vertx, address);

        bookAll(proxy.url(), proxy::start, () -> proxy.cutBefore() > 3 && proxy.cutAfter() > 3);

        assertEachIsStoredOnce(outcomes.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"before", "after"})
    void whatWasAcknowledgedIsThereAfterTheProcessDied(String side, @TempDir Path points)
            throws IOException, InterruptedException {
        Process dying = program(points, 100_000);
        try (BufferedReader acknowledged = dying.inputReader()) {
            readAcknowledged(acknowledged, 100);
            Files.createFile(points.resolve("armed").resolve("commit.ledger." + Bookings.COMMIT + "." + side));
            readAcknowledged(acknowledged, Integer.MAX_VALUE);
        }
        int exit = dying.waitFor();
        Map<String, Long> stored = Bookings.stored(beside);

        assertThat(exit).isEqualTo(137);
        assertThat(stored.keySet()).containsAll(outcomes.keySet());
        assertThat(stored.values()).containsOnly(1L);

        int keys = stored.size() + 100;
        Map<String, Long> before = Map.copyOf(outcomes);
        Process again = program(points, keys);
        try (BufferedReader acknowledged = again.inputReader()) {
            readAcknowledged(acknowledged, Integer.MAX_VALUE);
        }
        assertThat(again.waitFor()).isZero();
        assertThat(outcomes).containsAllEntriesOf(before);
        assertEachIsStoredOnce(keys);
    }

    /** The pattern of every service that locks rows: locked in the order of their keys, whoever asked first. */
    @Test
    void instancesThatWriteTheSameRowsDoNotLockEachOtherOutAsLongAsTheySort() {
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        List<Future<?>> raised = IntStream.range(0, 2)
                .<Future<?>>mapToObj(instance -> onOwnLoop(() -> raiseAtRandom(instance, failures)))
                .toList();

        await(Future.join(raised));

        assertThat(failures).isEmpty();
        assertThat(await(beside.read("SELECT sum(amount)::bigint FROM account", Tuple.tuple()))
                        .iterator()
                        .next()
                        .getLong(0))
                .isEqualTo(2L * RAISES);
    }

    private Future<?> raiseAtRandom(int instance, Queue<Throwable> failures) {
        Random random = new Random(instance);
        // Small batches meet more often.
        return Bookings.open(vertx, address.url(), 8).compose(database -> {
            GroupCommit<Integer, Long> raising = database.groupCommit(
                    "raise", (transaction, ids) -> raise(transaction, ids).onFailure(failures::add));
            return Future.join(IntStream.range(0, RAISES)
                    .mapToObj(number -> raising.submit(1 + random.nextInt(20), Deadline.in(PATIENCE)))
                    .toList());
        });
    }

    /** Sums up what comes to one row, locks the rows in order, slowly so that two meet, and writes them. */
    private static Future<List<Long>> raise(Transaction transaction, List<Integer> ids) {
        TreeMap<Integer, Long> sums = new TreeMap<>();
        ids.forEach(id -> sums.merge(id, 1L, Long::sum));
        Integer[] sorted = sums.keySet().toArray(Integer[]::new);
        Long[] raises = sums.values().toArray(Long[]::new);
        return transaction
                .run("""
                        SELECT id, pg_sleep(0.001)::text FROM account WHERE id = ANY ($1) ORDER BY id FOR UPDATE
                        """, Tuple.tuple().addArrayOfInteger(sorted))
                .compose(locked -> transaction.run(
                        """
                                UPDATE account SET amount = amount + raise
                                FROM unnest($1::int[], $2::bigint[]) AS asked (account, raise)
                                WHERE id = account
                                RETURNING id, amount
                                """, Tuple.tuple().addArrayOfInteger(sorted).addArrayOfLong(raises)))
                .map(raised -> {
                    Map<Integer, Long> amounts = new HashMap<>();
                    raised.forEach(row -> amounts.put(row.getInteger("id"), row.getLong("amount")));
                    return ids.stream().map(amounts::get).toList();
                });
    }

    /** Each of many callers asks for its next key when it has been told of the one before, and again until it is told. */
    private void bookAll(String url, Runnable whenOpen, BooleanSupplier enough) {
        await(onOwnLoop(() -> Bookings.open(vertx, url)
                .onSuccess(opened -> whenOpen.run())
                .map(Bookings::group)
                .compose(group -> Future.join(IntStream.range(0, CALLERS)
                        .mapToObj(caller -> bookFrom(group, caller, enough))
                        .toList()))));
    }

    private Future<Void> bookFrom(GroupCommit<String, Long> group, int key, BooleanSupplier enough) {
        return key >= KEYS && enough.getAsBoolean()
                ? Future.succeededFuture()
                : group.submit("key-" + key, Deadline.in(PATIENCE)).compose(booking -> {
                    outcomes.put("key-" + key, booking);
                    return bookFrom(group, key + CALLERS, enough);
                });
    }

    /** Those that do something right now, again and again. */
    private void endSessions(AtomicInteger ended, AtomicBoolean done, Promise<Void> ending) {
        beside.read("""
                        SELECT count(pg_terminate_backend(pid)) AS ended FROM pg_stat_activity
                        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
                        """, Tuple.tuple()).onComplete(read -> {
            if (read.succeeded()) {
                ended.addAndGet(read.result().iterator().next().getInteger("ended"));
            }
            if (done.get()) {
                ending.complete();
            } else {
                vertx.setTimer(SESSION_LIFE.toMillis(), id -> endSessions(ended, done, ending));
            }
        });
    }

    private <T> Future<T> onOwnLoop(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        vertx.getOrCreateContext().runOnContext(begun -> work.get().onComplete(done));
        return done.future();
    }

    private Process program(Path points, int keys) throws IOException {
        ProcessBuilder program = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BookingProgram.class.getName(),
                address.url(),
                String.valueOf(keys));
        program.environment().put("SOUK_CRASH_POINTS", points.toString());
        return program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private void readAcknowledged(BufferedReader lines, int most) throws IOException {
        for (int read = 0; read < most; read++) {
            String line = lines.readLine();
            if (line == null) {
                return;
            }
            String[] words = line.split(" ");
            if (words.length == 2 && words[0].startsWith("key-")) {
                outcomes.put(words[0], Long.valueOf(words[1]));
            }
        }
    }

    private void assertEachIsStoredOnce(int keys) {
        Map<String, Long> stored = Bookings.stored(beside);
        assertThat(outcomes).hasSize(keys);
        assertThat(stored.keySet()).isEqualTo(outcomes.keySet());
        assertThat(stored.values()).containsOnly(1L);
        assertThat(booked()).isEqualTo(outcomes);
    }

    /** What the keys say. */
    private Map<String, Long> booked() {
        Map<String, Long> found = new HashMap<>();
        await(beside.read("SELECT booked.key, booking.id FROM booked JOIN booking USING (key)", Tuple.tuple()))
                .forEach(row -> found.put(row.getString("key"), row.getLong("id")));
        return found;
    }
}
