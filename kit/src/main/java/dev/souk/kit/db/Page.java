package dev.souk.kit.db;

import dev.souk.contracts.Fault;
import java.util.List;
import java.util.function.Function;

/**
 * One page of a list, and where it goes on.
 *
 * @param items the rows of the page
 * @param nextCursor null after the last page
 */
public record Page<T>(List<T> items, String nextCursor) {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    public Page {
        items = List.copyOf(items);
    }

    /** How many items a page has; null means the default. @throws Fault {@code INVALID_REQUEST} out of 1..100 */
    public static int limit(Integer asked) {
        if (asked == null) {
            return DEFAULT_LIMIT;
        }
        if (asked < 1 || asked > MAX_LIMIT) {
            throw Fault.invalid("limit", "must be from 1 to " + MAX_LIMIT);
        }
        return asked;
    }

    /** A page out of rows that were read with one more than the limit, which tells whether there is a next page. */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> cursor) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> items = rows.subList(0, limit);
        return new Page<>(items, cursor.apply(items.getLast()).encode());
    }
}
