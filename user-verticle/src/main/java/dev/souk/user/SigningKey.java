package dev.souk.user;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A key pair on the curve P-256 that signs access tokens with ES256 (RFC 7518).
 *
 * @param x the public point, as a JSON Web Key has it
 * @param y the public point, as a JSON Web Key has it
 * @param d the private half
 * @param signsFrom when tokens begin to be signed with it, until another key's time has come
 * @param publishedUntil when the last token that it signed is over; empty if no other key is to follow it yet
 */
record SigningKey(String x, String y, String d, Instant signsFrom, Optional<Instant> publishedUntil) {
    static final String ALGORITHM = "ES256";

    private static final String TYPE = "EC";
    private static final String CURVE = "P-256";
    private static final String CURVE_IN_JAVA = "secp256r1";
    private static final int COORDINATE_BYTES = 32;

    SigningKey {
        Objects.requireNonNull(x, "x");
        Objects.requireNonNull(y, "y");
        Objects.requireNonNull(d, "d");
        Objects.requireNonNull(signsFrom, "signsFrom");
        Objects.requireNonNull(publishedUntil, "publishedUntil");
    }

    static SigningKey generate(Instant signsFrom) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(TYPE);
            generator.initialize(new ECGenParameterSpec(CURVE_IN_JAVA));
            KeyPair pair = generator.generateKeyPair();
            ECPublicKey open = (ECPublicKey) pair.getPublic();
            ECPrivateKey secret = (ECPrivateKey) pair.getPrivate();
            return new SigningKey(
                    text(open.getW().getAffineX()),
                    text(open.getW().getAffineY()),
                    text(secret.getS()),
                    signsFrom,
                    Optional.empty());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its name: the thumbprint of the public half (RFC 7638). */
    String kid() {
        String canonical =
                "{\"crv\":\"" + CURVE + "\",\"kty\":\"" + TYPE + "\",\"x\":\"" + x + "\",\"y\":\"" + y + "\"}";
        try {
            return text(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The JSON Web Key that anyone may have. */
    Map<String, String> publicJwk() {
        Map<String, String> jwk = new LinkedHashMap<>();
        jwk.put("kty", TYPE);
        jwk.put("crv", CURVE);
        jwk.put("x", x);
        jwk.put("y", y);
        jwk.put("kid", kid());
        jwk.put("use", "sig");
        jwk.put("alg", ALGORITHM);
        return jwk;
    }

    /** The JSON Web Key that can sign. Never leaves the service but into its own database. */
    Map<String, String> privateJwk() {
        Map<String, String> jwk = publicJwk();
        jwk.put("d", d);
        return jwk;
    }

    @Override
    public String toString() {
        return "SigningKey[kid=" + kid() + "]";
    }

    private static String text(BigInteger number) {
        byte[] signed = number.toByteArray();
        byte[] fixed = new byte[COORDINATE_BYTES];
        int length = Math.min(signed.length, COORDINATE_BYTES);
        System.arraycopy(signed, signed.length - length, fixed, COORDINATE_BYTES - length, length);
        return text(fixed);
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
