package dev.souk.order;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.OrderPage;
import dev.souk.contracts.Orders.OrderView;
import dev.souk.contracts.Orders.Part;
import dev.souk.contracts.Orders.Place;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Products.Quantity;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The real order service on the real bus and a real database, among services of the test's own. */
final class OrderShop {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final OrderDatabase database;
    private final ServiceFixture fixture;
    private final StockedProducts products;
    private final KnownUsers users;

    /** A shop whose order service does not run yet. */
    OrderShop(Vertx vertx, OrderDatabase database) {
        this.vertx = vertx;
        this.database = database;
        this.fixture = ServiceFixture.deploy(
                vertx, Map.of("SOUK_ORDER_DATABASE_URL", database.url(), "SOUK_CHECKOUT_SWEEP", "50ms"));
        this.products = new StockedProducts(fixture.context());
        this.users = new KnownUsers(fixture.context());
    }

    /** A shop whose order service runs. */
    static OrderShop open(Vertx vertx, OrderDatabase database) {
        OrderShop shop = new OrderShop(vertx, database);
        shop.startOrders();
        return shop;
    }

    /** Starts an instance of the order service and tells its id. */
    String startOrders() {
        return ServiceFixture.await(
                vertx.deployVerticle(OrderVerticle.DEFINITION.verticle().apply(fixture.context())));
    }

    void stopOrders(String id) {
        ServiceFixture.await(vertx.undeploy(id));
    }

    ServiceContext context() {
        return fixture.context();
    }

    StockedProducts products() {
        return products;
    }

    KnownUsers users() {
        return users;
    }

    Placement place(Caller caller, Place request) {
        return ServiceFixture.await(begin(caller, request, PATIENCE));
    }

    Placement place(Caller caller, Place request, Duration patience) {
        return ServiceFixture.await(begin(caller, request, patience));
    }

    /** Begins to place an order without waiting for the answer. */
    Future<Placement> begin(Caller caller, Place request, Duration patience) {
        CallContext call = new CallContext(UUID.randomUUID().toString(), Optional.of(caller), Deadline.in(patience));
        return fixture.context().bus().call(Orders.PLACE, request, call);
    }

    OrderView get(Caller caller, UUID orderId, Part... expand) {
        return fixture.call(Orders.GET, new Orders.Get(orderId, Set.of(expand)), caller);
    }

    OrderPage list(Caller caller, Integer limit, String cursor) {
        return fixture.call(Orders.LIST, new Orders.Find(limit, cursor), caller);
    }

    /** Waits until no checkout is under way. */
    void awaitSettled() {
        Await.until("no checkout is under way", () -> database.checkouts() == 0);
    }

    static Place order(String key, Quantity... items) {
        return new Place(key, List.of(items), "pm_card_visa");
    }
}
