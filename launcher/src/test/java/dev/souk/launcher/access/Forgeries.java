package dev.souk.launcher.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.token.TokenMint;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What an attacker can make of real tokens and of the keys that are published, without a private one. */
final class Forgeries {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final TokenMint STRANGER = new TokenMint("a-strangers-key");

    private final JsonObject header;
    private final JsonObject claims;
    private final String signature;
    private final JsonNode key;

    /**
     * @param token a customer's own, which is valid
     * @param keySet as it is published
     */
    private Forgeries(String token, JsonNode keySet) {
        String[] parts = token.split("\\.");
        this.header = decoded(parts[0]);
        this.claims = decoded(parts[1]);
        this.signature = parts[2];
        this.key = keySet.path("keys").path(0);
    }

    /** The forgeries by their names; each would make an admin of the customer. */
    static Map<String, String> of(String token, JsonNode keySet) {
        return new Forgeries(token, keySet).all();
    }

    private Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        JsonObject admin = claims.copy().put("role", "admin");
        all.put("tampered claims", TokenMint.unsigned(header, admin) + "." + signature);
        all.put("tampered signature", TokenMint.unsigned(header, claims) + "." + inverted(signature));
        all.put("no signature", TokenMint.unsigned(header, admin) + ".");
        all.put("alg none", TokenMint.unsigned(with("alg", "none"), admin) + ".");
        all.put("alg none, signed", TokenMint.unsigned(with("alg", "none"), admin) + "." + signature);
        all.put("HS256 with the public key", hmac(admin, published().getEncoded()));
        all.put("HS256 with the public key as PEM", hmac(admin, pem().getBytes(StandardCharsets.US_ASCII)));
        all.put(
                "HS256 with the published x",
                hmac(admin, DECODER.decode(key.path("x").asText())));
        all.put("foreign kid", STRANGER.sign(STRANGER.header(), admin));
        all.put("foreign key, our kid", STRANGER.sign(header, admin));
        all.put("jku", STRANGER.sign(with("jku", "http://127.0.0.1:9/keys"), admin));
        all.put("jwk", STRANGER.sign(with("jwk", new JsonObject(Map.copyOf(STRANGER.key()))), admin));
        all.put("refresh token as a JWT", STRANGER.sign(header, admin.copy().put("typ", "refresh")));
        all.put("random text", ENCODER.encodeToString((UUID.randomUUID() + "").getBytes(StandardCharsets.US_ASCII)));
        return all;
    }

    private JsonObject with(String name, Object value) {
        return header.copy().put(name, value);
    }

    private String hmac(JsonObject forged, byte[] secret) {
        try {
            String signed = TokenMint.unsigned(with("alg", "HS256"), forged);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return signed + "." + ENCODER.encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private PublicKey published() {
        try {
            AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
            curve.init(new ECGenParameterSpec("secp256r1"));
            ECPoint point = new ECPoint(coordinate("x"), coordinate("y"));
            return KeyFactory.getInstance("EC")
                    .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String pem() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(published().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private BigInteger coordinate(String name) {
        return new BigInteger(1, DECODER.decode(key.path(name).asText()));
    }

    private static JsonObject decoded(String part) {
        return new JsonObject(new String(DECODER.decode(part), StandardCharsets.UTF_8));
    }

    private static String inverted(String text) {
        byte[] bytes = DECODER.decode(text);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ~bytes[i];
        }
        return ENCODER.encodeToString(bytes);
    }
}
