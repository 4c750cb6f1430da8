package dev.souk.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import dev.souk.kit.config.Environment;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.postgres.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class DatabaseIT {
    private static final String SERVICE = "ledger";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static EmbeddedPostgres postgres;

    private Vertx vertx;
    private EmbeddedPostgres.Database address;

    @BeforeAll
    static void startPostgres() {
        Path target = Path.of("target").toAbsolutePath();
        postgres = EmbeddedPostgres.open(target.resolve("postgres"), target.resolve("postgres-binaries"));
    }

    @AfterAll
    static void stopPostgres() {
        postgres.close();
    }

    @BeforeEach
    void provision(Vertx vertx) {
        this.vertx = vertx;
        this.address = postgres.provision("ledger_" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet());
    }

    @Test
    void opensADatabaseWithItsSchemaAsOftenAsOneLikes() {
        ServiceFixture.await(insert(open(), 1));

        Database again = open();

        assertThat(count(again)).isEqualTo(1);
    }

    @Test
    void sessionsHaveLimits() {
        Database database = open();

        for (String limited : List.of("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")) {
            assertThat(text(database, "SHOW " + limited)).as(limited).isIn("3s", "2s");
        }
        assertThat(text(database, "SHOW application_name")).isEqualTo("souk-ledger");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER ROLE CURRENT_USER SET synchronous_commit = off",
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$"
            })
    void aDatabaseThatCouldForgetStopsTheStartWithOneLine(String forgetful) {
        run(open(), forgetful);

        assertThatThrownBy(this::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the database " + address.name() + " at " + address.host() + ":" + address.port()
                        + " has synchronous_commit=off and could lose acknowledged orders; set it on");
    }

    @Test
    @Tag("long")
    void aDatabaseThatCannotBeOpenedStopsTheStartWithOneLineWithoutThePassword() {
        String url = "postgresql://" + address.user() + ":geheim@" + address.host() + ":" + address.port() + "/"
                + address.name();

        Future<Database> opened = Database.open(vertx, config(url), new Random(1));

        assertThatThrownBy(() -> ServiceFixture.await(opened))
                .isInstanceOf(IllegalStateException.class)
                .message()
                .startsWith("the database " + address.name() + " at ")
                .contains("password authentication failed")
                .doesNotContain("\n")
                .doesNotContain("geheim");
    }

    @Test
    void aTransactionThatSucceedsIsKept() {
        Database database = open();

        ServiceFixture.await(insert(database, 1));

        assertThat(count(database)).isEqualTo(1);
    }

    @Test
    void aTransactionThatFailsLeavesNothing() {
        Database database = open();

        Future<Void> failed = database.transaction(
                "test", transaction -> insert(transaction, 1).compose(stored -> Future.failedFuture(new Refusal())));

        assertThatThrownBy(() -> ServiceFixture.await(failed)).isInstanceOf(Refusal.class);
        assertThat(count(database)).isZero();
    }

    @Test
    void aTransactionWhoseWorkThrowsLeavesNothing() {
        Database database = open();
        List<Future<Void>> thrown = IntStream.range(0, 20)
                .mapToObj(number -> database.<Void>transaction("test", transaction -> {
                    insert(transaction, number);
                    throw new Refusal();
                }))
                .toList();

        thrown.forEach(
                failed -> assertThatThrownBy(() -> ServiceFixture.await(failed)).isInstanceOf(Refusal.class));

        assertThat(count(database)).isZero();
        // Sooner than the server itself would end a transaction that was left open.
        Await.until(
                "no transaction is left open",
                Duration.ofMillis(1_500),
                () -> text(
                                database,
                                "SELECT count(*)::text FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
                        .equals("0"));
    }

    @Test
    void aTransactionThatIsRefusedAtItsCommitFails() {
        Database database = open();
        ServiceFixture.await(insert(database, 1));

        Future<Void> doubled = database.transaction(
                "test",
                transaction -> transaction
                        .run("INSERT INTO entry (id, amount) VALUES (2, 1)", Tuple.tuple())
                        .mapEmpty());

        assertThatThrownBy(() -> ServiceFixture.await(doubled))
                .matches(failure -> SqlFailures.violates(failure, "entry_amount"))
                .matches(failure -> !SqlFailures.violates(failure, "entry_pkey"));
        assertThat(count(database)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01", "55P03"})
    void aTransactionThatHadBadLuckIsRunAgain(String state) {
        Database database = open();
        AtomicInteger attempts = new AtomicInteger();

        ServiceFixture.await(database.transaction(
                "test",
                transaction -> insert(transaction, 1)
                        .compose(stored -> attempts.incrementAndGet() < 3 ? fail(transaction, state) : done())));

        assertThat(attempts).hasValue(3);
        assertThat(count(database)).isEqualTo(1);
    }

    @Test
    void aTransactionThatAlwaysHasBadLuckIsGivenUp() {
        Database database = open();
        AtomicInteger attempts = new AtomicInteger();

        Future<Void> unlucky = database.transaction("test", transaction -> {
            attempts.incrementAndGet();
            return fail(transaction, "40001");
        });

        assertThat(refusal(unlucky)).isEqualTo(Fault.Code.UNAVAILABLE);
        assertThat(attempts).hasValue(4);
    }

    @Test
    void twoTransactionsThatLockEachOtherOutBothSucceed() {
        Database database = open();
        ServiceFixture.await(insert(database, 1));
        ServiceFixture.await(insert(database, 2));
        Promise<Void> firstHasOne = Promise.promise();
        Promise<Void> secondHasTwo = Promise.promise();

        Future<Void> first = database.transaction(
                "test",
                transaction -> raise(transaction, 1, firstHasOne)
                        .compose(done -> secondHasTwo.future())
                        .compose(done -> raise(transaction, 2)));
        Future<Void> second = database.transaction(
                "test",
                transaction -> raise(transaction, 2, secondHasTwo)
                        .compose(done -> firstHasOne.future())
                        .compose(done -> raise(transaction, 1)));
        ServiceFixture.await(Future.all(first, second));

        assertThat(text(database, "SELECT sum(amount)::text FROM entry")).isEqualTo("403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 'x'::integer", "SELECT 2147483647 + 1", "SELECT 1 / 0"})
    void aValueThatCannotBeStoredIsTheClientsFault(String sql) {
        Database database = open();

        assertThat(refusal(database.read(sql, Tuple.tuple()))).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(refusal(database.write("test", sql, Tuple.tuple()))).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(refusal(database.transaction("test", transaction -> transaction.run(sql, Tuple.tuple()))))
                .isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @Test
    void aTextThatPostgresCannotHoldIsTheClientsFault() {
        Database database = open();

        assertThat(refusal(database.read("SELECT $1::text", Tuple.of("a\0b")))).isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @Test
    void whatARepositoryMustDecideComesAsItIs() {
        Database database = open();
        ServiceFixture.await(insert(database, 1));

        Future<?> doubled = insert(database, 1);

        assertThatThrownBy(() -> ServiceFixture.await(doubled))
                .matches(failure -> SqlFailures.violates(failure, "entry_pkey"));
    }

    @Test
    void aTransactionThatLosesItsConnectionIsNotRunAgain() {
        Database database = open();
        AtomicInteger attempts = new AtomicInteger();

        Future<Void> cut = database.transaction("test", transaction -> {
            attempts.incrementAndGet();
            return transaction
                    .run("SELECT pg_terminate_backend(pg_backend_pid())", Tuple.tuple())
                    .mapEmpty();
        });

        assertThat(refusal(cut)).isEqualTo(Fault.Code.UNAVAILABLE);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void aReadOverlooksThatItsConnectionIsCut() {
        Database database = open();
        Database other = open();
        Future<?> read = database.read("SELECT pg_sleep(0.5)", Tuple.tuple());

        Await.until("the read is under way and cut", () -> text(other, """
                        SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity
                        WHERE usename = current_user AND query LIKE 'SELECT pg_sleep%' AND state = 'active'
                        """).equals("1"));

        ServiceFixture.await(read);
    }

    @Test
    void aServerThatDiesIsUnavailableAndUsedAgainOnceItIsBack() {
        Database database = open();
        ServiceFixture.await(insert(database, 1));

        ProcessHandle.of(postgres.pid()).orElseThrow().destroyForcibly();
        Await.until("the server is gone", () -> !postgres.alive());
        // A session that outlives the postmaster for a moment still answers, and what it commits is kept.
        Await.until(
                "its last sessions are gone too",
                () -> database.ping()
                        .transform(answer -> Future.succeededFuture(answer.failed()))
                        .await());
        Fault.Code meanwhile = refusal(insert(database, 2));
        Fault.Code meanwhileRead = refusal(database.ping());
        postgres.ensureRunning();

        assertThat(meanwhile).isEqualTo(Fault.Code.UNAVAILABLE);
        assertThat(meanwhileRead).isEqualTo(Fault.Code.UNAVAILABLE);
        Await.until("the database is used again", Duration.ofSeconds(10), () -> count(database) == 1);
        ServiceFixture.await(insert(database, 3));
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private Database open() {
        return ServiceFixture.await(Database.open(vertx, config(address.url()), new Random(1)));
    }

    private static DatabaseConfig config(String url) {
        return DatabaseConfig.from(Environment.of(Map.of("SOUK_LEDGER_DATABASE_URL", url)), SERVICE);
    }

    private static Future<Void> insert(Database database, int number) {
        return database.transaction("test", transaction -> insert(transaction, number));
    }

    private static Future<Void> insert(Transaction transaction, int number) {
        return transaction
                .run("INSERT INTO entry (id, amount) VALUES ($1, $1)", Tuple.of(number))
                .mapEmpty();
    }

    private static Future<Void> raise(Transaction transaction, int id) {
        return transaction
                .run("UPDATE entry SET amount = amount + 100 WHERE id = $1", Tuple.of(id))
                .mapEmpty();
    }

    private static Future<Void> raise(Transaction transaction, int id, Promise<Void> reached) {
        return raise(transaction, id).onSuccess(done -> reached.tryComplete());
    }

    private static Future<Void> fail(Transaction transaction, String state) {
        return transaction
                .run("DO $$ BEGIN RAISE EXCEPTION 'bad luck' USING ERRCODE = '" + state + "'; END $$", Tuple.tuple())
                .mapEmpty();
    }

    private static Future<Void> done() {
        return Future.succeededFuture();
    }

    private static void run(Database database, String sql) {
        ServiceFixture.await(database.write("test", sql, Tuple.tuple()));
    }

    private static long count(Database database) {
        return Long.parseLong(text(database, "SELECT count(*)::text FROM entry"));
    }

    private static String text(Database database, String sql) {
        return ServiceFixture.await(database.read(sql, Tuple.tuple()))
                .iterator()
                .next()
                .getString(0);
    }

    private static Fault.Code refusal(Future<?> call) {
        return ServiceFixture.refusal(() -> ServiceFixture.await(call));
    }
}
