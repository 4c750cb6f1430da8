package dev.souk.user;

import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users;
import dev.souk.contracts.Users.Change;
import dev.souk.contracts.Users.LogIn;
import dev.souk.contracts.Users.LogOut;
import dev.souk.contracts.Users.Refresh;
import dev.souk.contracts.Users.Register;
import dev.souk.contracts.Users.Token;
import dev.souk.contracts.Users.User;
import dev.souk.kit.db.Database;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of refresh tokens. */
@ExtendWith(VertxExtension.class)
class SessionsIT {
    private static final String EMAIL = "ada@example.com";
    private static final String PASSWORD = "correct horse battery staple";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final FreshDatabases DATABASES = new FreshDatabases();

    private final Map<String, String> variables = new HashMap<>();
    private final SettableClock clock = new SettableClock();
    private final SecureRandom random = new SecureRandom();
    private Vertx vertx;
    private Database database;
    private ServiceFixture shop;
    private User ada;

    @BeforeEach
    void open(Vertx vertx) {
        this.vertx = vertx;
        variables.putAll(DATABASES.fresh());
        variables.put("SOUK_ADMIN_EMAIL", "boss@example.com");
        variables.put("SOUK_ADMIN_PASSWORD", "the boss's own words");
        variables.put("SOUK_KEY_ROTATION", "0");
        shop = ServiceFixture.deploy(vertx, variables);
        deploy();
        database = FreshDatabases.open(vertx, variables);
        ada = shop.call(Users.REGISTER, new Register("Ada", EMAIL, PASSWORD));
    }

    @Test
    void aTokenGetsTheNextOneAndSoOn() {
        Token first = logIn();

        Token second = refresh(first);
        Token third = refresh(second);

        assertThat(List.of(first, second, third))
                .extracting(Token::refreshToken)
                .doesNotHaveDuplicates();
        assertThat(List.of(first, second, third)).extracting(Token::accessToken).doesNotHaveDuplicates();
        assertThat(third.tokenType()).isEqualTo("Bearer");
        assertThat(third.expiresIn()).isEqualTo(900);
        assertThat(families()).isEqualTo(1);
    }

    @Test
    void keepsNoTokenButOnlyItsHash() {
        RefreshToken token = RefreshToken.parse(logIn().refreshToken()).orElseThrow();

        byte[] stored = await(database.read("SELECT token_hash FROM refresh_family", Tuple.tuple()))
                .iterator()
                .next()
                .getBuffer("token_hash")
                .getBytes();

        assertThat(stored).isEqualTo(token.hash());
    }

