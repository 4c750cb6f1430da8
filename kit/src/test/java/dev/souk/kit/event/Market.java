package dev.souk.kit.event;

import dev.souk.contracts.Event;
import dev.souk.kit.config.Environment;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A service in which things happen that two receivers want to know. */
final class Market {
    static final String SOURCE = "market";
    private static final Outbox.History HISTORY = new Outbox.History("deal_event", "deal_id");
    private static final String TYPE = "DEAL_CHANGED";

    private final ServiceContext node;
    private final DatabaseConfig config;
    private final Database database;
    private final Routes routes;

    Market(ServiceContext node, String url, String... receivers) {
        this.node = node;
        this.config = DatabaseConfig.from(Environment.of(Map.of("SOUK_MARKET_DATABASE_URL", url)), SOURCE);
        this.database = ServiceFixture.await(Database.open(node.vertx(), config, new Random(1)));
        this.routes =
                new Routes(Set.of(receivers).stream().collect(Collectors.toMap(name -> name, name -> Set.of(TYPE))));
    }

    /** An instance of the service, as a node would run it. */
    final class Instance extends VerticleBase {
        private final String owner;
        private final EventSettings settings;
        private Database own;
        private Outbox outbox;
        private boolean dead;

        private Instance(String owner, EventSettings settings) {
            this.owner = owner;
            this.settings = settings;
        }

        @Override
        public Future<?> start() {
            return Database.open(vertx, config, new Random(2)).compose(opened -> {
                own = opened;
                outbox = new Outbox(
                        vertx, own, node.bus(), settings, SOURCE, owner, HISTORY, routes, node.meters(), node.random());
                return outbox.start();
            });
        }

        @Override
        public Future<?> stop() {
            return (dead ? Future.<Void>succeededFuture() : outbox.stop()).eventually(own::close);
        }

        void wake() {
            outbox.wake();
        }

        void committed(Event... events) {
            outbox.committed(List.of(events));
        }

        void end() {
            ServiceFixture.await(node.vertx().undeploy(context.deploymentID()));
        }

        /** Is gone from one moment to the next: it resigns nothing and finishes nothing. */
        void die() {
            dead = true;
            end();
        }
    }

    Instance run(String owner, Duration poll, int attempts) {
        Instance instance = new Instance(owner, new EventSettings(poll, attempts, Duration.ofHours(1)));
        ServiceFixture.await(node.vertx().deployVerticle(instance));
        return instance;
    }

    Instance run(String owner) {
        return run(owner, Duration.ofMillis(50), 8);
    }

    /** Something that is said to have happened. */
    static Event event(UUID deal, int seq) {
        return new Event(UUID.randomUUID(), deal, seq, TYPE, Instant.EPOCH, Map.of("seq", seq));
    }

    /** The next thing that happens to a deal. */
    Future<Event> happen(UUID deal, int seq) {
        Event event = event(deal, seq);
        return database.write(
                        "happen",
                        """
                        WITH written AS (
                            INSERT INTO deal_event (id, deal_id, seq, type, data, at, node)
                            VALUES ($1, $2, $3::int, $4, jsonb_build_object('seq', $3::int), to_timestamp(0), 'test')
                            RETURNING deal_id, seq, type
                        )
                        INSERT INTO event_delivery (receiver, aggregate_id, seq)
                        SELECT route.receiver, deal_id, seq
                        FROM written JOIN unnest($5::text[], $6::text[]) AS route (receiver, type) USING (type)
                        """,
                        Tuple.tuple()
                                .addUUID(event.id())
                                .addUUID(deal)
                                .addInteger(seq)
                                .addString(TYPE)
                                .addArrayOfString(routes.pairedReceivers())
                                .addArrayOfString(routes.pairedTypes()))
                .map(event);
    }

    /** Cuts off whoever works with the database right now. */
    void endSessions() {
        ServiceFixture.await(database.read("""
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                """, Tuple.tuple()));
    }

    /** Nobody can lead, nor find out whether he does. */
    void hideLeases() {
        ServiceFixture.await(database.write("hide", "ALTER TABLE relay_lease RENAME TO hidden_lease", Tuple.tuple()));
    }

    void showLeases() {
        ServiceFixture.await(database.write("show", "ALTER TABLE hidden_lease RENAME TO relay_lease", Tuple.tuple()));
    }

    long undelivered(String receiver) {
        return rows("SELECT count(*) AS found FROM event_delivery WHERE receiver = $1", receiver)
                .getFirst()
                .getLong("found");
    }

    /** The deliveries that were given up. */
    List<Row> parked(String receiver) {
        return rows("""
                SELECT aggregate_id, seq, attempts, failure FROM event_delivery
                WHERE receiver = $1 AND parked_at IS NOT NULL
                """, receiver);
    }

    /** What an operator does once the reason is gone. */
    void unpark(String receiver) {
        ServiceFixture.await(database.write(
                "unpark",
                "UPDATE event_delivery SET parked_at = NULL, attempts = 0, due_at = now() WHERE receiver = $1",
                Tuple.of(receiver)));
    }

    /** Who tells this receiver; nobody before the first has begun. */
    List<String> leader(String receiver) {
        return rows("SELECT owner FROM relay_lease WHERE receiver = $1 AND lease_until > now()", receiver).stream()
                .map(row -> row.getString("owner"))
                .toList();
    }

    private List<Row> rows(String sql, String receiver) {
        return StreamSupport.stream(
                        ServiceFixture.await(database.read(sql, Tuple.of(receiver)))
                                .spliterator(),
                        false)
                .toList();
    }
}
