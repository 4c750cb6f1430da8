package dev.souk.order;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Operation;
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
import java.util.concurrent.atomic.AtomicReference;

/** The real order service on the real bus and a real database, among services of the test's own. */
final class OrderShop {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Vertx vertx;
    private final OrderDatabase database;
    private final ServiceFixture fixture;
    private final Journal journal = new Journal();
    private final StockedProducts products;
    private final SettledPayments payments;
    private final ToldNotifications notifications;
    private final KnownUsers users;

    /** A shop whose order service does not run yet. */
    OrderShop(Vertx vertx, OrderDatabase database) {
        this(vertx, database, "10s");
    }

    /** @param lease how long a checkout belongs to an instance that has gone silent */
    OrderShop(Vertx vertx, OrderDatabase database, String lease) {
        this(vertx, database, lease, database.url());
    }

    /** @param url the way to the database */
    OrderShop(Vertx vertx, OrderDatabase database, String lease, String url) {
        this.vertx = vertx;
        this.database = database;
        this.fixture = ServiceFixture.deploy(
                vertx,
                Map.of("SOUK_ORDER_DATABASE_URL", url, "SOUK_CHECKOUT_SWEEP", "50ms", "SOUK_CHECKOUT_LEASE", lease));
        this.products = new StockedProducts(fixture.context(), journal);
        this.payments = new SettledPayments(fixture.context(), journal);
        this.notifications = new ToldNotifications(fixture.context());
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

    SettledPayments payments() {
        return payments;
    }

    ToldNotifications notifications() {
        return notifications;
    }

    /** What products and payments did for an order. */
    List<String> deeds(UUID orderId) {
        return journal.of(orderId);
    }

    KnownUsers users() {
        return users;
    }

    Placement place(Caller caller, Place request) {
        return ServiceFixture.await(begin(caller, request));
    }

    Placement place(Caller caller, Place request, Duration patience) {
        return ServiceFixture.await(begin(caller, request, patience));
    }

    /** Places all of them at once, and asks again for each until it has ended, as clients do that are told to. */
    List<Placement> placeToTheEnd(Caller caller, List<Place> requests) {
        List<Future<Placement>> answers =
                requests.stream().map(request -> begin(caller, request)).toList();
        ServiceFixture.await(Future.join(answers).otherwiseEmpty());
        return requests.stream().map(request -> placeToTheEnd(caller, request)).toList();
    }

    private Placement placeToTheEnd(Caller caller, Place request) {
        AtomicReference<Placement> answer = new AtomicReference<>();
        Await.until("the order has ended", () -> {
            answer.set(place(caller, request));
            return answer.get().order().status() != Orders.Status.PENDING;
        });
        return answer.get();
    }

    /** Begins to place an order without waiting for the answer. */
    Future<Placement> begin(Caller caller, Place request) {
        return begin(caller, request, PATIENCE);
    }

    Future<Placement> begin(Caller caller, Place request, Duration patience) {
        CallContext call = new CallContext(UUID.randomUUID().toString(), Optional.of(caller), Deadline.in(patience));
        return fixture.context().bus().call(Orders.PLACE, request, call);
    }

    OrderView get(Caller caller, UUID orderId, Part... expand) {
        return fixture.call(Orders.GET, new Orders.Get(orderId, Set.of(expand)), caller);
    }

    OrderPage list(Caller caller, Integer limit, String cursor) {
        return list(caller, new Orders.Find(null, null, limit, cursor));
    }

    OrderPage list(Caller caller, Orders.Find find) {
        return fixture.call(Orders.LIST, find, caller);
    }

    List<Orders.Entry> timeline(Caller caller, UUID orderId, Integer afterSeq) {
        return fixture.call(Orders.TIMELINE, new Orders.GetTimeline(orderId, afterSeq), caller)
                .items();
    }

    Map<UUID, Orders.Status> standings(UUID... orderIds) {
        return fixture.call(Orders.STANDINGS, new Orders.GetStandings(Set.of(orderIds)))
                .orders();
    }

    Orders.Order cancel(Caller caller, UUID orderId) {
        return ServiceFixture.await(beginCancel(caller, orderId));
    }

    /** Begins to cancel an order without waiting for the answer. */
    Future<Orders.Order> beginCancel(Caller caller, UUID orderId) {
        return fixture.start(Orders.CANCEL, new Orders.Cancel(orderId), Optional.of(caller));
    }

    Orders.Order ship(UUID orderId) {
        return ServiceFixture.await(beginShip(orderId));
    }

    Future<Orders.Order> beginShip(UUID orderId) {
        return fixture.start(Orders.SHIP, new Orders.Ship(orderId), Optional.of(ServiceFixture.admin()));
    }

    Orders.Order deliver(UUID orderId) {
        return fixture.call(Orders.DELIVER, new Orders.Deliver(orderId), ServiceFixture.admin());
    }

    <Q, R> R as(Caller caller, Operation<Q, R> operation, Q request) {
        return fixture.call(operation, request, caller);
    }

    /** Waits until no checkout is under way and everybody was told. */
    void awaitSettled() {
        Await.until("no checkout is under way", PATIENCE, () -> database.checkouts() == 0);
        Await.until("everybody was told", PATIENCE, () -> database.deliveries() == 0);
    }

    static Place order(String key, Quantity... items) {
        return order(key, "pm_card_visa", items);
    }

    static Place order(String key, String paymentMethod, Quantity... items) {
        return new Place(key, List.of(items), paymentMethod, null);
    }

    /** To be answered as soon as it is stored. */
    static Place orderAtOnce(String key, Quantity... items) {
        return new Place(key, List.of(items), "pm_card_visa", true);
    }
}
