package dev.souk.user;

import static dev.souk.kit.testing.ServiceFixture.admin;
import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.customer;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users;
import dev.souk.contracts.Users.Find;
import dev.souk.contracts.Users.Get;
import dev.souk.contracts.Users.GetKeys;
import dev.souk.contracts.Users.KeySet;
import dev.souk.contracts.Users.LogIn;
import dev.souk.contracts.Users.Register;
import dev.souk.contracts.Users.Token;
import dev.souk.contracts.Users.User;
import dev.souk.contracts.Users.UserPage;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class UserVerticleIT {
    private static final String PASSWORD = "correct horse battery staple";

    /** For many passwords at once: a busy machine takes its time for each. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final FreshDatabases DATABASES = new FreshDatabases();

    private final Map<String, String> variables = new HashMap<>();
    private Vertx vertx;

    @BeforeEach
    void prepare(Vertx vertx) {
        this.vertx = vertx;
        variables.putAll(DATABASES.fresh());
        variables.put("SOUK_ADMIN_EMAIL", "boss@example.com");
        variables.put("SOUK_ADMIN_PASSWORD", "the boss's own words");
    }

    @Test
    void registersLogsInAndReads() {
        ServiceFixture shop = deploy();
        Instant before = shop.context().clock().instant();

        User ada = shop.call(Users.REGISTER, new Register(" Ada ", " Ada@Example.com ", PASSWORD));
        Token token = shop.call(Users.LOG_IN, new LogIn("ada@example.COM ", PASSWORD));
        User read = shop.call(Users.GET, new Get(ada.id()), new Caller(ada.id(), Role.CUSTOMER));

        assertThat(read).isEqualTo(ada);
        assertThat(ada.name()).isEqualTo("Ada");
        assertThat(ada.email()).isEqualTo("Ada@Example.com");
        assertThat(ada.role()).isEqualTo(Role.CUSTOMER);
        assertThat(ada.createdAt()).isBetween(before, shop.context().clock().instant());
        assertThat(subject(token, shop.call(Users.KEYS, new GetKeys())))
                .isEqualTo(ada.id().toString());
    }

    @Test
    void refusesAMailThatIsTakenInWhateverCase() {
        ServiceFixture shop = deploy();
        register(shop, "\u00c9mile@example.com");

        Fault.Code refusal = refusal(() -> register(shop, "\u00e9MILE@EXAMPLE.com"));

        assertThat(refusal).isEqualTo(Fault.Code.EMAIL_TAKEN);
    }

    @Test
    void takesOneOfTwentyRegistrationsOfOneMail() {
        ServiceFixture shop = deploy();
        List<Future<User>> asked = IntStream.range(0, 20)
                .mapToObj(n -> shop.start(
                        Users.REGISTER.within(PATIENCE),
                        new Register("Ada " + n, n % 2 == 0 ? "ada@example.com" : "ADA@example.com", PASSWORD),
                        Optional.empty()))
                .toList();

        await(Future.join(asked).otherwiseEmpty());

        assertThat(asked).filteredOn(Future::succeeded).hasSize(1);
        assertThat(asked)
                .filteredOn(Future::failed)
                .extracting(UserVerticleIT::code)
                .containsOnly(Fault.Code.EMAIL_TAKEN);
        assertThat(list(shop, "ada@example.com", null, null).items()).hasSize(1);
    }

    @Test
    void checksARegistrationItself() {
        ServiceFixture shop = deploy();

        Fault fault = fault(() -> shop.call(Users.REGISTER, new Register("a\u0000", null, "password1")));

        assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(fault.violations())
                .extracting(Fault.Violation::pointer)
                .containsExactly("/name", "/email", "/password");
        assertThat(list(shop, null, null, null).items()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Robert'); DROP TABLE account; --", "\ud83d\ude00 \u65e5\u672c\u8a9e \u0627\u0644", "${x} %s \\"
            })
    void keepsAnyNameAsItIs(String name) {
        ServiceFixture shop = deploy();

        User user = shop.call(Users.REGISTER, new Register(name, "'or''='@example.com", PASSWORD));

        assertThat(shop.call(Users.GET, new Get(user.id())).name()).isEqualTo(name);
    }

    @Test
    void tellsAnUnknownMailFromAWrongPasswordInNoWord() {
        ServiceFixture shop = deploy();
        register(shop, "ada@example.com");

        Fault wrong = fault(() -> logIn(shop, "ada@example.com", "Correct horse battery staple"));
        Fault unknown = fault(() -> logIn(shop, "eve@example.com", PASSWORD));
        Fault impossible = fault(() -> logIn(shop, "ada\u0000@example.com", PASSWORD));

        assertThat(List.of(wrong, unknown, impossible))
                .extracting(Fault::code)
                .containsOnly(Fault.Code.INVALID_CREDENTIALS);
        assertThat(List.of(unknown.getMessage(), impossible.getMessage())).containsOnly(wrong.getMessage());
    }

    @Test
    void shedsLogInsThatWouldWaitTooLongAndRecovers() throws InterruptedException {
        variables.put("SOUK_PASSWORD_WORKERS", "1");
        variables.put("SOUK_PASSWORD_QUEUE", "2");
        ServiceFixture shop = deploy();
        register(shop, "ada@example.com");

        List<Future<Token>> asked = logInTenTimesWhileTheWorkerIsBusy(shop, "ada@example.com");

        assertThat(asked).filteredOn(Future::succeeded).hasSize(3);
        assertThat(asked)
                .filteredOn(Future::failed)
                .hasSize(7)
                .extracting(UserVerticleIT::code)
                .containsOnly(Fault.Code.OVERLOADED);
        assertThat(logIn(shop, "ada@example.com", PASSWORD).accessToken()).isNotEmpty();
    }

    /** Otherwise it would be answered sooner than a known one. */
    @Test
    void anUnknownMailWaitsForTheSameWorker() throws InterruptedException {
        variables.put("SOUK_PASSWORD_WORKERS", "1");
        variables.put("SOUK_PASSWORD_QUEUE", "2");
        ServiceFixture shop = deploy();

        List<Future<Token>> asked = logInTenTimesWhileTheWorkerIsBusy(shop, "eve@example.com");

        assertThat(asked)
                .extracting(UserVerticleIT::code)
                .filteredOn(Fault.Code.INVALID_CREDENTIALS::equals)
                .hasSize(3);
        assertThat(asked)
                .extracting(UserVerticleIT::code)
                .filteredOn(Fault.Code.OVERLOADED::equals)
                .hasSize(7);
    }

    @Test
    void showsAUserToThemselvesAdminsAndServicesOnly() {
        ServiceFixture shop = deploy();
        User ada = register(shop, "ada@example.com");
        Get get = new Get(ada.id());

        assertThat(shop.call(Users.GET, get, new Caller(ada.id(), Role.CUSTOMER)))
                .isEqualTo(ada);
        assertThat(shop.call(Users.GET, get, admin())).isEqualTo(ada);
        assertThat(shop.call(Users.GET, get)).isEqualTo(ada);
        Fault hidden = fault(() -> shop.call(Users.GET, get, customer()));
        Fault missing = fault(() -> shop.call(Users.GET, new Get(UUID.randomUUID()), admin()));
        assertThat(hidden.code()).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(missing.code()).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(hidden.getMessage()).isEqualTo(missing.getMessage());
    }

    @Test
    void listsForAdminsOnly() {
        ServiceFixture shop = deploy();
        Find all = new Find(null, null, null);

        assertThat(refusal(() -> shop.call(Users.LIST, all))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> shop.call(Users.LIST, all, customer()))).isEqualTo(Fault.Code.FORBIDDEN);
        assertThat(shop.call(Users.LIST, all, admin()).items()).hasSize(1);
    }

    @Test
    void pagesThroughAllUsersWithoutGapOrDouble() {
        ServiceFixture shop = deploy();
        List<Account> stored = IntStream.range(0, 45)
                .mapToObj(n -> account(
                        "User " + n,
                        Instant.parse("2026-01-01T00:00:00.123456Z").plusSeconds(n / 10)))
                .toList();
        store(stored);
        List<UserPage> pages = new ArrayList<>();

        String cursor = null;
        do {
            pages.add(list(shop, "user ", 10, cursor));
            cursor = pages.getLast().nextCursor();
        } while (cursor != null && pages.size() < 10);

        assertThat(pages).extracting(page -> page.items().size()).containsExactly(10, 10, 10, 10, 5);
        assertThat(pages.stream().flatMap(page -> page.items().stream()).map(User::id))
                .containsExactlyElementsOf(stored.stream()
                        .sorted(Comparator.comparing(Account::createdAt)
                                .thenComparing(account -> account.id().toString())
                                .reversed())
                        .map(Account::id)
                        .toList());
    }

    @Test
    void findsByNameOrMailWithoutWildcards() {
        ServiceFixture shop = deploy();
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        store(List.of(
                account("100% Cotton", now),
                account("1000 Cotton", now),
                account("snake_case", now),
                account("snakeXcase", now),
                account("back\\slash", now)));

        assertThat(namesFound(shop, "100%")).containsExactly("100% Cotton");
        assertThat(namesFound(shop, "E_C")).containsExactly("snake_case");
        assertThat(namesFound(shop, "k\\S")).containsExactly("back\\slash");
        assertThat(namesFound(shop, " cotton ")).containsExactlyInAnyOrder("100% Cotton", "1000 Cotton");
        assertThat(namesFound(shop, "BOSS@example")).containsExactly("Admin");
        assertThat(namesFound(shop, "no such")).isEmpty();
        assertThat(namesFound(shop, "")).hasSize(6);
    }

    @Test
    void refusesALimitOrCursorThatIsNone() {
        ServiceFixture shop = deploy();
        UUID id = UUID.randomUUID();
        List<String> cursors = List.of(
                "x",
                "\u00e4",
                Cursor.after("2026-01-01T00:00:00Z").encode(),
                Cursor.after("today", id).encode(),
                Cursor.after("2026-01-01T00:00:00Z", "me").encode(),
                Cursor.after(Instant.MAX, id).encode(),
                Cursor.after(Instant.MIN, id).encode());

        assertThat(cursors)
                .allSatisfy(cursor -> assertThat(refusal(() -> list(shop, null, null, cursor)))
                        .isEqualTo(Fault.Code.INVALID_REQUEST));
        assertThat(List.of(0, -1, 101))
                .allSatisfy(limit ->
                        assertThat(refusal(() -> list(shop, null, limit, null))).isEqualTo(Fault.Code.INVALID_REQUEST));
        assertThat(list(
                                shop,
                                null,
                                null,
                                Cursor.after("2999-01-01T00:00:00Z", id).encode())
                        .items())
                .hasSize(1);
    }

    @Test
    void keepsItsKeyOverARestart() {
        ServiceFixture first = deploy();
        KeySet before = first.call(Users.KEYS, new GetKeys());
        Token token = logIn(first, "boss@example.com", "the boss's own words");
        vertx.deploymentIDs().forEach(id -> await(vertx.undeploy(id)));

        KeySet after = deploy().call(Users.KEYS, new GetKeys());

        assertThat(after).isEqualTo(before);
        assertThat(after.keys()).hasSize(1);
        assertThat(subject(token, after)).isNotEmpty();
    }

    private ServiceFixture deploy() {
        return ServiceFixture.deploy(vertx, variables, UserVerticle.DEFINITION);
    }

    private static User register(ServiceFixture shop, String email) {
        return shop.call(Users.REGISTER, new Register("Ada", email, PASSWORD));
    }

    private static Token logIn(ServiceFixture shop, String email, String password) {
        return shop.call(Users.LOG_IN, new LogIn(email, password));
    }

    private static UserPage list(ServiceFixture shop, String q, Integer limit, String cursor) {
        return shop.call(Users.LIST, new Find(q, limit, cursor), admin());
    }

    private static List<String> namesFound(ServiceFixture shop, String q) {
        return list(shop, q, null, null).items().stream().map(User::name).toList();
    }

    /** Ten log-ins of which the worker takes none until all that are refused at once have been answered. */
    private List<Future<Token>> logInTenTimesWhileTheWorkerIsBusy(ServiceFixture shop, String email)
            throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(7);
        vertx.createSharedWorkerExecutor(Passwords.POOL).executeBlocking(() -> release.await(10, TimeUnit.SECONDS));
        List<Future<Token>> asked = IntStream.range(0, 10)
                .mapToObj(n -> shop.start(Users.LOG_IN.within(PATIENCE), new LogIn(email, PASSWORD), Optional.empty())
                        .onFailure(failure -> refused.countDown()))
                .toList();
        assertThat(refused.await(3, TimeUnit.SECONDS)).isTrue();
        release.countDown();
        await(Future.join(asked).otherwiseEmpty());
        return asked;
    }

    private void store(List<Account> accounts) {
        AccountRepository repository = FreshDatabases.accounts(FreshDatabases.open(vertx, variables));
        Future<List<Boolean>> stored =
                Future.all(accounts.stream().map(repository::insert).toList()).map(all -> all.<Boolean>list());
        assertThat(await(stored)).containsOnly(true);
    }

    private static Account account(String name, Instant createdAt) {
        UUID id = UUID.randomUUID();
        return new Account(id, name, id + "@example.org", Role.CUSTOMER, "none", createdAt);
    }

    /** Whom a token is of, according to these keys and no other. */
    private String subject(Token token, KeySet keys) {
        JWTAuthOptions options = new JWTAuthOptions();
        keys.keys().forEach(key -> options.addJwk(new JsonObject(Map.copyOf(key))));
        return await(JWTAuth.create(vertx, options).authenticate(new TokenCredentials(token.accessToken())))
                .subject();
    }

    private static Fault fault(Runnable call) {
        Fault fault = catchThrowableOfType(Fault.class, call::run);
        assertThat(fault).as("refusal").isNotNull();
        return fault;
    }

    private static Fault.Code code(Future<?> failed) {
        return ((Fault) failed.cause()).code();
    }
}
