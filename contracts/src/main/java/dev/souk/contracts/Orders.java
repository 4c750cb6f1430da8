package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What the order service can be asked. */
public interface Orders {
    /**
     * Places an order, once per user and idempotency key. The reply is the order at its end, or still {@code PENDING} when
     * the deadline came first. {@code PRODUCT_NOT_FOUND} and {@code INVALID_REQUEST} store nothing;
     * {@code IDEMPOTENCY_KEY_REUSED}, {@code REQUEST_IN_PROGRESS}.
     */
    Operation<Place, Placement> PLACE =
            operation("order.place", Place.class, Placement.class).within(Duration.ofSeconds(6));

    /** One order of the caller, or of anyone for an admin. {@code NOT_FOUND}. */
    Operation<Get, OrderView> GET =
            operation("order.get", Get.class, OrderView.class).repeatable();

    /** The caller's own orders, newest first. */
    Operation<Find, OrderPage> LIST =
            operation("order.list", Find.class, OrderPage.class).repeatable();

    /** @param paymentMethod the provider's token for a way to pay; never card data */
    record Place(String idempotencyKey, List<Products.Quantity> items, String paymentMethod) {
        public Place {
            items = List.copyOf(items);
        }
    }

    /**
     * @param requestId the id of the request that first placed the order
     * @param replayed whether the order was placed by an earlier request with the same key
     */
    record Placement(Order order, String requestId, boolean replayed) {}

    record Get(UUID orderId, Set<Part> expand) {
        public Get {
            expand = Set.copyOf(expand);
        }
    }

    /** What other services know about an order. */
    enum Part {
        USER,
        PRODUCTS
    }

    record Find(Integer limit, String cursor) {}

    /** Where an order stands. */
    enum Status {
        PENDING,
        CONFIRMED,
        REJECTED
    }

    /** Why an order was rejected. */
    enum Reason {
        OUT_OF_STOCK
    }

    record Order(
            UUID id,
            UUID userId,
            Status status,
            Reason reason,
            List<Line> items,
            Money total,
            Instant createdAt,
            Instant updatedAt) {
        public Order {
            items = List.copyOf(items);
        }
    }

    /** One product of an order at the price of the moment it was placed. */
    record Line(UUID productId, String sku, String name, int quantity, Money unitPrice, Money lineTotal) {}

    record OrderPage(List<Order> items, String nextCursor) {
        public OrderPage {
            items = List.copyOf(items);
        }
    }

    /**
     * An order with what other services know about it now.
     *
     * @param user null unless asked for and had
     * @param products those asked for and had
     * @param degraded what was asked for and could not be had
     */
    record OrderView(Order order, Users.User user, List<Products.Product> products, Set<Part> degraded) {
        public OrderView {
            products = List.copyOf(products);
            degraded = Set.copyOf(degraded);
        }
    }
}
