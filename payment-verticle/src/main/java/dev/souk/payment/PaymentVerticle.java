package dev.souk.payment;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Payments;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** The payment service of one node. */
public final class PaymentVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(PaymentConfig.SERVICE, PaymentConfig.SETTINGS, PaymentVerticle::new);

    private final ServiceContext context;
    private Database database;
    private HttpPaymentProvider provider;
    private Endpoint endpoint;

    PaymentVerticle(ServiceContext context) {
        this.context = context;
    }

    @Override
    public Future<?> start() {
        PaymentConfig config = PaymentConfig.from(context.environment());
        return context.openDatabase(config.database())
                .onSuccess(opened -> database = opened)
                .onSuccess(opened -> provider = new HttpPaymentProvider(vertx, config.provider(), context.meters()))
                .compose(opened -> serve())
                .onSuccess(opened -> endpoint = opened);
    }

    /** Finishes what runs, then lets go of the provider and the database. */
    @Override
    public Future<?> stop() {
        Future<Void> withdrawn = endpoint == null ? Future.succeededFuture() : endpoint.close();
        return withdrawn.eventually(this::letGo);
    }

    private Future<Void> letGo() {
        if (provider != null) {
            provider.close();
        }
        return database == null ? Future.succeededFuture() : database.close();
    }

    private Future<Endpoint> serve() {
        var payments = new PaymentService(new PaymentRepository(database), provider, context.ids(), context.clock());
        return context.serve(
                PaymentConfig.SERVICE,
                database::ping,
                on(Payments.CHARGE, payments::charge),
                on(Payments.REFUND, payments::refund),
                on(Payments.LIST, payments::list));
    }
}
