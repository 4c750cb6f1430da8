package dev.souk.user;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Users.KeySet;
import dev.souk.contracts.Users.Token;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TokensTest {
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final Caller ADA = new Caller(UUID.fromString("019a2b3c-9f00-7000-8000-0000000000aa"), Role.ADMIN);
    private static final UUID NAME = UUID.fromString("019a2b3c-9f00-7000-8000-0000000000bb");

    private final RefreshToken refresh = RefreshToken.first(new SecureRandom());

    private final Instant now = Instant.now();
    private final SigningKey key = SigningKey.generate(now);
    private Vertx vertx;
    private Tokens tokens;

    @BeforeEach
    void open(Vertx vertx) {
        this.vertx = vertx;
        this.tokens = tokensAt(now);
    }

    @Test
    void saysWhoTheUserIsAndForHowLong() {
        Token token = issue(tokens);

        assertThat(token.tokenType()).isEqualTo("Bearer");
        assertThat(token.expiresIn()).isEqualTo(900);
        assertThat(token.refreshToken()).isEqualTo(refresh.text());
        assertThat(part(token.accessToken(), 0))
                .isEqualTo(
                        new JsonObject().put("typ", "JWT").put("alg", "ES256").put("kid", key.kid()));
        assertThat(part(token.accessToken(), 1))
                .isEqualTo(new JsonObject()
                        .put("typ", "access")
                        .put("jti", NAME.toString())
                        .put("iss", "souk")
                        .put("aud", new JsonArray().add("souk"))
                        .put("sub", ADA.userId().toString())
                        .put("role", "admin")
                        .put("iat", now.getEpochSecond())
                        .put("nbf", now.getEpochSecond())
                        .put("exp", now.getEpochSecond() + 900));
    }

    @Test
    void isKnownByThePublishedKey() {
        User user = check(issue(tokens).accessToken(), key);

        assertThat(user.subject()).isEqualTo(ADA.userId().toString());
    }

    @Test
    void isNotKnownByAnyOtherKey() {
        String token = issue(tokens).accessToken();

        assertThatThrownBy(() -> check(token, SigningKey.generate(now))).isNotInstanceOf(AssertionError.class);
    }

    @Test
    void isRefusedWhenAnythingInItIsChanged() {
        String[] parts = issue(tokens).accessToken().split("\\.");
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text(parts[1]).replace("aa\"", "ab\"").getBytes(StandardCharsets.UTF_8));

        String forged = parts[0] + "." + other + "." + parts[2];

        assertThat(text(other)).isNotEqualTo(text(parts[1])).hasSameSizeAs(text(parts[1]));
        assertThatThrownBy(() -> check(forged, key)).isNotInstanceOf(AssertionError.class);
    }

    @Test
    void isRefusedBeforeAndAfterItsTime() {
        String expired = issue(tokensAt(now.minus(LIFETIME).minusSeconds(5))).accessToken();
        String early = issue(tokensAt(now.plusSeconds(300))).accessToken();

        assertThatThrownBy(() -> check(expired, key)).isNotInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check(early, key)).isNotInstanceOf(AssertionError.class);
    }

    @Test
    void publishesNoPrivateHalf() {
        KeySet published = new KeyChain(List.of(key)).publishedAt(now);

        assertThat(published.keys())
                .containsExactly(Map.of(
                        "kty", "EC", "crv", "P-256", "x", key.x(), "y", key.y(), "kid", key.kid(), "use", "sig", "alg",
                        "ES256"));
        assertThat(published.toString()).doesNotContain(key.d());
        assertThat(key.toString()).doesNotContain(key.d());
    }

    /** The example of RFC 9449, section 6.1. */
    @Test
    void isNamedByItsThumbprint() {
        SigningKey example = new SigningKey(
                "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
                "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA",
                "not needed",
                now,
                Optional.empty());

        assertThat(example.kid()).isEqualTo("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    }

    /** Whoever's coordinate begins with a zero byte must get 32 bytes all the same; one key in 128 has one. */
    @Test
    void keysHaveCoordinatesOfFixedLength() {
        for (int i = 0; i < 1_000; i++) {
            SigningKey any = SigningKey.generate(now);
            assertThat(List.of(any.x(), any.y(), any.d())).allMatch(text -> text.length() == 43);
        }
    }

    @Test
    void isSignedWithTheKeyWhoseTimeHasCome() {
        SigningKey next = SigningKey.generate(now.plusSeconds(60));
        Supplier<Future<KeyChain>> keys = () -> Future.succeededFuture(new KeyChain(List.of(next, key)));

        String before = issue(new Tokens(vertx, keys, LIFETIME, Clock.fixed(now, ZoneOffset.UTC), () -> NAME))
                .accessToken();
        Clock later = Clock.fixed(now.plusSeconds(60), ZoneOffset.UTC);
        String after =
                issue(new Tokens(vertx, keys, LIFETIME, later, () -> NAME)).accessToken();

        assertThat(part(before, 0).getString("kid")).isEqualTo(key.kid());
        assertThat(part(after, 0).getString("kid")).isEqualTo(next.kid());
    }

    private Tokens tokensAt(Instant time) {
        KeyChain chain = new KeyChain(List.of(key));
        return new Tokens(
                vertx, () -> Future.succeededFuture(chain), LIFETIME, Clock.fixed(time, ZoneOffset.UTC), () -> NAME);
    }

    private Token issue(Tokens from) {
        return await(from.signer()).issue(ADA, refresh);
    }

    private User check(String token, SigningKey published) {
        JWTOptions wanted = new JWTOptions().setIssuer("souk").addAudience("souk");
        JWTAuth checker = JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addJwk(new JsonObject(Map.copyOf(published.publicJwk())))
                        .setJWTOptions(wanted));
        return await(checker.authenticate(new TokenCredentials(token)));
    }

    private static JsonObject part(String token, int index) {
        return new JsonObject(text(token.split("\\.")[index]));
    }

    private static String text(String base64) {
        return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
