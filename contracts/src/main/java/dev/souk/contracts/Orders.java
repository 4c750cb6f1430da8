package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What the order service can be asked. */
public interface Orders {
    /**
     * Places an order, once per user and idempotency key. The reply is the order as its checkout left it, or still
     * {@code PENDING} when the deadline came first; it stays the same whatever becomes of the order later.
     * {@code PRODUCT_NOT_FOUND} and {@code INVALID_REQUEST} store nothing; {@code IDEMPOTENCY_KEY_REUSED},
     * {@code REQUEST_IN_PROGRESS}.
     */
    Operation<Place, Placement> PLACE =
            operation("order.place", Place.class, Placement.class).within(Duration.ofSeconds(6));

    /** One order of the caller, or of anyone for an admin. {@code NOT_FOUND}. */
    Operation<Get, OrderView> GET =
            operation("order.get", Get.class, OrderView.class).repeatable();

    /** The caller's own orders, newest first; for an admin anyone's, or those of one user. */
    Operation<Find, OrderPage> LIST =
            operation("order.list", Find.class, OrderPage.class).repeatable();

    /** The history of an order of the caller, or of anyone for an admin, oldest first. {@code NOT_FOUND}. */
    Operation<GetTimeline, Timeline> TIMELINE =
            operation("order.timeline", GetTimeline.class, Timeline.class).repeatable();

    /**
     * Cancels an order of the caller, or of anyone for an admin; the reply comes when its stock is given back and its
     * charge refunded. {@code ORDER_NOT_CANCELLABLE} once it is shipped or rejected; {@code NOT_FOUND}. {@code TIMEOUT}: it
     * is under way, ask again.
     */
    Operation<Cancel, Order> CANCEL =
            operation("order.cancel", Cancel.class, Order.class).repeatable().within(Duration.ofSeconds(6));

    /** A confirmed order leaves the house; for admins. {@code ILLEGAL_TRANSITION}, {@code NOT_FOUND}. */
    Operation<Ship, Order> SHIP = operation("order.ship", Ship.class, Order.class);

    /** A shipped order has arrived; for admins. {@code ILLEGAL_TRANSITION}, {@code NOT_FOUND}. */
    Operation<Deliver, Order> DELIVER = operation("order.deliver", Deliver.class, Order.class);

    /** Where orders stand, for other services; those that are not known are left out. */
    Operation<GetStandings, Standings> STANDINGS =
            operation("order.standings", GetStandings.class, Standings.class).repeatable();

    /** An order's history has grown. */
    Signal<Changed> CHANGED = new Signal<>("order.changed", Changed.class);

    /**
     * @param paymentMethod the provider's token for a way to pay; never card data
     * @param respondAsync whether to answer as soon as the order is stored; null is no
     */
    record Place(String idempotencyKey, List<Products.Quantity> items, String paymentMethod, Boolean respondAsync) {
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

    /**
     * @param status only orders that stand here; null for all
     * @param userId for admins, only this user's; null for all that the caller may see
     */
    record Find(Status status, UUID userId, Integer limit, String cursor) {}

    /** @param afterSeq leaves out the entries up to this one; null for none */
    record GetTimeline(UUID orderId, Integer afterSeq) {}

    record Timeline(List<Entry> items) {
        public Timeline {
            items = List.copyOf(items);
        }
    }

    /**
     * One event of an order's history.
     *
     * @param node where it was written
     * @param traceId the trace that it belongs to; null if none is known
     */
    record Entry(int seq, String type, Instant at, String node, String traceId, Map<String, Object> data) {}

    record Cancel(UUID orderId) {}

    record Ship(UUID orderId) {}

    record Deliver(UUID orderId) {}

    record GetStandings(Set<UUID> orderIds) {
        public GetStandings {
            orderIds = Set.copyOf(orderIds);
        }
    }

    record Standings(Map<UUID, Status> orders) {
        public Standings {
            orders = Map.copyOf(orders);
        }
    }

    record Changed(UUID orderId) {}

    /** Where an order stands. */
    enum Status {
        PENDING,
        CONFIRMED,
        REJECTED,
        CANCELLED,
        SHIPPED,
        DELIVERED
    }

    /** Why an order was rejected. */
    enum Reason {
        OUT_OF_STOCK,
        PAYMENT_DECLINED
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
