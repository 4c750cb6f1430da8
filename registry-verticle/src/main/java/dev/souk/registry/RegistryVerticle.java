package dev.souk.registry;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Registry;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.db.Database;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** The registry of external services. */
public final class RegistryVerticle extends VerticleBase {
    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(RegistryConfig.SERVICE, RegistryConfig.SETTINGS, RegistryVerticle::new);

    private final ServiceContext context;
    private Database database;
    private Endpoint endpoint;

    RegistryVerticle(ServiceContext context) {
        this.context = context;
    }

    @Override
    public Future<?> start() {
        var config = RegistryConfig.from(context.environment());
        return context.openDatabase(config.database())
                .onSuccess(opened -> database = opened)
                .compose(opened -> serve(config))
                .onSuccess(serving -> endpoint = serving)
                // Vert.x does not stop a verticle whose start has failed.
                .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    @Override
    public Future<?> stop() {
        return (endpoint == null ? Future.<Void>succeededFuture() : endpoint.close())
                .eventually(() -> database == null ? Future.succeededFuture() : database.close());
    }

    private Future<Endpoint> serve(RegistryConfig config) {
        var service = new RegistryService(
                new ExternalServiceRepository(database),
                new RegistrationRules(config.allowLinkLocal()),
                context.bus(),
                context.clock(),
                context.ids());
        return context.serve(
                RegistryConfig.SERVICE,
                database::ping,
                on(Registry.REGISTER, service::register),
                on(Registry.REMOVE, service::remove),
                on(Registry.LIST, service::list));
    }
}
