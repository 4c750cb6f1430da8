package dev.souk.order;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders.Find;
import dev.souk.contracts.Orders.Get;
import dev.souk.contracts.Orders.GetStandings;
import dev.souk.contracts.Orders.GetTimeline;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.OrderPage;
import dev.souk.contracts.Orders.OrderView;
import dev.souk.contracts.Orders.Part;
import dev.souk.contracts.Orders.Standings;
import dev.souk.contracts.Orders.Timeline;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.db.Page;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads orders, and what other services know about them. */
final class OrderQueries {
    private static final Logger LOG = LoggerFactory.getLogger(OrderQueries.class);
    /** A part that is away must not use up the time of the order itself. */
    private static final Duration PART_LIMIT = Duration.ofMillis(1_000);

    private static final int CURSOR_KEYS = 2;

    private final Bus bus;
    private final OrderRepository orders;

    OrderQueries(Bus bus, OrderRepository orders) {
        this.bus = bus;
        this.orders = orders;
    }

    /** See {@link dev.souk.contracts.Orders#GET}. */
    Future<OrderView> get(Get request, CallContext context) {
        return findFor(context.requireCaller(), request.orderId())
                .map(found -> found.orElseThrow(() -> Fault.notFound("order")))
                .compose(order -> view(order, request.expand(), context));
    }

    /** See {@link dev.souk.contracts.Orders#LIST}. */
    Future<OrderPage> list(Find request, CallContext context) {
        Caller caller = context.requireCaller();
        int limit = Page.limit(request.limit());
        Optional<Cursor> after = Optional.ofNullable(request.cursor()).map(text -> Cursor.decode(text, CURSOR_KEYS));
        return orders.list(whose(request, caller), Optional.ofNullable(request.status()), after, limit + 1)
                .map(rows -> Page.of(rows, limit, OrderRepository::cursor))
                .map(page -> new OrderPage(
                        page.items().stream().map(PlacedOrder::toContract).toList(), page.nextCursor()));
    }

    /** See {@link dev.souk.contracts.Orders#TIMELINE}. */
    Future<Timeline> timeline(GetTimeline request, CallContext context) {
        int afterSeq = Objects.requireNonNullElse(request.afterSeq(), 0);
        return findFor(context.requireCaller(), request.orderId())
                .map(found -> found.orElseThrow(() -> Fault.notFound("order")))
                .compose(order -> orders.timeline(order.id(), afterSeq))
                .map(Timeline::new);
    }

    /** See {@link dev.souk.contracts.Orders#STANDINGS}. */
    Future<Standings> standings(GetStandings request, CallContext context) {
        return orders.standings(request.orderIds()).map(Standings::new);
    }

    private static Optional<UUID> whose(Find request, Caller caller) {
        if (caller.isAdmin()) {
            return Optional.ofNullable(request.userId());
        }
        if (request.userId() != null && !request.userId().equals(caller.userId())) {
            throw Fault.of(Fault.Code.FORBIDDEN, "Only an admin may list the orders of others.");
        }
        return Optional.of(caller.userId());
    }

    private Future<Optional<PlacedOrder>> findFor(Caller caller, UUID orderId) {
        return caller.isAdmin() ? orders.find(orderId) : orders.findOf(caller.userId(), orderId);
    }

    private Future<OrderView> view(PlacedOrder order, Set<Part> parts, CallContext context) {
        CallContext limited = context.within(PART_LIMIT);
        Set<Part> degraded = EnumSet.noneOf(Part.class);
        Future<Users.User> user = parts.contains(Part.USER) ? user(order, limited, degraded) : nothing();
        Future<List<Products.Product>> products =
                parts.contains(Part.PRODUCTS) ? products(order, limited, degraded) : Future.succeededFuture(List.of());
        return Future.all(user, products)
                .map(both -> new OrderView(order.toContract(), user.result(), products.result(), degraded));
    }

    private Future<Users.User> user(PlacedOrder order, CallContext context, Set<Part> degraded) {
        return bus.call(Users.GET, new Users.Get(order.userId()), context)
                .recover(failure -> without(Part.USER, failure, degraded));
    }

    private Future<List<Products.Product>> products(PlacedOrder order, CallContext context, Set<Part> degraded) {
        List<UUID> ids = order.lines().stream().map(Line::productId).toList();
        return bus.call(Products.LOOKUP, new Products.Lookup(ids), context)
                .map(Products.ProductList::items)
                .recover(failure -> without(Part.PRODUCTS, failure, degraded).map(List.of()));
    }

    private static <T> Future<T> without(Part part, Throwable failure, Set<Part> degraded) {
        LOG.info("an order is answered without {}: {}", part, failure.getMessage());
        degraded.add(part);
        return nothing();
    }

    private static <T> Future<T> nothing() {
        return Future.succeededFuture(null);
    }
}
