package dev.souk.product;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Event;
import dev.souk.contracts.ProductEvent;
import dev.souk.contracts.Products;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.event.Inbox;
import dev.souk.kit.event.Outbox;
import dev.souk.kit.event.Routes;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;

/** The product service of one node. */
public final class ProductVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(ProductConfig.SERVICE, ProductConfig.SETTINGS, ProductVerticle::new);

    private static final Routes ROUTES = new Routes(Map.of("notification", EventFormat.types(ProductEvent.class)));

    private final ServiceContext context;
    private Database database;
    private Outbox outbox;
    private ReservationExpiry expiry;
    private Endpoint endpoint;

    ProductVerticle(ServiceContext context) {
        this.context = context;
    }

    @Override
    public Future<?> start() {
        ProductConfig config = ProductConfig.from(context.environment());
        return context.openDatabase(config.database())
                .onSuccess(opened -> database = opened)
                .map(opened -> new CatalogueStore(opened, ROUTES, context.node(), context.ids()))
                .compose(catalogue -> withDemoData(config, catalogue))
                .compose(catalogue -> serve(config, catalogue))
                .onSuccess(opened -> endpoint = opened);
    }

    /** Finishes what runs, then lets go of the database. A start that failed on its way is cleaned up by Vert.x. */
    @Override
    public Future<?> stop() {
        Future<Void> withdrawn = endpoint == null ? Future.succeededFuture() : endpoint.close();
        return withdrawn
                .eventually(() -> expiry == null ? Future.succeededFuture() : expiry.stop())
                .eventually(() -> outbox == null ? Future.succeededFuture() : outbox.stop())
                .eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }

    private Future<CatalogueStore> withDemoData(ProductConfig config, CatalogueStore catalogue) {
        return config.demoData()
                ? new DemoCatalogue(context.ids(), context.clock())
                        .fill(catalogue)
                        .map(catalogue)
                : Future.succeededFuture(catalogue);
    }

    private Future<Endpoint> serve(ProductConfig config, CatalogueStore store) {
        outbox = outbox(config);
        var stocks = new StockRepository(database);
        var stock = new StockService(stocks, context.clock(), config.reservationTimeToLive());
        var inbox = new Inbox(vertx, database, config.events(), stocks.effect(stock::apply));
        expiry = expiry(config, stocks);
        var catalogue = new CatalogueService(
                new ProductRepository(database), store, outbox::wake, context.ids(), context.clock());
        return outbox.start()
                .onSuccess(started -> inbox.start())
                .onSuccess(started -> expiry.start())
                .compose(started -> context.serve(
                        ProductConfig.SERVICE,
                        database::ping,
                        on(Products.LIST, catalogue::list),
                        on(Products.GET, catalogue::get),
                        on(Products.LOOKUP, catalogue::lookup),
                        on(Products.QUOTE, catalogue::quote),
                        on(Products.CREATE, catalogue::create),
                        on(Products.CHANGE, catalogue::change),
                        on(Products.ARCHIVE, catalogue::archive),
                        on(Products.GET_STOCK, stock::level),
                        on(Products.ADJUST_STOCK, stock::adjust),
                        on(Products.RESERVE, stock::reserve),
                        on(Products.RELEASE, stock::release),
                        on(Event.delivery(ProductConfig.SERVICE), inbox::receive)));
    }

    private Outbox outbox(ProductConfig config) {
        return new Outbox(
                vertx,
                database,
                context.bus(),
                config.events(),
                ProductConfig.SERVICE,
                context.ids().get().toString(),
                new Outbox.History("product_event", "product_id"),
                ROUTES,
                context.meters(),
                context.random());
    }

    private ReservationExpiry expiry(ProductConfig config, StockRepository stocks) {
        return new ReservationExpiry(
                vertx,
                context.bus(),
                stocks,
                context.clock(),
                config.reservationTimeToLive(),
                config.reservationSweep());
    }
}
