package dev.souk.user;

import dev.souk.contracts.Users.Token;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Issues access tokens: JSON Web Tokens signed with ES256, good from now on for a fixed time. The subject is the user's
 * id and {@code role} their role in lower case.
 */
final class Tokens {
    private static final String ISSUER = "souk";
    private static final String AUDIENCE = "souk";
    private static final String TYPE = "Bearer";
    /** What kind of token it is, as a claim: the library leaves no choice about the header of that name. */
    private static final String ACCESS = "access";

    private final JWTAuth signer;
    private final Duration lifetime;
    private final Clock clock;

    Tokens(Vertx vertx, SigningKey key, Duration lifetime, Clock clock) {
        this.signer = JWTAuth.create(vertx, new JWTAuthOptions().addJwk(new JsonObject(Map.copyOf(key.privateJwk()))));
        this.lifetime = lifetime;
        this.clock = clock;
    }

    Token issue(Account account) {
        long now = clock.instant().getEpochSecond();
        JsonObject claims = new JsonObject()
                .put("typ", ACCESS)
                .put("iss", ISSUER)
                .put("aud", new JsonArray().add(AUDIENCE))
                .put("sub", account.id().toString())
                .put("role", account.role().name().toLowerCase(Locale.ROOT))
                .put("iat", now)
                .put("nbf", now)
                .put("exp", now + lifetime.toSeconds());
        // The times are claimed above, from the injected clock instead of the machine's.
        JWTOptions options = new JWTOptions().setAlgorithm(SigningKey.ALGORITHM).setNoTimestamp(true);
        return new Token(signer.generateToken(claims, options), TYPE, lifetime.toSeconds());
    }
}
