package dev.souk.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users.KeySet;
import dev.souk.gateway.problem.Refusal;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(VertxExtension.class)
class TokenVerifierTest {
    private static final UUID USER = UUID.fromString("019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071");
    private static final TokenMint MINT = new TokenMint("key-1");
    private static final TokenMint STRANGER = new TokenMint("key-1");

    private final AtomicInteger asked = new AtomicInteger();
    private Vertx vertx;

    @BeforeEach
    void open(Vertx vertx) {
        this.vertx = vertx;
    }

    @Test
    void knowsTheCallerOfAValidToken() {
        assertThat(verify(MINT.token(USER, "customer"))).isEqualTo(new Caller(USER, Caller.Role.CUSTOMER));
        assertThat(verify(MINT.token(USER, "admin"))).isEqualTo(new Caller(USER, Caller.Role.ADMIN));
    }

    @Test
    void takesAnAudienceAmongOthers() {
        JsonObject claims = TokenMint.claims(USER, "customer")
                .put("aud", new JsonArray().add("other").add("souk"));

        assertThat(verify(MINT.sign(MINT.header(), claims)).userId()).isEqualTo(USER);
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void refuses(String token) {
        assertThatThrownBy(() -> verify(token)).isInstanceOfSatisfying(Refusal.class, refusal -> {
            assertThat(refusal.problem().slug()).isEqualTo("unauthenticated");
            assertThat(refusal.problem().headers().get("WWW-Authenticate")).contains("error=\"invalid_token\"");
        });
    }

    static Stream<Arguments> attacks() {
        return Stream.of(
                argumentSet("none, unsigned", TokenMint.unsigned(header("alg", "none"), claims())),
                argumentSet("none, empty signature", TokenMint.unsigned(header("alg", "none"), claims()) + "."),
                argumentSet("none, signed", MINT.sign(header("alg", "none"), claims())),
                argumentSet("no algorithm", MINT.sign(without("alg"), claims())),
                argumentSet("HS256 with the public key", hmac(MINT.publicBytes())),
                argumentSet(
                        "HS256 with the published key", hmac(MINT.key().get("x").getBytes(StandardCharsets.UTF_8))),
                argumentSet("another key's signature", STRANGER.token(USER, "admin")),
                argumentSet("claims exchanged", tampered()),
                argumentSet("signature cut", shortened()),
                argumentSet("signature of zeros", zeroSigned()),
                argumentSet("unknown key", MINT.sign(header("kid", "key-2"), claims())),
                argumentSet("no key", MINT.sign(without("kid"), claims())),
                argumentSet("key id that is no text", MINT.sign(header("kid", 1), claims())),
                argumentSet(
                        "own key in the header",
                        STRANGER.sign(
                                MINT.header()
                                        .put(
                                                "jwk",
                                                new JsonObject()
                                                        .put("kty", "EC")
                                                        .put("x", STRANGER.key().get("x"))),
                                claims())),
                argumentSet(
                        "own key's address in the header",
                        STRANGER.sign(MINT.header().put("jku", "http://127.0.0.1:1/keys"), claims())),
                argumentSet("another type", MINT.sign(header("typ", "rt+jwt"), claims())),
                argumentSet("type that is no text", MINT.sign(header("typ", 1), claims())),
                argumentSet("type that is null", MINT.sign(header("typ", null), claims())),
                argumentSet("no type", MINT.sign(without("typ"), claims())),
                argumentSet("critical extension", MINT.sign(header("crit", new JsonArray().add("x")), claims())),
                argumentSet("another kind of token", MINT.sign(MINT.header(), claims("typ", "refresh"))),
                argumentSet("kind that is no text", MINT.sign(MINT.header(), claims("typ", 1))),
                argumentSet("no kind", MINT.sign(MINT.header(), claimsWithout("typ"))),
                argumentSet("expired", MINT.sign(MINT.header(), claims("exp", now() - 60))),
                argumentSet("never expires", MINT.sign(MINT.header(), claimsWithout("exp"))),
                argumentSet("expires in words", MINT.sign(MINT.header(), claims("exp", "tomorrow"))),
                argumentSet("not valid yet", MINT.sign(MINT.header(), claims("nbf", now() + 60))),
                argumentSet("without a beginning", MINT.sign(MINT.header(), claimsWithout("nbf"))),
                argumentSet("another issuer", MINT.sign(MINT.header(), claims("iss", "bazaar"))),
                argumentSet("no issuer", MINT.sign(MINT.header(), claimsWithout("iss"))),
                argumentSet("another audience", MINT.sign(MINT.header(), claims("aud", "bazaar"))),
                argumentSet("no audience", MINT.sign(MINT.header(), claimsWithout("aud"))),
                argumentSet("audience that is no text", MINT.sign(MINT.header(), claims("aud", 1))),
                argumentSet("no subject", MINT.sign(MINT.header(), claimsWithout("sub"))),
                argumentSet("subject that is no id", MINT.sign(MINT.header(), claims("sub", "root"))),
                argumentSet("no role", MINT.sign(MINT.header(), claimsWithout("role"))),
                argumentSet("role that there is not", MINT.sign(MINT.header(), claims("role", "ADMIN"))),
                argumentSet("one part more", MINT.token(USER, "admin") + ".x"),
                argumentSet("two parts", "e30.e30"),
                argumentSet("header that is no JSON", "YWJj.YWJj.YWJj"),
                argumentSet("header that is no object", "W10.W10.W10"),
                argumentSet("not Base64", "a.b.c"),
                argumentSet("dots", ".."),
                argumentSet("a refresh token", "9pXb0cVqT2mWk1sZ8yRj4uHd6aLe3gNfQoCiBtEwUxKrPzMvSnJhDlYOGF7A5I-_"),
                argumentSet("a word", "hunter2"));
    }

    @Test
    void remembersWhatItChecked() {
        TokenVerifier verifier = verifier(this::published);
        String token = MINT.token(USER, "customer");
        ServiceFixture.await(verifier.verify(token));

        Caller again = ServiceFixture.await(verifier.verify(token));

        assertThat(again.userId()).isEqualTo(USER);
        assertThat(asked).hasValue(1);
    }

    @Test
    void forgetsATokenWhenItExpires() {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
        SigningKeys keys = new SigningKeys(vertx, this::published);
        String token = MINT.token(USER, "customer");
        ServiceFixture.await(new TokenVerifier(keys, Clock.systemUTC()).verify(token));
        KeyRing ring = keys.current().orElseThrow();

        assertThat(ring.recall(TokenVerifier.fingerprint(token), Instant.now())).isPresent();
        assertThat(ring.recall(TokenVerifier.fingerprint(token), later.instant()))
                .isEmpty();
    }

    @Test
    void unknownKeysMakeItAskOnceASecondAtMost() {
        TokenVerifier verifier = verifier(this::published);
        long began = System.nanoTime();

        for (int i = 0; i < 50; i++) {
            Future<Caller> refused = verifier.verify(MINT.sign(header("kid", "key-" + (i + 2)), claims()));
            assertThatThrownBy(() -> ServiceFixture.await(refused)).isInstanceOf(Refusal.class);
        }

        long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
        assertThat(asked).hasValueBetween(1, (int) seconds + 1);
    }

    @Test
    void asksForAKeyThatIsNewAndTakesItsTokensAtOnce() {
        TokenMint next = new TokenMint("key-2");
        AtomicReference<KeySet> published = new AtomicReference<>(MINT.keys());
        TokenVerifier verifier = verifier(() -> Future.succeededFuture(published.get()));
        String old = MINT.token(USER, "customer");
        ServiceFixture.await(verifier.verify(old));

        published.set(new KeySet(List.of(next.key(), MINT.key())));

        Await.until("it may ask again", () -> isTaken(verifier, next.token(USER, "customer")));
        assertThat(isTaken(verifier, old)).isTrue();
        assertThat(isTaken(verifier, MINT.token(USER, "admin"))).isTrue();
    }

    @Test
    void remembersNoTokenLongerThanItsKeyIsPublished() {
        TokenMint next = new TokenMint("key-2");
        AtomicReference<KeySet> published = new AtomicReference<>(MINT.keys());
        TokenVerifier verifier = verifier(() -> Future.succeededFuture(published.get()));
        String remembered = MINT.token(USER, "customer");
        assertThat(isTaken(verifier, remembered)).isTrue();

        published.set(next.keys());

        Await.until("it may ask again", () -> isTaken(verifier, next.token(USER, "customer")));
        assertThat(isTaken(verifier, remembered)).isFalse();
    }

    /** It may be one that is new. */
    @Test
    void cannotTellAnUnknownKeyWhileNobodyAnswers() {
        AtomicReference<Future<KeySet>> answer = new AtomicReference<>(published());
        TokenVerifier verifier = verifier(answer::get);
        String known = MINT.token(USER, "customer");
        String unknown = new TokenMint("key-2").token(USER, "customer");
        assertThat(isTaken(verifier, known)).isTrue();

        answer.set(Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "nobody is there")));

