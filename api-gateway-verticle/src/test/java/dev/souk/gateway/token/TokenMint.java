package dev.souk.gateway.token;

import dev.souk.contracts.Users.KeySet;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Signs access tokens as the user service does, written against the RFCs and not against the gateway's library. */
public final class TokenMint {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final String keyId;
    private final KeyPair pair;

    public TokenMint(String keyId) {
        this.keyId = keyId;
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.pair = generator.generateKeyPair();
            requireFitting(pair);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The public half, as it is published. */
    public Map<String, String> key() {
        ECPublicKey key = (ECPublicKey) pair.getPublic();
        return Map.of(
                "kty", "EC",
                "crv", "P-256",
                "use", "sig",
                "alg", "ES256",
                "kid", keyId,
                "x", coordinate(key.getW().getAffineX()),
                "y", coordinate(key.getW().getAffineY()));
    }

    public KeySet keys() {
        return new KeySet(List.of(key()));
    }

    /** A token that is valid. */
    public String token(UUID user, String role) {
        return sign(header(), claims(user, role));
    }

    public JsonObject header() {
        return new JsonObject().put("alg", "ES256").put("typ", "JWT").put("kid", keyId);
    }

    public static JsonObject claims(UUID user, String role) {
        long now = Instant.now().getEpochSecond();
        return new JsonObject()
                .put("typ", "access")
                .put("iss", "souk")
                .put("aud", "souk")
                .put("sub", user.toString())
                .put("role", role)
                .put("iat", now)
                .put("nbf", now)
                .put("exp", now + 900);
    }

    public String sign(JsonObject header, JsonObject claims) {
        String signed = unsigned(header, claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(pair.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Tells a key pair that is broken from a verifier that is. */
    private static void requireFitting(KeyPair pair) throws GeneralSecurityException {
        byte[] message = {1, 2, 3};
        Signature signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(pair.getPrivate());
        signer.update(message);
        byte[] signature = signer.sign();
        signer.initVerify(pair.getPublic());
        signer.update(message);
        if (!signer.verify(signature)) {
            throw new IllegalStateException("this JVM made a key pair whose halves do not fit");
        }
    }

    /** Header and claims without a signature. */
    public static String unsigned(JsonObject header, JsonObject claims) {
        return BASE64.encodeToString(header.encode().getBytes(StandardCharsets.UTF_8))
                + "."
                + BASE64.encodeToString(claims.encode().getBytes(StandardCharsets.UTF_8));
    }

    /** The public key as bytes, which an attacker has too. */
    public byte[] publicBytes() {
        return pair.getPublic().getEncoded();
    }

    private static String coordinate(BigInteger value) {
        byte[] bytes = value.toByteArray();
        byte[] padded = new byte[32];
        byte[] unsigned = bytes.length > 32 ? Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length) : bytes;
        System.arraycopy(unsigned, 0, padded, 32 - unsigned.length, unsigned.length);
        return BASE64.encodeToString(padded);
    }
}
