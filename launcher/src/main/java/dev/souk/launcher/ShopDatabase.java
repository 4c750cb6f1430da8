package dev.souk.launcher;

import dev.souk.kit.config.Environment;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.postgres.EmbeddedPostgres;
import dev.souk.postgres.PostgresStartException;
import dev.souk.postgres.Running;
import dev.souk.postgres.Supervision;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The databases of the services that this process runs: those that the operator named, and the embedded PostgreSQL for
 * the others, owned by this process or by the one that it joins.
 */
final class ShopDatabase implements AutoCloseable {
    static final List<String> SERVICES_WITH_DATABASE =
            List.of("user", "product", "order", "payment", "notification", "registry");

    private final Environment environment;
    private final String summary;
    private final EmbeddedPostgres owned;

    private ShopDatabase(Environment environment, String summary, EmbeddedPostgres owned) {
        this.environment = environment;
        this.summary = summary;
        this.owned = owned;
    }

    /** Whether one of these services needs the embedded database. */
    static boolean isEmbeddedFor(Environment environment, List<String> services) {
        return embedded(environment).anyMatch(services::contains);
    }

    /** The services whose database the operator did not name. */
    private static Stream<String> embedded(Environment environment) {
        return SERVICES_WITH_DATABASE.stream()
                .filter(service -> environment.find(DatabaseConfig.url(service)).isEmpty());
    }

    /** Nothing is embedded: the operator named every database that is needed. */
    static ShopDatabase external(Environment environment) {
        return new ShopDatabase(environment, "as configured", null);
    }

    /** Starts or adopts the embedded database, with a database and role for each service, and keeps it alive. */
    static ShopDatabase own(Environment environment, DataDirectory folder, Terminal terminal) {
        EmbeddedPostgres postgres = open(folder);
        try {
            Map<String, String> urls = new HashMap<>();
            embedded(environment)
                    .forEach(service -> urls.put(
                            DatabaseConfig.url(service).name(),
                            postgres.provision(service).url()));
            postgres.supervise(event -> report(event, terminal));
            String how = postgres.adopted() ? "adopted" : "started";
            return new ShopDatabase(
                    environment.withFallbacks(urls, "embedded database"),
                    "PostgreSQL " + how + " on port " + postgres.port(),
                    postgres);
        } catch (RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    /** Uses the embedded database of the process that owns the folder. */
    static ShopDatabase join(Environment environment, DataDirectory folder) {
        Running running = EmbeddedPostgres.find(folder.database())
                .orElseThrow(() -> new LaunchException("the shop in " + folder.path()
                        + " is starting or stopping: its database does not answer; try again in a moment"));
        Map<String, String> urls = new HashMap<>();
        SERVICES_WITH_DATABASE.forEach(service -> running.database(service)
                .ifPresent(database -> urls.put(DatabaseConfig.url(service).name(), database.url())));
        return new ShopDatabase(
                environment.withFallbacks(urls, "embedded database"),
                "PostgreSQL of process " + folder.owner().orElse(0L) + " on port " + running.port(),
                null);
    }

    /** The environment with the addresses of the databases of a shop that runs. */
    static Environment running(Environment environment) {
        return isEmbeddedFor(environment, SERVICES_WITH_DATABASE)
                ? join(environment, DataDirectory.at(environment.get(LauncherConfig.DATA_DIR)))
                        .environment()
                : environment;
    }

    /** The environment with the addresses of the databases. */
    Environment environment() {
        return environment;
    }

    String summary() {
        return summary;
    }

    @Override
    public void close() {
        if (owned != null) {
            owned.close();
        }
    }

    private static EmbeddedPostgres open(DataDirectory folder) {
        try {
            return EmbeddedPostgres.open(folder.database());
        } catch (PostgresStartException e) {
            throw new LaunchException(e.getMessage(), e);
        }
    }

    private static void report(Supervision.Event event, Terminal terminal) {
        switch (event) {
            case Supervision.Died died -> terminal.problem("PostgreSQL died; starting it again");
            case Supervision.Restarted restarted ->
                terminal.fact(
                        "database",
                        "PostgreSQL is back after " + restarted.outage().toMillis() + " ms");
            case Supervision.GaveUp end -> terminal.problem("PostgreSQL cannot be started again: " + end.reason());
        }
    }
}
