package dev.souk.product;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Products;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** The product service of one node. */
public final class ProductVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(ProductConfig.SERVICE, ProductConfig.SETTINGS, ProductVerticle::new);

    private final ServiceContext context;
    private Database database;
    private Endpoint endpoint;

    ProductVerticle(ServiceContext context) {
        this.context = context;
    }

    @Override
    public Future<?> start() {
        ProductConfig config = ProductConfig.from(context.environment());
        return context.openDatabase(config.database())
                .onSuccess(opened -> database = opened)
                .map(ProductRepository::new)
                .compose(products -> withDemoData(config, products))
                .compose(this::serve)
                .onSuccess(opened -> endpoint = opened);
    }

    /** Finishes what runs, then lets go of the database. A start that failed on its way is cleaned up by Vert.x. */
    @Override
    public Future<?> stop() {
        Future<Void> withdrawn = endpoint == null ? Future.succeededFuture() : endpoint.close();
        return withdrawn.eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }

    private Future<ProductRepository> withDemoData(ProductConfig config, ProductRepository products) {
        return config.demoData()
                ? new DemoCatalogue(context.ids(), context.clock())
                        .fill(products)
                        .map(products)
                : Future.succeededFuture(products);
    }

    private Future<Endpoint> serve(ProductRepository products) {
        var catalogue = new CatalogueService(products, context.ids(), context.clock());
        var stock = new StockService(new StockRepository(database), context.clock());
        return context.serve(
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
                on(Products.COMMIT, stock::commit),
                on(Products.RELEASE, stock::release));
    }
}
