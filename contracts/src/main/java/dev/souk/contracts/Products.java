package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What the product service can be asked: the catalogue and the stock. */
public interface Products {
    /** The catalogue without archived products. {@code INVALID_REQUEST} for a cursor that is not of this list. */
    Operation<Find, ProductPage> LIST =
            operation("product.list", Find.class, ProductPage.class).repeatable();

    /** One product that is not archived. {@code NOT_FOUND}. */
    Operation<Get, Product> GET =
            operation("product.get", Get.class, Product.class).repeatable();

    /** Many products as they are now, archived ones too; unknown ids are left out. */
    Operation<Lookup, ProductList> LOOKUP =
            operation("product.lookup", Lookup.class, ProductList.class).repeatable();

    /** What these products cost at this moment; ids that cannot be ordered are left out. */
    Operation<Quote, Quotation> QUOTE =
            operation("product.quote", Quote.class, Quotation.class).repeatable();

    /** A new product with its first stock; for admins. {@code SKU_TAKEN}. */
    Operation<Create, Product> CREATE = operation("product.create", Create.class, Product.class);

    /** Changes what is given; for admins. {@code NOT_FOUND}, {@code PRECONDITION_FAILED} when the version is not the expected. */
    Operation<Change, Product> CHANGE = operation("product.change", Change.class, Product.class);

    /** Takes a product off the catalogue for good; for admins. {@code NOT_FOUND}. */
    Operation<Archive, Done> ARCHIVE =
            operation("product.archive", Archive.class, Done.class).repeatable();

    /** Adds to or takes from what is available, once per key; for admins. {@code NOT_FOUND}, {@code STOCK_NEGATIVE}. */
    Operation<AdjustStock, StockLevel> ADJUST_STOCK = operation(
                    "product.adjust-stock", AdjustStock.class, StockLevel.class)
            .repeatable();

    /** How much of a product there is; for admins. {@code NOT_FOUND}. */
    Operation<GetStock, StockLevel> GET_STOCK =
            operation("product.get-stock", GetStock.class, StockLevel.class).repeatable();

    /** Takes all lines of an order out of what is available, or none; once per order, whatever is asked again. */
    Operation<Reserve, Reservation> RESERVE =
            operation("product.reserve", Reserve.class, Reservation.class).repeatable();

    /** What was reserved for the order, or sold to it, is available again; a reserve that comes later is refused. */
    Operation<Release, Done> RELEASE =
            operation("product.release", Release.class, Done.class).repeatable();

    record Find(String q, Sort sort, Integer limit, String cursor) {}

    /** The order of a list. */
    enum Sort {
        NAME,
        PRICE,
        PRICE_DESCENDING,
        NEWEST
    }

    record Get(UUID productId) {}

    record Lookup(List<UUID> productIds) {
        public Lookup {
            productIds = List.copyOf(productIds);
        }
    }

    record Quote(List<UUID> productIds) {
        public Quote {
            productIds = List.copyOf(productIds);
        }
    }

    /** @param attributes a free JSON object */
    record Create(
            String sku, String name, String description, Map<String, Object> attributes, Money price, long stock) {}

    /** What is null stays as it is. */
    record Change(
            UUID productId,
            long expectedVersion,
            String name,
            String description,
            Map<String, Object> attributes,
            Money price) {}

    record Archive(UUID productId) {}

    record AdjustStock(UUID productId, String idempotencyKey, long delta, String reason) {}

    record GetStock(UUID productId) {}

    /** @param version counts the edits of the catalogue entry; sales do not change it */
    record Product(
            UUID id,
            String sku,
            String name,
            String description,
            Map<String, Object> attributes,
            Money price,
            long available,
            long version,
            Instant createdAt,
            Instant updatedAt) {}

    record ProductPage(List<Product> items, String nextCursor) {
        public ProductPage {
            items = List.copyOf(items);
        }
    }

    record ProductList(List<Product> items) {
        public ProductList {
            items = List.copyOf(items);
        }
    }

    record Quotation(List<Quoted> items) {
        public Quotation {
            items = List.copyOf(items);
        }
    }

    record Quoted(UUID productId, String sku, String name, Money unitPrice) {}

    record StockLevel(long available, long reserved, long sold) {}

    /** So much of one product. */
    record Quantity(UUID productId, int quantity) {
        public Quantity {
            if (quantity < 1) {
                throw new IllegalArgumentException("quantity: must be at least 1");
            }
        }
    }

    record Reserve(UUID orderId, List<Quantity> lines) {
        public Reserve {
            lines = List.copyOf(lines);
        }
    }

    record Release(UUID orderId) {}

    /** What became of a reservation. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "outcome")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Reservation.Reserved.class, name = "reserved"),
        @JsonSubTypes.Type(value = Reservation.OutOfStock.class, name = "out-of-stock"),
        @JsonSubTypes.Type(value = Reservation.Closed.class, name = "closed")
    })
    sealed interface Reservation {
        /** All lines are held for the order. */
        record Reserved() implements Reservation {}

        /** Nothing is held: there was not enough of these. The order will never hold any. */
        record OutOfStock(List<UUID> productIds) implements Reservation {
            public OutOfStock {
                productIds = List.copyOf(productIds);
            }
        }

        /** Nothing is held: the order was released before it was reserved. */
        record Closed() implements Reservation {}
    }
}
