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
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** The catalogue's tables. What takes stock and gives it back stands in {@link StockRepository}. */
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

    private static final String INSERT = """
            WITH p AS (
                INSERT INTO product (id, sku, name, description, attributes, price_amount, price_currency, version,
                                     created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, 1, $8, $8)
                ON CONFLICT (sku) DO NOTHING
                RETURNING id, sku, name, description, attributes, price_amount, price_currency, version, created_at,
                          updated_at
            ), s AS (
                INSERT INTO stock (product_id, available, reserved, sold)
                SELECT p.id, $9, 0, 0 FROM p
                RETURNING product_id, available
            ), first_stock AS (
                INSERT INTO stock_adjustment (product_id, delta, reason, available, reserved, sold, adjusted_by, adjusted_at)
                SELECT p.id, $9, 'first stock', $9, 0, 0, $10, $8 FROM p
            )
            SELECT p.id, p.sku, p.name, p.description, p.attributes::text AS attributes, p.price_amount,
                   p.price_currency, s.available, p.version, p.created_at, p.updated_at
            FROM p JOIN s ON s.product_id = p.id
            """;

    /** Stores the product, its stock and where that came from. Empty, and nothing is stored, if the sku is taken. */
    Future<Optional<Product>> insert(UUID id, NewProduct product, UUID by, Instant at) {
        return database.write(INSERT, values(id, product, by, at)).map(rows -> first(rows, ProductRepository::from));
    }

    /**
     * Stores all of them if there is no product at all, archived ones included; says whether there was none. Of two who do
     * this at once, the second waits for the first and then finds each sku taken.
     */
    Future<Boolean> insertIntoEmpty(List<NewProduct> products, Supplier<UUID> ids, Instant at) {
        List<Tuple> values = products.stream()
                .map(product -> values(ids.get(), product, null, at))
                .toList();
        return database.transaction(connection -> isEmpty(connection)
                .compose(empty -> empty
                        ? connection.preparedQuery(INSERT).executeBatch(values).map(true)
                        : Future.succeededFuture(false)));
    }

    /** Empty if there is no such product or it is not of that version. */
    Future<Optional<Product>> update(ProductEdit edit, Instant at) {
        return database.write(
                        """
                UPDATE product p
                SET name = coalesce($3, p.name),
                    description = coalesce($4, p.description),
                    attributes = coalesce($5::text::jsonb, p.attributes),
                    price_amount = coalesce($6, p.price_amount),
                    price_currency = coalesce($7, p.price_currency),
                    version = p.version + 1,
                    updated_at = $8
                FROM stock s
                WHERE p.id = $1 AND p.version = $2 AND p.archived_at IS NULL AND s.product_id = p.id
                RETURNING p.id, p.sku, p.name, p.description, p.attributes::text AS attributes, p.price_amount,
                          p.price_currency, s.available, p.version, p.created_at, p.updated_at
                """,
                        Tuple.of(
                                edit.productId(),
                                edit.expectedVersion(),
                                edit.name().orElse(null),
                                edit.description().orElse(null),
                                edit.attributes().map(Attributes::json).orElse(null),
                                edit.price().map(Money::amount).orElse(null),
                                edit.price().map(Money::currency).orElse(null),
                                utc(at)))
                .map(rows -> first(rows, ProductRepository::from));
    }

    /** Whether there is such a product; it is archived then, since its first archiving. */
    Future<Boolean> archive(UUID id, Instant at) {
        return database.write("""
                UPDATE product SET archived_at = coalesce(archived_at, $2) WHERE id = $1
                """, Tuple.of(id, utc(at))).map(rows -> rows.rowCount() > 0);
    }

    private static Future<Boolean> isEmpty(SqlConnection connection) {
        return connection
                .query("SELECT NOT EXISTS (SELECT 1 FROM product) AS empty")
                .execute()
                .map(rows -> rows.iterator().next().getBoolean("empty"));
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

    private static Tuple values(UUID id, NewProduct product, UUID by, Instant at) {
        return Tuple.of(
                id,
                product.sku(),
                product.name(),
                product.description(),
                product.attributes().json(),
                product.price().amount(),
                product.price().currency(),
                utc(at),
                product.stock(),
                by);
    }

    private static Product from(Row row) {
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

    private static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> from) {
        return all(rows, from).stream().findFirst();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
