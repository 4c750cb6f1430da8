package dev.souk.user;

import static dev.souk.kit.testing.ServiceFixture.admin;
import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users;
import dev.souk.contracts.Users.Find;
import dev.souk.contracts.Users.GetKeys;
import dev.souk.contracts.Users.LogIn;
import dev.souk.contracts.Users.User;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.Transaction;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(VertxExtension.class)
class FirstAdminIT {
    private static final Pattern ANNOUNCEMENT =
            Pattern.compile("admin log-in: (admin@souk\\.local)  password: ([A-Za-z2-9]{20})  \\(shown once\\)");

    @RegisterExtension
    static final FreshDatabases DATABASES = new FreshDatabases();

    private final Map<String, String> variables = new HashMap<>();
    private Vertx vertx;

    @BeforeEach
    void prepare(Vertx vertx) {
        this.vertx = vertx;
        variables.putAll(DATABASES.fresh());
        // None of three that start at once waits for another's hashing.
        variables.put("SOUK_PASSWORD_WORKERS", "3");
    }

    @Test
    void isMadeUpOnceByInstancesThatStartAtOnceAndShownOnce() {
        ServiceFixture shop = ServiceFixture.deploy(vertx, variables);

        deployThreeThatMeetAt("account", shop);

        assertThat(shop.announcements()).hasSize(1);
        Matcher shown = ANNOUNCEMENT.matcher(shop.announcements().getFirst());
        assertThat(shown.matches()).as(shop.announcements().getFirst()).isTrue();
        assertThat(shop.call(Users.LOG_IN, new LogIn(shown.group(1), shown.group(2)))
                        .accessToken())
                .isNotEmpty();
        assertThat(users(shop)).extracting(User::role).containsExactly(Role.ADMIN);
    }

    @Test
    void isNotMadeAgainAtTheNextStart() {
        ServiceFixture first = ServiceFixture.deploy(vertx, variables, UserVerticle.DEFINITION);
        List<User> before = users(first);
        undeployAll();

        ServiceFixture second = ServiceFixture.deploy(vertx, variables, UserVerticle.DEFINITION);

        assertThat(second.announcements()).isEmpty();
        assertThat(users(second)).isEqualTo(before).hasSize(1);
    }

    @Test
    void isTheNamedOneAndShownToNobody() {
        name("Boss@example.com", "the boss's own words");
        ServiceFixture shop = ServiceFixture.deploy(vertx, variables);

        deployThreeThatMeetAt("account", shop);

        assertThat(shop.announcements()).isEmpty();
        assertThat(users(shop)).extracting(User::email).containsExactly("Boss@example.com");
        assertThat(users(shop)).extracting(User::role).containsExactly(Role.ADMIN);
        assertThat(shop.call(Users.LOG_IN, new LogIn("boss@example.com", "the boss's own words"))
                        .accessToken())
                .isNotEmpty();
    }

    @Test
    void isLeftAsItIsWhenItsPasswordIsSetAnew() {
        name("boss@example.com", "the boss's own words");
        ServiceFixture.deploy(vertx, variables, UserVerticle.DEFINITION);
        undeployAll();
        name("BOSS@example.com", "the boss's other words");

        ServiceFixture shop = ServiceFixture.deploy(vertx, variables, UserVerticle.DEFINITION);

        assertThat(users(shop)).extracting(User::email).containsExactly("boss@example.com");
        assertThat(refusal(() -> shop.call(Users.LOG_IN, new LogIn("boss@example.com", "the boss's other words"))))
                .isEqualTo(Fault.Code.INVALID_CREDENTIALS);
    }

    @Test
    void instancesThatStartAtOnceShareOneKey() {
        ServiceFixture shop = ServiceFixture.deploy(vertx, variables);

        deployThreeThatMeetAt("signing_key", shop);

        List<Users.KeySet> seen = IntStream.range(0, 6)
                .mapToObj(n -> shop.call(Users.KEYS, new GetKeys()))
                .distinct()
                .toList();
        assertThat(seen).hasSize(1);
        assertThat(seen.getFirst().keys()).hasSize(1);
    }

    @Test
    void aStartThatFailsNamesTheSettingAndLeavesNothingOpen() {
        Database database = FreshDatabases.open(vertx, variables);
        await(FreshDatabases.accounts(database)
                .insert(new Account(
                        UUID.randomUUID(), "Eve", "ADMIN@souk.local", Role.CUSTOMER, "none", Instant.EPOCH)));
        long before = connections(database);
        ServiceContext context = ServiceFixture.deploy(vertx, variables).context();

        Future<String> started = vertx.deployVerticle(new UserVerticle(context));

        assertThatThrownBy(() -> await(started))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("SOUK_ADMIN_EMAIL: ");
        assertThat(context.discovery().instances("user")).isEmpty();
        waitUntilConnectionsAre(database, before);
    }

    @Test
    void stopsWhatWasNeverStarted() {
        ServiceContext context = ServiceFixture.deploy(vertx, variables).context();

        assertThat(await(new UserVerticle(context).stop().map(true))).isTrue();
    }

    private void name(String email, String password) {
        variables.put("SOUK_ADMIN_EMAIL", email);
        variables.put("SOUK_ADMIN_PASSWORD", password);
    }

    /** Starts three instances and keeps them from writing to the table until all of them want to. */
    private void deployThreeThatMeetAt(String table, ServiceFixture shop) {
        List<Future<String>> started = new ArrayList<>();
        Future<Void> met = FreshDatabases.open(vertx, variables)
                .transaction(
                        "meet",
                        holder -> holder.run("LOCK TABLE " + table + " IN SHARE MODE", Tuple.tuple())
                                .onSuccess(locked -> started.addAll(deployThree(shop)))
                                .compose(locked -> untilThreeWait(holder)));
        await(met);
        await(Future.join(started));
    }

    private List<Future<String>> deployThree(ServiceFixture shop) {
        return Stream.generate(() -> vertx.deployVerticle(new UserVerticle(shop.context())))
                .limit(3)
                .toList();
    }

    private Future<Void> untilThreeWait(Transaction holder) {
        return holder.run("""
                        SELECT count(*) AS waiting
                          FROM pg_locks
                         WHERE NOT granted
                           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                        """, Tuple.tuple())
                .compose(rows -> rows.iterator().next().getLong("waiting") == 3
                        ? Future.succeededFuture()
                        : vertx.timer(20).compose(fired -> untilThreeWait(holder)));
    }

    private void undeployAll() {
        vertx.deploymentIDs().forEach(id -> await(vertx.undeploy(id)));
    }

    private static List<User> users(ServiceFixture shop) {
        return shop.call(Users.LIST, new Find(null, 100, null), admin()).items();
    }

    private static long connections(Database database) {
        return await(database.read("""
                        SELECT count(*) AS open
                          FROM pg_stat_activity
                         WHERE datname = current_database() AND pid <> pg_backend_pid()
                        """, Tuple.tuple())).iterator().next().getLong("open");
    }

    private void waitUntilConnectionsAre(Database database, long wanted) {
        Instant limit = Instant.now().plus(Duration.ofSeconds(5));
        while (connections(database) != wanted) {
            assertThat(Instant.now()).as("connections were left open").isBefore(limit);
            await(vertx.timer(20));
        }
    }
}
