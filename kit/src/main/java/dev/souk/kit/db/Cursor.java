package dev.souk.kit.db;

import dev.souk.contracts.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Where a list goes on: the sort keys of its last row, opaque to clients. Made for keyset pagination, so that a page
 * costs the same wherever it lies.
 */
public record Cursor(List<String> keys) {
    private static final char SEPARATOR = '\u001f';

    public Cursor {
        keys = List.copyOf(keys);
    }

    /** The cursor after a row with these keys. */
    public static Cursor after(Object... keys) {
        return new Cursor(List.of(keys).stream().map(String::valueOf).toList());
    }

    /** Reads what {@link #encode} wrote. @throws Fault {@code INVALID_REQUEST} if it is not of so many keys */
    public static Cursor decode(String text, int keys) {
        try {
            String joined = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            Cursor cursor = new Cursor(List.of(joined.split(String.valueOf(SEPARATOR), -1)));
            if (cursor.keys.size() == keys) {
                return cursor;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw malformed();
    }

    /** What a repository throws when a key cannot be read as what it must be. */
    public static Fault malformed() {
        return Fault.invalid("cursor", "is not a cursor of this list");
    }

    public String encode() {
        String joined = String.join(String.valueOf(SEPARATOR), keys);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(joined.getBytes(StandardCharsets.UTF_8));
    }
}
