package dev.souk.product;

import static dev.souk.product.ProductRepository.first;

import dev.souk.contracts.Money;
import dev.souk.contracts.ProductEvent;
import dev.souk.contracts.Products.Product;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.Transaction;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.event.Routes;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What is written of the catalogue. Every change comes with its event, and with a row for each receiver who is to be told,
 * in one statement. The product's row is locked by then, so that its events are numbered without a gap.
 */
final class CatalogueStore {
    /**
     * Writes the event of the change that stands before it: of the product {@code changed}, whose row says the event's
     * number, and {@code event}, which is of the form that the contracts give its type. Takes $1 to $6.
     */
    private static final String EVENT = """
            , kept AS (
                INSERT INTO product_event (id, product_id, seq, type, data, at, node)
                SELECT $1, id, last_seq, $2, event, $6, $3 FROM changed
                RETURNING product_id, seq, type
            ), told AS (
                INSERT INTO event_delivery (receiver, aggregate_id, seq)
                SELECT route.receiver, kept.product_id, kept.seq
                FROM kept JOIN unnest($4::text[], $5::text[]) AS route (receiver, type) ON route.type = kept.type
            )
            """;

    private final Database database;
    private final Routes routes;
    private final String node;
    private final Supplier<UUID> ids;

    /**
     * @param routes who is told of events
     * @param node where this runs, as the history says it
     * @param ids for events
     */
    CatalogueStore(Database database, Routes routes, String node, Supplier<UUID> ids) {
        this.database = database;
        this.routes = routes;
        this.node = node;
        this.ids = ids;
    }

    private static final String INSERT = """
            WITH changed AS (
                INSERT INTO product (id, sku, name, description, attributes, price_amount, price_currency, version,
                                     created_at, updated_at, last_seq)
                VALUES ($7, $8, $9, $10, $11::text::jsonb, $12, $13, 1, $6, $6, 1)
                ON CONFLICT (sku) DO NOTHING
                RETURNING id, sku, name, description, attributes, price_amount, price_currency, version, created_at,
                          updated_at, last_seq,
                          jsonb_build_object(
                              'sku', sku,
                              'name', name,
                              'price', jsonb_build_object('amount', price_amount, 'currency', price_currency)) AS event
            ), s AS (
                INSERT INTO stock (product_id, available, reserved, sold)
                SELECT id, $14, 0, 0 FROM changed
                RETURNING product_id, available
            ), first_stock AS (
                INSERT INTO stock_adjustment (product_id, delta, reason, available, reserved, sold, adjusted_by, adjusted_at)
                SELECT id, $14, 'first stock', $14, 0, 0, $15, $6 FROM changed
            )
            """ + EVENT + """
            SELECT p.id, p.sku, p.name, p.description, p.attributes::text AS attributes, p.price_amount,
                   p.price_currency, s.available, p.version, p.created_at, p.updated_at
            FROM changed p JOIN s ON s.product_id = p.id
            """;

    /** Stores the product, its stock and where that came from. Empty, and nothing is stored, if the sku is taken. */
    Future<Optional<Product>> insert(UUID id, NewProduct product, UUID by, Instant at) {
        return database.write("create-product", INSERT, values(id, product, by, at))
                .map(rows -> first(rows, ProductRepository::from));
    }

    /**
     * Stores all of them if there is no product at all, archived ones included; says whether there was none. Of two who do
     * this at once, the second waits for the first and then finds each sku taken.
     */
    Future<Boolean> insertIntoEmpty(List<NewProduct> products, Supplier<UUID> productIds, Instant at) {
        List<Tuple> values = products.stream()
                .map(product -> values(productIds.get(), product, null, at))
                .toList();
        return database.transaction(
                "fill-catalogue",
                transaction -> isEmpty(transaction)
                        .compose(empty -> empty
                                ? Future.all(values.stream()
                                                .map(product -> transaction.run(INSERT, product))
                                                .toList())
                                        .map(true)
                                : Future.succeededFuture(false)));
    }

    /** Empty if there is no such product or it is not of that version. */
    Future<Optional<Product>> update(ProductEdit edit, Instant at) {
        return database.write(
                        "change-product",
                        """
                WITH changed AS (
                    UPDATE product p
                    SET name = coalesce($9, p.name),
                        description = coalesce($10, p.description),
                        attributes = coalesce($11::text::jsonb, p.attributes),
                        price_amount = coalesce($12, p.price_amount),
                        price_currency = coalesce($13, p.price_currency),
                        version = p.version + 1,
                        updated_at = $6,
                        last_seq = p.last_seq + 1
                    FROM stock s
                    WHERE p.id = $7 AND p.version = $8 AND p.archived_at IS NULL AND s.product_id = p.id
                    RETURNING p.id, p.sku, p.name, p.description, p.attributes, p.price_amount, p.price_currency,
                              s.available, p.version, p.created_at, p.updated_at, p.last_seq,
                              jsonb_build_object(
                                  'sku', p.sku,
                                  'name', p.name,
                                  'price', jsonb_build_object(
                                      'amount', p.price_amount, 'currency', p.price_currency),
                                  'version', p.version) AS event
                )
                """ + EVENT + """
                SELECT id, sku, name, description, attributes::text AS attributes, price_amount, price_currency,
                       available, version, created_at, updated_at
                FROM changed
                """,
                        event(ProductEvent.Changed.class, at)
                                .addUUID(edit.productId())
                                .addLong(edit.expectedVersion())
                                .addString(edit.name().orElse(null))
                                .addString(edit.description().orElse(null))
                                .addString(
                                        edit.attributes().map(Attributes::json).orElse(null))
                                .addLong(edit.price().map(Money::amount).orElse(null))
                                .addString(edit.price().map(Money::currency).orElse(null)))
                .map(rows -> first(rows, ProductRepository::from));
    }

    /** Whether there is such a product; it is archived then, since its first archiving. */
    Future<Boolean> archive(UUID id, Instant at) {
        return database.write(
                        "archive-product",
                        """
                WITH changed AS (
                    UPDATE product
                    SET archived_at = $6, last_seq = last_seq + 1
                    WHERE id = $7 AND archived_at IS NULL
                    RETURNING id, last_seq, jsonb_build_object('sku', sku) AS event
                )
                """ + EVENT + """
                SELECT id FROM product WHERE id = $7
                """,
                        event(ProductEvent.Archived.class, at).addUUID(id))
                .map(rows -> rows.size() > 0);
    }

    private static Future<Boolean> isEmpty(Transaction transaction) {
        return transaction
                .run("SELECT NOT EXISTS (SELECT 1 FROM product) AS empty", Tuple.tuple())
                .map(rows -> rows.iterator().next().getBoolean("empty"));
    }

    private Tuple values(UUID id, NewProduct product, UUID by, Instant at) {
        return event(ProductEvent.Created.class, at)
                .addUUID(id)
                .addString(product.sku())
                .addString(product.name())
                .addString(product.description())
                .addString(product.attributes().json())
                .addLong(product.price().amount())
                .addString(product.price().currency())
                .addLong(product.stock())
                .addUUID(by);
    }

    /** $1 to $6. */
    private Tuple event(Class<? extends ProductEvent> type, Instant at) {
        return Tuple.tuple()
                .addUUID(ids.get())
                .addString(EventFormat.type(type.asSubclass(Record.class)))
                .addString(node)
                .addArrayOfString(routes.pairedReceivers())
                .addArrayOfString(routes.pairedTypes())
                .addOffsetDateTime(at.atOffset(ZoneOffset.UTC));
    }
}
