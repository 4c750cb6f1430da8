package dev.souk.gateway.token;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Caller.Role;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whom an access token stands for. Only a token of Souk's own kind is looked at: ES256, signed by a key that the
 * user service publishes; whatever else its header offers (other algorithms, keys, addresses of keys) is never followed.
 */
public final class TokenVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(TokenVerifier.class);
    private static final String CHALLENGE = "Bearer realm=\"souk\", error=\"invalid_token\"";

    /** The header's type is what every signed token has; what it is for is the claim of the same name. */
    private static final String HEADER_TYPE = "JWT";

    private static final String ACCESS = "access";

    private final SigningKeys keys;
    private final Clock clock;

    public TokenVerifier(SigningKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** The caller; fails with a 401 if the token is not valid, with {@code UNAVAILABLE} if that cannot be told. */
    public Future<Caller> verify(String token) {
        String fingerprint = fingerprint(token);
        return keys.current()
                .flatMap(ring -> ring.recall(fingerprint, clock.instant()))
                .map(Future::succeededFuture)
                .orElseGet(() -> check(token, fingerprint))
                .map(VerifiedToken::caller);
    }

    private Future<VerifiedToken> check(String token, String fingerprint) {
        return keyId(token)
                .map(keyId -> keys.including(keyId)
                        .compose(ring -> checkWith(ring, keyId, token)
                                .onSuccess(verified -> ring.remember(fingerprint, verified))))
                .orElseGet(() -> Future.failedFuture(invalid()));
    }

    private static Future<VerifiedToken> checkWith(KeyRing ring, String keyId, String token) {
        if (!ring.has(keyId)) {
            return Future.failedFuture(invalid());
        }
        return Future.succeededFuture(token)
                .compose(ring::claims)
                .map(TokenVerifier::read)
                .recover(failure -> {
                    LOG.debug("a token was refused: {}", failure.toString());
                    return Future.failedFuture(invalid());
                });
    }

    /** The key that a token says it is signed with, if it is of our kind at all. */
    private static Optional<String> keyId(String token) {
        try {
            String[] parts = token.split("\\.", -1);
            JsonObject header =
                    new JsonObject(new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8));
            boolean ours = parts.length == 3
                    && KeyRing.ALGORITHM.equals(header.getValue("alg"))
                    && HEADER_TYPE.equals(header.getValue("typ"))
                    && !header.containsKey("crit")
                    && header.getValue("kid") instanceof String;
            return ours ? Optional.of(header.getString("kid")) : Optional.empty();
        } catch (RuntimeException e) {
            // Whatever a client sends here is not worth more words than that it is no token.
            return Optional.empty();
        }
    }

    /** @throws RuntimeException if a claim is missing or not of its form */
    private static VerifiedToken read(JsonObject claims) {
        if (!ACCESS.equals(claims.getString("typ"))) {
            throw new IllegalArgumentException("typ: is not an access token");
        }
        long notBefore = claims.getLong("nbf");
        Instant expires = Instant.ofEpochSecond(claims.getLong("exp"));
        if (!expires.isAfter(Instant.ofEpochSecond(notBefore))) {
            throw new IllegalArgumentException("exp: must be after nbf");
        }
        Role role = switch (claims.getString("role")) {
            case "customer" -> Role.CUSTOMER;
            case "admin" -> Role.ADMIN;
            default -> throw new IllegalArgumentException("role: is not known");
        };
        return new VerifiedToken(new Caller(UUID.fromString(claims.getString("sub")), role), expires);
    }

    static String fingerprint(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static Refusal invalid() {
        return Problem.of("unauthenticated", "The access token is not valid, or not any more.")
                .withHeader("WWW-Authenticate", CHALLENGE)
                .refusal();
    }
}
