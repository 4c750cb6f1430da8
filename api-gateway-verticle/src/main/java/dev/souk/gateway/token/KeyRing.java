package dev.souk.gateway.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.souk.contracts.Users.KeySet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The keys in force and the tokens that they were found to have signed: checking a signature costs a thousand times
 * what remembering it does. What is remembered goes with the keys.
 */
final class KeyRing {
    static final String ALGORITHM = "ES256";
    private static final String NAME = "souk";
    private static final int LEEWAY_SECONDS = 5;
    private static final int REMEMBERED = 20_000;
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(15);

    private final KeySet published;
    private final Set<String> ids;
    private final JWTAuth verifier;
    private final Cache<String, VerifiedToken> remembered = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterWrite(REMEMBERED_FOR)
            .build();

    private KeyRing(KeySet published, Set<String> ids, JWTAuth verifier) {
        this.published = published;
        this.ids = ids;
        this.verifier = verifier;
    }

    /** A ring of those published keys that tokens may be signed with; empty if there are none. */
    static Optional<KeyRing> of(Vertx vertx, KeySet published) {
        List<Map<String, String>> usable =
                published.keys().stream().filter(KeyRing::isUsable).toList();
        if (usable.isEmpty()) {
            return Optional.empty();
        }
        JWTAuthOptions options = new JWTAuthOptions()
                .setJwks(usable.stream()
                        .map(key -> new JsonObject(Map.copyOf(key)))
                        .toList())
                .setJWTOptions(new JWTOptions()
                        .setIssuer(NAME)
                        .setAudience(List.of(NAME))
                        .setLeeway(LEEWAY_SECONDS));
        Set<String> ids = usable.stream().map(key -> key.get("kid")).collect(Collectors.toUnmodifiableSet());
        return Optional.of(new KeyRing(published, ids, JWTAuth.create(vertx, options)));
    }

    boolean has(String keyId) {
        return ids.contains(keyId);
    }

    boolean isOf(KeySet keys) {
        return published.equals(keys);
    }

    /** The claims of a token, if a key of this ring signed it and issuer, audience and times are right. */
    Future<JsonObject> claims(String token) {
        return verifier.authenticate(new TokenCredentials(token))
                .map(user -> user.attributes().getJsonObject("accessToken"));
    }

    Optional<VerifiedToken> recall(String fingerprint, Instant now) {
        return Optional.ofNullable(remembered.getIfPresent(fingerprint))
                .filter(token -> token.expires().isAfter(now));
    }

    void remember(String fingerprint, VerifiedToken token) {
        remembered.put(fingerprint, token);
    }

    private static boolean isUsable(Map<String, String> key) {
        return "EC".equals(key.get("kty"))
                && "P-256".equals(key.get("crv"))
                && ALGORITHM.equals(key.getOrDefault("alg", ALGORITHM))
                && key.containsKey("kid");
    }
}
