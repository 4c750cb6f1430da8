package dev.souk.order;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** Many rows as the arrays that a statement unnests. */
final class Columns {
    /** Byte by byte, which {@link UUID#compareTo} does not. */
    static final Comparator<UUID> AS_THE_DATABASE_SORTS = Comparator.comparing(
                    UUID::getMostSignificantBits, Long::compareUnsigned)
            .thenComparing(UUID::getLeastSignificantBits, Long::compareUnsigned);

    private Columns() {}

    static <T, R> R[] of(List<T> rows, Function<T, R> value, IntFunction<R[]> generator) {
        return rows.stream().map(value).toArray(generator);
    }

    static <T> UUID[] orderIds(List<T> rows, Function<T, PlacedOrder> order) {
        return of(rows, row -> order.apply(row).id(), UUID[]::new);
    }

    static <T> OffsetDateTime[] times(List<T> rows, Function<T, Instant> time) {
        return of(rows, row -> utc(time.apply(row)), OffsetDateTime[]::new);
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
