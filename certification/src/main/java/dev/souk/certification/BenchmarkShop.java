package dev.souk.certification;

import dev.souk.contracts.Operation;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.config.Environment;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.node.Node;
import dev.souk.kit.node.NodeConfig;
import dev.souk.kit.node.ServiceDefinition;
import dev.souk.notification.NotificationVerticle;
import dev.souk.order.OrderVerticle;
import dev.souk.payment.PaymentVerticle;
import dev.souk.postgres.EmbeddedPostgres;
import dev.souk.product.ProductVerticle;
import dev.souk.sandbox.Sandbox;
import dev.souk.sandbox.SandboxConfig;
import dev.souk.user.UserVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Services in this JVM, on a durable PostgreSQL of their own in a folder that is thrown away. */
final class BenchmarkShop implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final EmbeddedPostgres postgres;
    private final Node node;
    private final Deque<Runnable> opened = new ArrayDeque<>();

    private BenchmarkShop(Path folder, Map<String, String> settings, List<ServiceDefinition> services) {
        this.folder = folder;
        this.postgres = EmbeddedPostgres.open(folder.resolve("postgresql"));
        opened.push(postgres::close);
        Map<String, String> variables = new HashMap<>(settings);
        services.stream()
                .filter(service -> service.settings().stream()
                        .anyMatch(setting -> setting.name()
                                .equals(DatabaseConfig.url(service.name()).name())))
                .forEach(service -> variables.put(
                        DatabaseConfig.url(service.name()).name(),
                        postgres.provision(service.name()).url()));
        variables.put(
                "SOUK_PAYMENT_PROVIDER_URL",
                "http://127.0.0.1:" + startSandbox().port());
        variables.put("SOUK_CLUSTERED", "false");
        Environment environment = Environment.of(variables);
        this.node = await(Node.start(NodeConfig.from(environment), environment, line -> {}));
        opened.push(() -> await(node.stop()));
        await(node.deploy(services));
    }

    static BenchmarkShop start(Map<String, String> settings, ServiceDefinition... services) {
        try {
            Path folder = Files.createTempDirectory("souk-benchmark");
            return new BenchmarkShop(folder, settings, List.of(services));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All services. */
    static BenchmarkShop startAll() {
        return start(
                Map.of(),
                UserVerticle.DEFINITION,
                ProductVerticle.DEFINITION,
                PaymentVerticle.DEFINITION,
                NotificationVerticle.DEFINITION,
                OrderVerticle.DEFINITION);
    }

    <Q, R> Future<R> call(Operation<Q, R> operation, Q request, CallContext context) {
        return node.context().bus().call(operation, request, context);
    }

    Node node() {
        return node;
    }

    /** A pool of its own to the database of a service, with its own role. */
    Future<Database> openDatabase(String service) {
        Environment environment = Environment.of(Map.of(
                DatabaseConfig.url(service).name(), postgres.provision(service).url()));
        return Database.open(
                node.context().vertx(),
                DatabaseConfig.from(environment, service),
                node.context().random());
    }

    /** A connection to the database of a service, with its own role. */
    Connection connect(String service) throws SQLException {
        EmbeddedPostgres.Database database = postgres.provision(service);
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
                database.user(),
                database.password());
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            opened.pop().run();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T> T await(Future<T> future) {
        return await(future, LIMIT);
    }

    static <T> T await(Future<T> future, Duration limit) {
        try {
            return future.await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("not within " + limit, e);
        }
    }

    private Sandbox startSandbox() {
        Vertx vertx = Vertx.vertx();
        Sandbox sandbox = await(Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, folder.resolve("sandbox"))));
        opened.push(() -> {
            await(sandbox.close());
            await(vertx.close());
        });
        return sandbox;
    }
}
