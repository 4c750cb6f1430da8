package dev.souk.order;

import dev.souk.contracts.Orders.Place;
import dev.souk.kit.bus.WireFormat;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A client's claim on an idempotency key: the key, the request that came with it first, and the fingerprint of what that
 * request asked for.
 *
 * @param fingerprint the SHA-256 of the request's canonical form, which is its record written by the wire format: other
 *     white space or another order of the fields makes no difference, another order of the items does
 */
public record Claim(String key, String requestId, byte[] fingerprint) {

    private record Body(List<?> items, String paymentMethod) {}

    static Claim of(Place request, String requestId) {
        byte[] canonical = WireFormat.encode(new Body(request.items(), request.paymentMethod()))
                .getBytes();
        return new Claim(request.idempotencyKey(), requestId, sha256(canonical));
    }

    /** Whether both asked for the same. */
    boolean asksTheSameAs(Claim other) {
        return Arrays.equals(fingerprint, other.fingerprint);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Claim other
                && key.equals(other.key)
                && requestId.equals(other.requestId)
                && asksTheSameAs(other);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, requestId, Arrays.hashCode(fingerprint));
    }

    @Override
    public String toString() {
        return "Claim[key=" + key + ", requestId=" + requestId + "]";
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
