package dev.souk.user;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * A refresh token: 48 random bytes in Base64, of which the first 16 name the family and are the same in each token that
 * the first one was renewed to, and the other 32 are new in each. To whoever has none, a family's name is as much of a
 * secret as the rest.
 */
record RefreshToken(UUID family, String text) {
    private static final int FAMILY_BYTES = 16;
    private static final int SECRET_BYTES = 32;
    /** 48 bytes fill 64 letters, so that no two texts mean the same bytes. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{64}");

    RefreshToken {
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(text, "text");
    }

    /** The first token of a new family. */
    static RefreshToken first(SecureRandom random) {
        return with(randomBytes(random, FAMILY_BYTES), random);
    }

    /** Another token of the same family. */
    RefreshToken next(SecureRandom random) {
        byte[] name = ByteBuffer.allocate(FAMILY_BYTES)
                .putLong(family.getMostSignificantBits())
                .putLong(family.getLeastSignificantBits())
                .array();
        return with(name, random);
    }

    /** Empty if the text is of another form. */
    static Optional<RefreshToken> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(of(text)) : Optional.empty();
    }

    /** What is kept of it: of 256 random bits, a plain SHA-256 gives nothing away. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "RefreshToken[***]";
    }

    private static RefreshToken with(byte[] family, SecureRandom random) {
        byte[] bytes = ByteBuffer.allocate(FAMILY_BYTES + SECRET_BYTES)
                .put(family)
                .put(randomBytes(random, SECRET_BYTES))
                .array();
        return of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private static RefreshToken of(String text) {
        ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
        return new RefreshToken(new UUID(bytes.getLong(), bytes.getLong()), text);
    }

    private static byte[] randomBytes(SecureRandom random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
