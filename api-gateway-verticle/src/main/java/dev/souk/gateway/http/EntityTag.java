package dev.souk.gateway.http;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** Tags by which a client asks whether what it holds is still so (RFC 9110, 8.8.3). */
public final class EntityTag {
    private static final int BYTES = 16;

    private EntityTag() {}

    /** The tag of what has no version of its own: another one for every other content. */
    static String of(Buffer content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content.getBytes());
            return "\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, BYTES)) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** Whether an {@code If-None-Match}, one tag or a list of them or a star, names this tag. */
    public static boolean isNamed(String tag, String ifNoneMatch) {
        return Arrays.stream(ifNoneMatch.split(","))
                .map(String::strip)
                .map(named -> named.startsWith("W/") ? named.substring(2) : named)
                .anyMatch(named -> named.equals(tag) || named.equals("*"));
    }
}
