package dev.souk.order;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.event.Outbox;
import dev.souk.kit.event.Outbox.History;
import dev.souk.kit.event.Routes;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;
import java.util.Set;

/** Orders and their checkout. */
public final class OrderVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition("order", OrderConfig.SETTINGS, OrderVerticle::new);

    static final History HISTORY = new History("order_event", "order_id");

    /** Sold stock is booked by the product service; mails and webhooks are for everything. */
    static final Routes ROUTES = new Routes(Map.of(
            "product", Set.of(EventFormat.type(OrderEvent.Confirmed.class)),
            "notification", EventFormat.types(OrderEvent.class)));

    private final ServiceContext service;
    private final OrderConfig config;
    private Database database;
    private Outbox outbox;
    private CheckoutRunner runner;
    private Endpoint endpoint;

    OrderVerticle(ServiceContext service) {
        this.service = service;
        this.config = OrderConfig.from(service.environment());
    }

    @Override
    public Future<?> start() {
        return service.openDatabase(config.database()).compose(this::serve);
    }

    private Future<?> serve(Database opened) {
        database = opened;
        String owner = service.ids().get().toString();
        outbox = service.outbox(database, "order", owner, HISTORY, ROUTES);
        OrderRepository orders = new OrderRepository(database);
        SagaRepository sagas = new SagaRepository(database, owner, config.lease());
        HistoryStore history = new HistoryStore(outbox, ROUTES, service.node(), service.ids());
        OrderStore store = new OrderStore(database, sagas, history);
        EndingStore endings = new EndingStore(database, owner, history);
        OrderEnds ends = new OrderEnds(vertx, orders);
        runner = new CheckoutRunner(
                vertx, service.bus(), endings, orders, sagas, ends, service.clock(), service.random());
        PlaceOrder placing = new PlaceOrder(
                new AccountCheck(service.bus()),
                new OrderPricing(service.bus()),
                orders,
                store,
                runner,
                ends,
                service.clock(),
                service.ids());
        OrderQueries queries = new OrderQueries(service.bus(), orders);
        OrderLife life = new OrderLife(service.bus(), orders, store, sagas, runner, ends, service.clock());
        runner.start(config.sweep());
        return outbox.start()
                .compose(delivering -> service.serve(
                        "order",
                        database::ping,
                        on(Orders.PLACE, placing::place),
                        on(Orders.GET, queries::get),
                        on(Orders.LIST, queries::list),
                        on(Orders.TIMELINE, queries::timeline),
                        on(Orders.STANDINGS, queries::standings),
                        on(Orders.CANCEL, life::cancel),
                        on(Orders.SHIP, life::ship),
                        on(Orders.DELIVER, life::deliver)))
                .onSuccess(serving -> endpoint = serving);
    }

    @Override
    public Future<?> stop() {
        Future<Void> withdrawn = endpoint == null ? Future.succeededFuture() : endpoint.close();
        return withdrawn
                .eventually(() -> runner == null ? Future.succeededFuture() : runner.stop())
                .eventually(() -> outbox == null ? Future.succeededFuture() : outbox.stop())
                .eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }
}
