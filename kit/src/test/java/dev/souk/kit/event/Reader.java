package dev.souk.kit.event;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.config.Environment;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.db.Transaction;
import dev.souk.kit.event.Inbox.Received;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.StreamSupport;

/** A receiver of events with a real inbox. */
final class Reader {
    /** Events that cannot be applied, for as long as they stand here. */
    final Set<UUID> poison = ConcurrentHashMap.newKeySet();

    private final ServiceContext node;
    private final String name;
    private final DatabaseConfig config;
    private final Database database;

    Reader(ServiceContext node, String name, String url) {
        this.node = node;
        this.name = name;
        this.config = DatabaseConfig.from(Environment.of(Map.of("SOUK_READER_DATABASE_URL", url)), "reader");
        this.database = ServiceFixture.await(Database.open(node.vertx(), config, new Random(3)));
    }

    /** One thing that an event did. */
    record Effect(UUID aggregateId, int seq) {}

    /** What stands between the bus and the inbox. */
    interface Gate {
        Future<Applied> pass(Batch batch, BiFunction<Batch, CallContext, Future<Applied>> inbox, CallContext call);
    }

    /** An instance of the receiver, as a node would run it. */
    final class Instance extends VerticleBase {
        private final Gate gate;
        private Database own;
        private Inbox inbox;
        private Endpoint endpoint;

        private Instance(Gate gate) {
            this.gate = gate;
        }

        @Override
        public Future<?> start() {
            return Database.open(vertx, config, new Random(4)).compose(opened -> {
                own = opened;
                inbox = new Inbox(vertx, own, settings(), this::apply);
                return node.serve(name, own::ping, on(Event.delivery(name), this::receive))
                        .onSuccess(serving -> endpoint = serving);
            });
        }

        @Override
        public Future<?> stop() {
            return endpoint.close().eventually(own::close);
        }

        Inbox inbox() {
            return inbox;
        }

        private Future<Applied> receive(Batch batch, CallContext call) {
            return gate.pass(batch, inbox::receive, call);
        }

        private Future<Void> apply(Transaction transaction, List<Received> fresh) {
            if (fresh.stream()
                    .anyMatch(received -> poison.contains(received.event().id()))) {
                throw new IllegalStateException("poison");
            }
            return transaction
                    .run(
                            """
                            INSERT INTO effect (event_id, aggregate_id, seq)
                            SELECT event_id, aggregate_id, seq
                            FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS fresh (event_id, aggregate_id, seq)
                            """,
                            Tuple.of(
                                    fresh.stream().map(one -> one.event().id()).toArray(UUID[]::new),
                                    fresh.stream()
                                            .map(one -> one.event().aggregateId())
                                            .toArray(UUID[]::new),
                                    fresh.stream().map(one -> one.event().seq()).toArray(Integer[]::new)))
                    .mapEmpty();
        }
    }

    Instance run() {
        return run((batch, inbox, call) -> inbox.apply(batch, call));
    }

    Instance run(Gate gate) {
        Instance instance = new Instance(gate);
        ServiceFixture.await(node.vertx().deployVerticle(instance));
        return instance;
    }

    static EventSettings settings() {
        return new EventSettings(Duration.ofMillis(50), 8, Duration.ofHours(1));
    }

    Database database() {
        return database;
    }

    /** Everything that was done, in its order. */
    List<Effect> effects() {
        return StreamSupport.stream(
                        ServiceFixture.await(database.read(
                                        "SELECT aggregate_id, seq FROM effect ORDER BY position", Tuple.tuple()))
                                .spliterator(),
                        false)
                .map(row -> new Effect(row.getUUID("aggregate_id"), row.getInteger("seq")))
                .toList();
    }
}
