package dev.souk.user;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Users.KeySet;
import dev.souk.contracts.Users.Token;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TokensTest {
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final Account ADA = new Account(
            UUID.fromString("019a2b3c-9f00-7000-8000-0000000000aa"),
            "Ada",
            "ada@example.com",
            Role.ADMIN,
            "hash",
            Instant.EPOCH);

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
        Token token = tokens.issue(ADA);

        assertThat(token.tokenType()).isEqualTo("Bearer");
        assertThat(token.expiresIn()).isEqualTo(900);
        assertThat(part(token.accessToken(), 0))
                .isEqualTo(
                        new JsonObject().put("typ", "JWT").put("alg", "ES256").put("kid", key.kid()));
        assertThat(part(token.accessToken(), 1))
                .isEqualTo(new JsonObject()
                        .put("typ", "access")
                        .put("iss", "souk")
                        .put("aud", new JsonArray().add("souk"))
                        .put("sub", ADA.id().toString())
                        .put("role", "admin")
                        .put("iat", now.getEpochSecond())
                        .put("nbf", now.getEpochSecond())
                        .put("exp", now.getEpochSecond() + 900));
    }

    @Test
    void isKnownByThePublishedKey() {
        User user = check(tokens.issue(ADA).accessToken(), key);

        assertThat(user.subject()).isEqualTo(ADA.id().toString());
    }

    @Test
    void isNotKnownByAnyOtherKey() {
        String token = tokens.issue(ADA).accessToken();

        assertThatThrownBy(() -> check(token, SigningKey.generate(now))).isNotInstanceOf(AssertionError.class);
    }

    @Test
    void isRefusedWhenAnythingInItIsChanged() {
        String[] parts = tokens.issue(ADA).accessToken().split("\\.");
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text(parts[1]).replace("aa\"", "ab\"").getBytes(StandardCharsets.UTF_8));

        String forged = parts[0] + "." + other + "." + parts[2];

        assertThat(text(other)).isNotEqualTo(text(parts[1])).hasSameSizeAs(text(parts[1]));
        assertThatThrownBy(() -> check(forged, key)).isNotInstanceOf(AssertionError.class);
    }

    @Test
    void isRefusedBeforeAndAfterItsTime() {
        String expired =
                tokensAt(now.minus(LIFETIME).minusSeconds(5)).issue(ADA).accessToken();
        String early = tokensAt(now.plusSeconds(300)).issue(ADA).accessToken();

        assertThatThrownBy(() -> check(expired, key)).isNotInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> check(early, key)).isNotInstanceOf(AssertionError.class);
    }

    @Test
    void publishesNoPrivateHalf() {
        KeySet published = new SigningKeys(List.of(key)).published();

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
                now);

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

    private Tokens tokensAt(Instant time) {
        return new Tokens(vertx, key, LIFETIME, Clock.fixed(time, ZoneOffset.UTC));
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
