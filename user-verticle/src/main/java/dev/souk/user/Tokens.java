package dev.souk.user;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Users.Token;
import io.vertx.core.Future;
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
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Issues access tokens: JSON Web Tokens signed with ES256, good from now on for a fixed time. The subject is the user's
 * id and {@code role} their role in lower case; there is nothing secret in one. Used from one event loop.
 */
final class Tokens {
    private static final String ISSUER = "souk";
    private static final String AUDIENCE = "souk";
    private static final String TYPE = "Bearer";
    /** What kind of token it is, as a claim: the library leaves no choice about the header of that name. */
    private static final String ACCESS = "access";

    private final Vertx vertx;
    private final Supplier<Future<KeyChain>> keys;
    private final Duration lifetime;
    private final Clock clock;
    private final Supplier<UUID> ids;
    private Signer last;

    /**
     * @param keys the keys as they are now
     * @param ids a name for each token
     */
    Tokens(Vertx vertx, Supplier<Future<KeyChain>> keys, Duration lifetime, Clock clock, Supplier<UUID> ids) {
        this.vertx = vertx;
        this.keys = keys;
        this.lifetime = lifetime;
        this.clock = clock;
        this.ids = ids;
    }

    /** Who signs now. To be used within the time that a request takes, and not kept. */
    Future<Signer> signer() {
        return keys.get().map(chain -> signerWith(chain.signingAt(clock.instant())));
    }

    private Signer signerWith(SigningKey key) {
        if (last == null || !last.keyId.equals(key.kid())) {
            JsonObject jwk = new JsonObject(Map.copyOf(key.privateJwk()));
            last = new Signer(key.kid(), JWTAuth.create(vertx, new JWTAuthOptions().addJwk(jwk)));
        }
        return last;
    }

    /** Signs with one key. */
    final class Signer {
        private final String keyId;
        private final JWTAuth jwt;

        private Signer(String keyId, JWTAuth jwt) {
            this.keyId = keyId;
            this.jwt = jwt;
        }

        /** An access token, together with the refresh token that goes with it. */
        Token issue(Caller user, RefreshToken refreshToken) {
            long now = clock.instant().getEpochSecond();
            JsonObject claims = new JsonObject()
                    .put("typ", ACCESS)
                    .put("jti", ids.get().toString())
                    .put("iss", ISSUER)
                    .put("aud", new JsonArray().add(AUDIENCE))
                    .put("sub", user.userId().toString())
                    .put("role", user.role().name().toLowerCase(Locale.ROOT))
                    .put("iat", now)
                    .put("nbf", now)
                    .put("exp", now + lifetime.toSeconds());
            // The times are claimed above, from the injected clock instead of the machine's.
            JWTOptions options =
                    new JWTOptions().setAlgorithm(SigningKey.ALGORITHM).setNoTimestamp(true);
            return new Token(jwt.generateToken(claims, options), refreshToken.text(), TYPE, lifetime.toSeconds());
        }
    }
}