        Await.until("it may ask again", () -> failure(verifier, unknown) instanceof Fault);
        assertThat(failure(verifier, unknown))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(Fault.Code.UNAVAILABLE));
        assertThat(isTaken(verifier, MINT.token(USER, "admin"))).isTrue();
    }

    @Test
    void withoutKeysItCannotTell() {
        TokenVerifier verifier =
                verifier(() -> Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "nobody is there")));

        Future<Caller> answer = verifier.verify(MINT.token(USER, "customer"));

        assertThatThrownBy(() -> ServiceFixture.await(answer))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(Fault.Code.UNAVAILABLE));
    }

    @Test
    void anEmptyKeySetTakesNoUnsignedToken() {
        TokenVerifier verifier = verifier(() -> Future.succeededFuture(new KeySet(List.of())));

        Future<Caller> answer = verifier.verify(TokenMint.unsigned(MINT.header(), claims()));

        assertThatThrownBy(() -> ServiceFixture.await(answer)).isInstanceOf(RuntimeException.class);
    }

    private static boolean isTaken(TokenVerifier verifier, String token) {
        return failure(verifier, token) == null;
    }

    private static Throwable failure(TokenVerifier verifier, String token) {
        return ServiceFixture.await(
                verifier.verify(token).transform(verified -> Future.succeededFuture(verified.cause())));
    }

    private Caller verify(String token) {
        return ServiceFixture.await(verifier(this::published).verify(token));
    }

    private TokenVerifier verifier(Supplier<Future<KeySet>> source) {
        return new TokenVerifier(new SigningKeys(vertx, source), Clock.systemUTC());
    }

    private Future<KeySet> published() {
        asked.incrementAndGet();
        return Future.succeededFuture(MINT.keys());
    }

    private static JsonObject header(String name, Object value) {
        return MINT.header().put(name, value);
    }

    private static JsonObject without(String name) {
        JsonObject header = MINT.header();
        header.remove(name);
        return header;
    }

    private static JsonObject claims() {
        return TokenMint.claims(USER, "admin");
    }

    private static JsonObject claims(String name, Object value) {
        return claims().put(name, value);
    }

    private static JsonObject claimsWithout(String name) {
        JsonObject claims = claims();
        claims.remove(name);
        return claims;
    }

    private static String tampered() {
        String[] parts = MINT.token(USER, "customer").split("\\.");
        String[] wished = TokenMint.unsigned(MINT.header(), claims()).split("\\.");
        return parts[0] + "." + wished[1] + "." + parts[2];
    }

    private static String shortened() {
        String token = MINT.token(USER, "admin");
        return token.substring(0, token.length() - 8);
    }

    private static String zeroSigned() {
        return TokenMint.unsigned(MINT.header(), claims()) + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]);
    }

    private static String hmac(byte[] secret) {
        String signed = TokenMint.unsigned(header("alg", "HS256"), claims());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            byte[] signature = mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long now() {
        return Instant.now().getEpochSecond();
    }
}