    /** Be it a thief's, or the user's from whom it was stolen: which of the two is not known. */
    @Test
    void aTokenThatIsSpentTwiceEndsItsFamilyAndNoOther() {
        Token other = logIn();
        Token stolen = logIn();
        Token newest = refresh(refresh(stolen));

        Fault.Code again = refusal(() -> refresh(stolen));

        assertThat(again).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> refresh(newest))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> refresh(stolen))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refresh(other).refreshToken()).isNotEmpty();
    }

    /** The service cannot tell who repeats from who steals: the user logs in again, and is well. */
    @Test
    void whoNeverHeardTheAnswerLogsInAgain() {
        Token held = logIn();
        Token neverHeard = refresh(held);

        assertThat(refusal(() -> refresh(held))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> refresh(neverHeard))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refresh(logIn()).refreshToken()).isNotEmpty();
    }

    @Test
    void ofAHundredAtOnceOneAtMostSucceedsAndTheFamilyIsOver() {
        deploy();
        Token token = logIn();

        List<Future<Token>> asked = IntStream.range(0, 100)
                .mapToObj(number ->
                        shop.start(Users.REFRESH.within(PATIENCE), new Refresh(token.refreshToken()), Optional.empty()))
                .toList();
        await(Future.join(asked).otherwiseEmpty());

        List<Future<Token>> won = asked.stream().filter(Future::succeeded).toList();
        assertThat(won).hasSize(1);
        assertThat(asked)
                .filteredOn(Future::failed)
                .extracting(failed -> ((Fault) failed.cause()).code())
                .containsOnly(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> refresh(won.getFirst().result()))).isEqualTo(Fault.Code.UNAUTHENTICATED);
    }

    @Test
    void manyFamiliesAtOnceDoNotMeet() {
        List<Token> tokens = IntStream.range(0, 5).mapToObj(number -> logIn()).toList();

        List<Future<Token>> asked = tokens.stream()
                .map(token ->
                        shop.start(Users.REFRESH.within(PATIENCE), new Refresh(token.refreshToken()), Optional.empty()))
                .toList();
        await(Future.join(asked));

        assertThat(asked).allMatch(Future::succeeded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a.b.c",
                "' OR 1=1 --",
                "\u0000",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void whatIsNoTokenIsRefusedLikeOneThatIsOver(String text) {
        assertThat(refusal(() -> shop.call(Users.REFRESH, new Refresh(text)))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(shop.call(Users.LOG_OUT, new LogOut(text))).isEqualTo(Done.DONE);
    }

    @Test
    void aTokenMustBeGiven() {
        assertThat(refusal(() -> shop.call(Users.REFRESH, new Refresh(null)))).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(refusal(() -> shop.call(Users.LOG_OUT, new LogOut(null)))).isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @Test
    void loggingOutEndsTheFamilyAndNoOtherHoweverOften() {
        Token other = logIn();
        Token first = logIn();
        Token second = refresh(first);

        shop.call(Users.LOG_OUT, new LogOut(first.refreshToken()));
        shop.call(Users.LOG_OUT, new LogOut(first.refreshToken()));

        assertThat(refusal(() -> refresh(second))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(families()).isEqualTo(1);
        assertThat(refresh(other).refreshToken()).isNotEmpty();
    }

    @Test
    void aTokenRunsOut() {
        Token early = logIn();
        Token late = logIn();
        clock.pass(Duration.ofDays(30).minusMillis(1));
        Token renewed = refresh(early);
        clock.pass(Duration.ofMillis(1));

        assertThat(refusal(() -> refresh(late))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refresh(renewed).refreshToken()).isNotEmpty();
    }

    @Test
    void aLogInEndsHoweverOftenItIsRenewed() {
        Token token = logIn();
        for (int month = 0; month < 4; month++) {
            clock.pass(Duration.ofDays(22));
            token = refresh(token);
        }
        Token last = token;
        clock.pass(Duration.ofDays(2));

        assertThat(refusal(() -> refresh(last))).isEqualTo(Fault.Code.UNAUTHENTICATED);
    }

    @Test
    void whatIsOverIsForgotten() {
        Token spentTwice = logIn();
        refresh(spentTwice);
        refusal(() -> refresh(spentTwice));
        clock.pass(Duration.ofDays(20));
        Token alive = logIn();
        clock.pass(Duration.ofDays(11));
        SessionRepository sessions = new SessionRepository(database);

        int forgotten = await(sessions.forgetExpired(clock.instant()));

        assertThat(forgotten).isEqualTo(1);
        assertThat(families()).isEqualTo(1);
        assertThat(refresh(alive).refreshToken()).isNotEmpty();
    }

    @Test
    void aUserHasSoManyLogInsAndNoMore() {
        Token oldest = logIn();
        SessionRepository sessions = new SessionRepository(database);
        Account account = account();
        for (int number = 1; number < SessionRepository.MOST_OF_A_USER; number++) {
            begin(sessions, account);
        }
        Token youngest = logIn();

        begin(sessions, account);

        assertThat(families()).isEqualTo(SessionRepository.MOST_OF_A_USER);
        assertThat(refusal(() -> refresh(oldest))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refresh(youngest).refreshToken()).isNotEmpty();
    }

    @Test
    void aNewPasswordEndsEveryLogInOfTheUserAndOfNobodyElse() {
        Token boss = shop.call(Users.LOG_IN, new LogIn("boss@example.com", "the boss's own words"));
        Token one = logIn();
        Token other = refresh(logIn());

        shop.call(Users.CHANGE, new Change(null, null, PASSWORD, "staple battery horse"), self());

        assertThat(refusal(() -> refresh(one))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refusal(() -> refresh(other))).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(refresh(boss).refreshToken()).isNotEmpty();
    }

    /** Its password was right when it was looked at, and is another when the log-in begins. */
    @Test
    void aLogInThatIsOvertakenByANewPasswordIsNone() {
        Account before = account();
        shop.call(Users.CHANGE, new Change(null, null, PASSWORD, "staple battery horse"), self());

        boolean begun = begin(new SessionRepository(database), before);

        assertThat(begun).isFalse();
        assertThat(families()).isZero();
    }

    /** Whichever of the two commits first, no log-in with the old password outlives the new one. */
    @Test
    void logInsThatMeetANewPasswordDoNotOutliveIt() {
        for (int round = 0; round < 3; round++) {
            String old = password(round);
            String wanted = password(round + 1);
            Account before = account();
            SessionRepository sessions = new SessionRepository(database);
            Future<User> changed = shop.start(Users.CHANGE, new Change(null, null, old, wanted), Optional.of(self()));

            while (!changed.isComplete()) {
                begin(sessions, before);
            }
            await(changed);

            assertThat(families()).isZero();
        }
    }

    @Test
    void anotherNameOrMailEndsNoLogIn() {
        Token token = logIn();

        shop.call(Users.CHANGE, new Change("Ada King", "ada.king@example.com", PASSWORD, null), self());

        assertThat(refresh(token).refreshToken()).isNotEmpty();
    }

    private static String password(int round) {
        return round == 0 ? PASSWORD : PASSWORD + " " + round;
    }

    /** Another instance of the service. */
    private void deploy() {
        await(vertx.deployVerticle(new UserVerticle(clock.in(shop.context()))));
    }

    private Token logIn() {
        return shop.call(Users.LOG_IN, new LogIn(EMAIL, PASSWORD));
    }

    private Token refresh(Token token) {
        return shop.call(Users.REFRESH, new Refresh(token.refreshToken()));
    }

    private Caller self() {
        return new Caller(ada.id(), Role.CUSTOMER);
    }

    private Account account() {
        return await(FreshDatabases.accounts(database).findById(ada.id())).orElseThrow();
    }

    private boolean begin(SessionRepository sessions, Account account) {
        Instant ends = clock.instant().plus(Duration.ofDays(1));
        clock.pass(Duration.ofMillis(1));
        return await(sessions.begin(RefreshToken.first(random), account, clock.instant(), ends, ends));
    }

    private long families() {
        return await(database.read(
                        "SELECT count(*) AS found FROM refresh_family WHERE user_id = $1", Tuple.of(ada.id())))
                .iterator()
                .next()
                .getLong("found");
    }
}
