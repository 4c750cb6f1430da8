package dev.souk.kit.db;

import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import dev.souk.kit.config.Environment;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Statements that leave together. */
@ExtendWith(VertxExtension.class)
class TransactionIT {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private Database database;

    @BeforeEach
    void open(Vertx vertx) {
        Environment environment = Environment.of(
                Map.of("SOUK_LEDGER_DATABASE_URL", POSTGRES.provision().url()));
        database = await(Database.open(vertx, DatabaseConfig.from(environment, "ledger"), new Random(1)));
    }

    @AfterEach
    void close() {
        await(database.close());
    }

    @Test
    void theCommitBehindTheLastStatementKeepsAll() {
        await(database.transaction("test", transaction -> {
            Future<?> first = insert(transaction, 1);
            return transaction.last(Future.all(first, insert(transaction, 2)));
        }));

        assertThat(count()).isEqualTo(2);
    }

    /** The commit is on its way already. */
    @Test
    void theCommitBehindAStatementThatFailsKeepsNothing() {
        Future<?> failed = database.transaction("test", transaction -> {
            Future<?> first = insert(transaction, 1);
            Future<?> doubled = insert(transaction, 1);
            return transaction.last(Future.all(first, doubled, insert(transaction, 2)));
        });

        assertThatThrownBy(() -> await(failed)).matches(failure -> SqlFailures.violates(failure, "entry_pkey"));
        assertThat(count()).isZero();
    }

    @Test
    void aFailureThatTheWorkOverlooksIsNoSuccess() {
        Future<?> failed = database.transaction("test", transaction -> {
            insert(transaction, 1);
            return insert(transaction, 1).otherwiseEmpty();
        });

        assertThatThrownBy(() -> await(failed)).matches(failure -> SqlFailures.violates(failure, "entry_pkey"));
        assertThat(count()).isZero();
    }

    @Test
    void aFailureThatTheWorkOverlooksBehindTheCommitIsNoSuccessEither() {
        Future<?> failed = database.transaction("test", transaction -> {
            insert(transaction, 1);
            return transaction.last(insert(transaction, 1).otherwiseEmpty());
        });

        assertThatThrownBy(() -> await(failed)).matches(failure -> SqlFailures.violates(failure, "entry_pkey"));
        assertThat(count()).isZero();
    }

    @Test
    void theFirstFailureIsTold() {
        Future<Object> failed = database.transaction("test", transaction -> {
            Future<?> impossible = transaction.run("SELECT 1 / 0", Tuple.tuple());
            return Future.join(impossible, insert(transaction, 1))
                    .otherwiseEmpty()
                    .mapEmpty();
        });

        assertThat(refusal(() -> await(failed))).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(count()).isZero();
    }

    @Test
    void nothingFollowsTheLastStatement() {
        Future<?> failed = database.transaction(
                "test",
                transaction -> transaction.last(insert(transaction, 1)).compose(done -> insert(transaction, 2)));

        assertThatThrownBy(() -> await(failed)).isInstanceOf(IllegalStateException.class);
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void whatIsToBeDoneAfterTheCommitIsDoneThenAndNotOtherwise() {
        List<String> done = new ArrayList<>();

        await(database.transaction("test", transaction -> {
            transaction.afterCommit(() -> done.add("kept"));
            return insert(transaction, 1);
        }));
        Future<?> failed = database.transaction("test", transaction -> {
            transaction.afterCommit(() -> done.add("lost"));
            return insert(transaction, 1);
        });

        assertThatThrownBy(() -> await(failed)).isNotNull();
        assertThat(done).containsExactly("kept");
    }

    /** A connection that was given back in a transaction would take the next one's work with it. */
    @Test
    void connectionsComeBackClean() {
        for (int round = 0; round < 30; round++) {
            int first = round * 100;
            List<Future<?>> all = new ArrayList<>();
            for (int one = 0; one < 40; one++) {
                int id = first + one;
                int other = one % 2 == 0 ? id + 50 : id;
                all.add(database.transaction(
                                "test",
                                transaction -> transaction.last(
                                        Future.all(insert(transaction, id), insert(transaction, other))))
                        .otherwiseEmpty());
            }
            await(Future.join(all));
        }

        assertThat(count()).isEqualTo(1_200);
    }

    private static Future<Void> insert(Transaction transaction, int number) {
        return transaction
                .run("INSERT INTO entry (id, amount) VALUES ($1, $1 + 1000)", Tuple.of(number))
                .mapEmpty();
    }

    private long count() {
        return await(database.read("SELECT count(*) AS entries FROM entry", Tuple.tuple()))
                .iterator()
                .next()
                .getLong("entries");
    }
}
