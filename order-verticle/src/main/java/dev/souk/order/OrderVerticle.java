package dev.souk.order;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Orders;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Orders and their checkout. */
public final class OrderVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition("order", OrderConfig.SETTINGS, OrderVerticle::new);

    private final ServiceContext service;
    private final OrderConfig config;
    private Database database;
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
        OrderRepository orders = new OrderRepository(database);
        SagaRepository sagas = new SagaRepository(database, service.ids().get().toString(), config.lease());
        OrderStore store = new OrderStore(database, sagas, service.node());
        OrderEnds ends = new OrderEnds(vertx, orders);
        runner =
                new CheckoutRunner(vertx, service.bus(), store, orders, sagas, ends, service.clock(), service.random());
        PlaceOrder placing = new PlaceOrder(
                service.bus(),
                new OrderPricing(service.bus()),
                orders,
                store,
                runner,
                ends,
                service.clock(),
                service.ids());
        OrderQueries queries = new OrderQueries(service.bus(), orders);
        runner.start(config.sweep());
        return service.serve(
                        "order",
                        database::ping,
                        on(Orders.PLACE, placing::place),
                        on(Orders.GET, queries::get),
                        on(Orders.LIST, queries::list))
                .onSuccess(serving -> endpoint = serving);
    }

    @Override
    public Future<?> stop() {
        Future<Void> withdrawn = endpoint == null ? Future.succeededFuture() : endpoint.close();
        return withdrawn
                .eventually(() -> runner == null ? Future.succeededFuture() : runner.stop())
                .eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }
}
