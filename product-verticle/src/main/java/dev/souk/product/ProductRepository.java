package dev.souk.product;

import dev.souk.contracts.Money;
import dev.souk.contracts.Products.Product;
import dev.souk.contracts.Products.Quoted;
import dev.souk.contracts.Products.Sort;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.Page;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** What is read of the catalogue; {@link CatalogueStore} writes it. */
final class ProductRepository {
    private static final UUID LEAST_ID = new UUID(0, 0);
    private static final UUID GREATEST_ID = new UUID(-1, -1);
    private static final OffsetDateTime END_OF_TIME = OffsetDateTime.of(9999, 12, 31, 0, 0, 0, 0, ZoneOffset.UTC);

    private final Database database;

    ProductRepository(Database database) {
        this.database = database;
    }

    /**
     * A page of what is not archived and holds the text in its name, sku or description, whatever the case.
     *
     * @param cursor of the page before, of a list in the same order; for any other {@code INVALID_REQUEST} is thrown
     */
    Future<Page<Product>> page(Sort sort, String q, int limit, Optional<String> cursor) {
        Listing listing = Listing.of(sort);
        Position after = cursor.map(listing::position).orElse(listing.beginning());
        return database.read(listing.sql(), Tuple.of(after.key(), after.id(), containing(q), limit + 1))
                .map(rows -> Page.of(all(rows, ProductRepository::from), limit, listing::cursor));
    }

    Future<Optional<Product>> find(UUID id) {
        return database.read("""
                SELECT p.id, p.sku, p.name, p.description, p.attributes::text AS attributes, p.price_amount,
                       p.price_currency, s.available, p.version, p.created_at, p.updated_at
                FROM product p JOIN stock s ON s.product_id = p.id
                WHERE p.id = $1 AND p.archived_at IS NULL
                """, Tuple.of(id)).map(rows -> first(rows, ProductRepository::from));
    }

    /** Archived ones too. */
    Future<List<Product>> lookup(List<UUID> ids) {
        return database.read("""
                SELECT p.id, p.sku, p.name, p.description, p.attributes::text AS attributes, p.price_amount,
                       p.price_currency, s.available, p.version, p.created_at, p.updated_at
                FROM product p JOIN stock s ON s.product_id = p.id
                WHERE p.id = ANY ($1)
                """, Tuple.of(ids.toArray(UUID[]::new))).map(rows -> all(rows, ProductRepository::from));
    }

    Future<List<Quoted>> quote(List<UUID> ids) {
        return database.read("""
                SELECT p.id, p.sku, p.name, p.price_amount, p.price_currency
                FROM product p
                WHERE p.id = ANY ($1) AND p.archived_at IS NULL
                """, Tuple.of(ids.toArray(UUID[]::new)))
                .map(rows -> all(rows, ProductRepository::quotedFrom));
    }

    /** Where a list has got to: the sort's key of a row, and its id. */
    private record Position(Object key, UUID id) {}

    /**
     * A list in one order. It is always read from a position onwards, so that the index is used for the first page and for
     * the last alike.
     *
     * @param beginning a position before every row
     * @param parse reads the key out of a cursor; throws {@link IllegalArgumentException}
     * @param key what the list is sorted by, as the cursor holds it
     */
    private record Listing(
            Sort sort, String sql, Position beginning, Function<String, Object> parse, Function<Product, Object> key) {
        private static final Listing BY_NAME = new Listing(
                Sort.NAME,
                select("(p.name COLLATE \"C\", p.id) > ($1, $2)", "p.name COLLATE \"C\", p.id"),
                new Position("", LEAST_ID),
                name -> name,
                Product::name);
        private static final Listing BY_PRICE = new Listing(
                Sort.PRICE,
                select("(p.price_amount, p.id) > ($1, $2)", "p.price_amount, p.id"),
                new Position(Long.MIN_VALUE, LEAST_ID),
                Long::valueOf,
                product -> product.price().amount());
        private static final Listing BY_PRICE_DESCENDING = new Listing(
                Sort.PRICE_DESCENDING,
                select("(p.price_amount, p.id) < ($1, $2)", "p.price_amount DESC, p.id DESC"),
                new Position(Long.MAX_VALUE, GREATEST_ID),
                Long::valueOf,
                product -> product.price().amount());
        private static final Listing BY_AGE = new Listing(
                Sort.NEWEST,
                select("(p.created_at, p.id) < ($1, $2)", "p.created_at DESC, p.id DESC"),
                new Position(END_OF_TIME, GREATEST_ID),
                Listing::time,
                product -> ChronoUnit.MICROS.between(Instant.EPOCH, product.createdAt()));

        static Listing of(Sort sort) {
            return switch (sort) {
                case NAME -> BY_NAME;
                case PRICE -> BY_PRICE;
                case PRICE_DESCENDING -> BY_PRICE_DESCENDING;
                case NEWEST -> BY_AGE;
            };
        }

        Cursor cursor(Product last) {
            return Cursor.after(sort, key.apply(last), last.id());
        }

        /** Where the cursor points; {@code INVALID_REQUEST} is thrown if it is not of a list in this order. */
        Position position(String cursor) {
            List<String> keys = Cursor.decode(cursor, 3).keys();
            if (!keys.getFirst().equals(sort.name())) {
                throw Cursor.malformed();
            }
            try {
                return new Position(parse.apply(keys.get(1)), UUID.fromString(keys.getLast()));
            } catch (IllegalArgumentException e) {
                throw Cursor.malformed();
            }
        }

        private static String select(String after, String order) {
            return """
                    SELECT p.id, p.sku, p.name, p.description, p.attributes::text AS attributes, p.price_amount,
                           p.price_currency, s.available, p.version, p.created_at, p.updated_at
                    FROM product p JOIN stock s ON s.product_id = p.id
                    WHERE p.archived_at IS NULL AND %s
                      AND (p.name ILIKE $3 OR p.sku ILIKE $3 OR p.description ILIKE $3)
                    ORDER BY %s
                    LIMIT $4
                    """.formatted(after, order);
        }

        private static OffsetDateTime time(String micros) {
            long sinceEpoch = Long.parseLong(micros);
            if (sinceEpoch < 0 || sinceEpoch > ChronoUnit.MICROS.between(Instant.EPOCH, END_OF_TIME)) {
                throw new IllegalArgumentException("out of time");
            }
            return utc(Instant.EPOCH.plus(sinceEpoch, ChronoUnit.MICROS));
        }
    }

    static Product from(Row row) {
        return new Product(
                row.getUUID("id"),
                row.getString("sku"),
                row.getString("name"),
                row.getString("description"),
                new Attributes(row.getString("attributes")).values(),
                new Money(row.getLong("price_amount"), row.getString("price_currency")),
                row.getLong("available"),
                row.getLong("version"),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant());
    }

    private static Quoted quotedFrom(Row row) {
        return new Quoted(
                row.getUUID("id"),
                row.getString("sku"),
                row.getString("name"),
                new Money(row.getLong("price_amount"), row.getString("price_currency")));
    }

    /** A pattern for LIKE that finds the text as it stands: its wildcards are letters like any other. */
    static String containing(String text) {
        return "%" + text.replaceAll("[\\\\%_]", "\\\\$0") + "%";
    }

    private static <T> List<T> all(RowSet<Row> rows, Function<Row, T> from) {
        return StreamSupport.stream(rows.spliterator(), false).map(from).toList();
    }

    static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> from) {
        return all(rows, from).stream().findFirst();
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
