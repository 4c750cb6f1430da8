package dev.souk.kit.node;

import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.bus.OperationHandler;
import dev.souk.kit.config.Environment;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.Instance;
import dev.souk.kit.event.EventSettings;
import dev.souk.kit.event.Outbox;
import dev.souk.kit.event.Outbox.History;
import dev.souk.kit.event.Routes;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a node gives to the services that it runs.
 *
 * @param node the node's name
 * @param clock UTC, in the microseconds that PostgreSQL keeps, so that a time read back is the time written
 * @param ids makes UUIDv7
 * @param announce shows a line to the operator who starts the node, once, beside the log
 */
public record ServiceContext(
        Vertx vertx,
        String node,
        Environment environment,
        Bus bus,
        Discovery discovery,
        Readiness readiness,
        MeterRegistry meters,
        Clock clock,
        Supplier<UUID> ids,
        RandomGenerator random,
        Consumer<String> announce) {
    private static final String VERSION = "0.1.0";

    /** Opens the service's own database and counts it into the node's readiness. */
    public Future<Database> openDatabase(DatabaseConfig config) {
        return Database.open(vertx, config, random)
                .onSuccess(database -> readiness.register(config.service() + "-database", database::ping));
    }

    /** The outbox of a service's own database. */
    public Outbox outbox(Database database, String service, String owner, History history, Routes routes) {
        return new Outbox(
                vertx, database, bus, EventSettings.from(environment), service, owner, history, routes, meters, random);
    }

    /** Serves operations as a new instance of a service, found by others from the moment that the future succeeds. */
    public Future<Endpoint> serve(String service, Supplier<Future<?>> ready, OperationHandler<?, ?>... operations) {
        Instance instance = new Instance(ids.get().toString(), service, node, VERSION, clock.instant());
        return Endpoint.open(vertx, discovery, instance, ready, List.of(operations));
    }
}
