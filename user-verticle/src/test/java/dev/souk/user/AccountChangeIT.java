package dev.souk.user;

import static dev.souk.kit.bus.OperationHandler.on;
import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.UserEvent;
import dev.souk.contracts.Users;
import dev.souk.contracts.Users.Change;
import dev.souk.contracts.Users.Get;
import dev.souk.contracts.Users.LogIn;
import dev.souk.contracts.Users.Register;
import dev.souk.contracts.Users.User;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users change their own accounts. */
@ExtendWith(VertxExtension.class)
class AccountChangeIT {
    private static final String EMAIL = "ada@example.com";
    private static final String PASSWORD = "correct horse battery staple";
    private static final String NEW_PASSWORD = "staple battery horse correct";

    @RegisterExtension
    static final FreshDatabases DATABASES = new FreshDatabases();

    private final List<Event> told = new CopyOnWriteArrayList<>();
    private Database database;
    private ServiceFixture shop;
    private User ada;

    @BeforeEach
    void open(Vertx vertx) {
        Map<String, String> variables = new HashMap<>(DATABASES.fresh());
        variables.put("SOUK_ADMIN_EMAIL", "boss@example.com");
        variables.put("SOUK_ADMIN_PASSWORD", "the boss's own words");
        variables.put("SOUK_EVENTS_POLL", "50ms");
        shop = ServiceFixture.deploy(vertx, variables, UserVerticle.DEFINITION);
        database = FreshDatabases.open(vertx, variables);
        ada = shop.call(Users.REGISTER, new Register("Ada", EMAIL, PASSWORD));
    }

    @Test
    void takesANewNameWithoutThePassword() {
        User changed = change(new Change(" Ada King ", null, null, null));

        assertThat(changed).isEqualTo(new User(ada.id(), "Ada King", EMAIL, Role.CUSTOMER, ada.createdAt()));
        assertThat(shop.call(Users.GET, new Get(ada.id()), self())).isEqualTo(changed);
    }

    @Test
    void takesANewMailAndPasswordFromWhoKnowsThePresentOne() {
        User changed = change(new Change(null, "ada.king@example.com", PASSWORD, NEW_PASSWORD));

        assertThat(changed.email()).isEqualTo("ada.king@example.com");
        assertThat(shop.call(Users.LOG_IN, new LogIn("ada.king@example.com", NEW_PASSWORD))
                        .accessToken())
                .isNotEmpty();
        assertThat(refusal(() -> shop.call(Users.LOG_IN, new LogIn("ada.king@example.com", PASSWORD))))
                .isEqualTo(Fault.Code.INVALID_CREDENTIALS);
        assertThat(refusal(() -> shop.call(Users.LOG_IN, new LogIn(EMAIL, NEW_PASSWORD))))
                .isEqualTo(Fault.Code.INVALID_CREDENTIALS);
    }

