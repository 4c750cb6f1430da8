package dev.souk.notification;

import dev.souk.kit.db.Cursor;
import java.util.UUID;

/** Where a list goes on that is sorted by ids which tell their time, newest first. */
final class IdCursor {
    private static final UUID BEFORE_ALL = new UUID(-1, -1);

    private IdCursor() {}

    /** Below which id the page begins. @throws dev.souk.contracts.Fault {@code INVALID_REQUEST} */
    static UUID read(String cursor) {
        if (cursor == null) {
            return BEFORE_ALL;
        }
        try {
            return UUID.fromString(Cursor.decode(cursor, 1).keys().getFirst());
        } catch (IllegalArgumentException e) {
            throw Cursor.malformed();
        }
    }
}