    @Test
    void aWrongOrMissingPasswordChangesNothing() {
        Fault wrong = fault(new Change("Eve", "eve@example.com", PASSWORD + "!", null));
        Fault missing = fault(new Change("Eve", null, null, NEW_PASSWORD));

        assertThat(List.of(wrong, missing)).allSatisfy(fault -> {
            assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
            assertThat(fault.violations()).extracting(Violation::pointer).containsExactly("/currentPassword");
            assertThat(fault.getMessage()).doesNotContain(PASSWORD).doesNotContain(NEW_PASSWORD);
        });
        assertThat(shop.call(Users.GET, new Get(ada.id()), self())).isEqualTo(ada);
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void aNewPasswordIsAsGoodAsAFirstOne() {
        Fault fault = fault(new Change(null, null, PASSWORD, "iloveyou"));

        assertThat(fault.violations()).extracting(Violation::pointer).containsExactly("/newPassword");
    }

    @Test
    void aMailThatIsTakenIsRefusedInWhateverCase() {
        Fault fault = fault(new Change("Ada King", "BOSS@example.com", PASSWORD, NEW_PASSWORD));

        assertThat(fault.code()).isEqualTo(Fault.Code.EMAIL_TAKEN);
        assertThat(shop.call(Users.GET, new Get(ada.id()), self())).isEqualTo(ada);
        assertThat(shop.call(Users.LOG_IN, new LogIn(EMAIL, PASSWORD)).accessToken())
                .isNotEmpty();
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void onesOwnMailMayBeSpelledAnotherWay() {
        assertThat(change(new Change(null, "Ada@Example.com", PASSWORD, null)).email())
                .isEqualTo("Ada@Example.com");
    }

    @Test
    void whatIsSoAlreadyIsNoChange() {
        assertThat(change(new Change("Ada", EMAIL, null, null))).isEqualTo(ada);
        assertThat(change(new Change(null, null, null, null))).isEqualTo(ada);
        assertThat(events()).isEqualTo(1);
    }

    @Test
    void isForWhoeverHasAnAccount() {
        Change change = new Change("Eve", null, null, null);

        assertThat(refusal(() -> shop.call(Users.CHANGE, change))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> shop.call(Users.CHANGE, change, ServiceFixture.customer())))
                .isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(shop.call(Users.GET, new Get(ada.id()), self())).isEqualTo(ada);
    }

    /** Each with the password that was right when it asked. */
    @Test
    void ofManyNewPasswordsAtOnceOneIsTaken() {
        List<Future<User>> asked = IntStream.range(0, 5)
                .mapToObj(number -> shop.start(
                        Users.CHANGE.within(Duration.ofMinutes(1)),
                        new Change(null, null, PASSWORD, NEW_PASSWORD + number),
                        Optional.of(self())))
                .toList();
        await(Future.join(asked).otherwiseEmpty());

        assertThat(asked).filteredOn(Future::succeeded).hasSize(1);
        assertThat(asked)
                .filteredOn(Future::failed)
                .extracting(failed -> ((Fault) failed.cause()).code())
                .containsOnly(Fault.Code.INVALID_REQUEST);
        assertThat(events()).isEqualTo(2);
    }

    @Test
    void eachChangeIsToldOfOnceAndInOrder() {
        change(new Change("Ada King", null, null, null));
        change(new Change(null, "ada.king@example.com", PASSWORD, null));
        change(new Change(null, null, PASSWORD, NEW_PASSWORD));

        await(shop.context()
                .serve("notification", Future::succeededFuture, on(Event.delivery("notification"), this::hear)));

        Await.until("all is told of", () -> toldOfAda().size() == 4);
        assertThat(toldOfAda()).extracting(Event::seq).containsExactly(1, 2, 3, 4);
        assertThat(toldOfAda().stream().skip(1).map(event -> EventFormat.read(event, UserEvent.class)))
                .containsExactly(
                        new UserEvent.Changed("Ada King", EMAIL, false),
                        new UserEvent.Changed("Ada King", "ada.king@example.com", false),
                        new UserEvent.Changed("Ada King", "ada.king@example.com", true));
    }

    @Test
    void manyChangesAtOnceAreNumberedWithoutAGap() {
        List<Future<User>> asked = IntStream.range(0, 20)
                .mapToObj(number ->
                        shop.start(Users.CHANGE, new Change("Ada " + number, null, null, null), Optional.of(self())))
                .toList();
        await(Future.join(asked));

        long gaps = number("""
                SELECT count(*) AS found
                  FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM user_event WHERE user_id = $1) AS one
                 WHERE seq <> place
                """);

        assertThat(events()).isEqualTo(21);
        assertThat(gaps).isZero();
        assertThat(number("SELECT last_seq::bigint AS found FROM account WHERE id = $1"))
                .isEqualTo(21);
    }

    private User change(Change change) {
        return shop.call(Users.CHANGE, change, self());
    }

    private Fault fault(Change change) {
        Fault fault = catchThrowableOfType(Fault.class, () -> change(change));
        assertThat(fault).as("refusal").isNotNull();
        return fault;
    }

    private Caller self() {
        return new Caller(ada.id(), Role.CUSTOMER);
    }

    private Future<Applied> hear(Batch batch, CallContext context) {
        told.addAll(batch.events());
        return Future.succeededFuture(new Applied(List.of()));
    }

    private List<Event> toldOfAda() {
        return told.stream()
                .filter(event -> event.aggregateId().equals(ada.id()))
                .distinct()
                .toList();
    }

    private long events() {
        return number("SELECT count(*) AS found FROM user_event WHERE user_id = $1");
    }

    private long number(String sql) {
        return await(database.read(sql, Tuple.of(ada.id()))).iterator().next().getLong("found");
    }
}
