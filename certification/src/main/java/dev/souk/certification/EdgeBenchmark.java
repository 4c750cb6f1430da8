package dev.souk.certification;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import dev.souk.gateway.GatewayVerticle;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.bus.WireFormat;
import dev.souk.product.ProductVerticle;
import dev.souk.user.UserVerticle;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What the edge costs: a product is read through the gateway, with the contract, limits, admission and all its headers, and
 * by a bare route, which asks the same service over the same bus and writes the same JSON. Both stand in one JVM, with
 * their clients; they take turns, and medians are printed.
 */
public final class EdgeBenchmark {
    private static final int CLIENTS = 32;
    private static final int ROUNDS = 7;
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private EdgeBenchmark() {}

    /** What one round told: requests a second, and microseconds of processor time for each. */
    private record Round(double rate, double cost) {}

    private record Way(String name, int port, String path, List<Round> rounds) {}

    /** The least that does the work. */
    private static final class BareRoute extends VerticleBase {
        private final Bus bus;
        private HttpServer server;

        BareRoute(Bus bus) {
            this.bus = bus;
        }

        @Override
        public Future<?> start() {
            Router router = Router.router(vertx);
            router.get("/products/:id").handler(this::read);
            server = vertx.createHttpServer().requestHandler(router);
            return server.listen(0, "127.0.0.1");
        }

        private void read(RoutingContext routing) {
            HttpServerResponse response = routing.response();
            bus.call(
                            Products.GET,
                            new Products.Get(UUID.fromString(routing.pathParam("id"))),
                            CallContext.ofService("benchmark", Duration.ofSeconds(2)))
                    .onSuccess(product -> response.putHeader("Content-Type", "application/json")
                            .end(WireFormat.encode(product)))
                    .onFailure(routing::fail);
        }
    }

    public static void main(String[] arguments) throws IOException {
        int port = freePort();
        Map<String, String> settings = Map.of(
                "SOUK_HTTP_PORT", Integer.toString(port),
                "SOUK_RATE_LIMIT_ADDRESS", "1000000",
                "SOUK_RATE_LIMIT_USER", "1000000");
        try (BenchmarkShop shop = BenchmarkShop.start(
                settings, UserVerticle.DEFINITION, ProductVerticle.DEFINITION, GatewayVerticle.DEFINITION)) {
            BareRoute bare = new BareRoute(shop.node().context().bus());
            BenchmarkShop.await(shop.node().context().vertx().deployVerticle(bare));
            UUID product = product(shop);
            List<Way> ways = List.of(
                    new Way("bare route", bare.server.actualPort(), "/products/" + product, new ArrayList<>()),
                    new Way("gateway", port, "/api/v1/products/" + product, new ArrayList<>()));
            Vertx vertx = Vertx.vertx();
            HttpClientAgent client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CLIENTS));
            ways.forEach(way -> measure(client, way, WARM_UP));
            for (int round = 0; round < ROUNDS; round++) {
                ways.forEach(way -> way.rounds().add(measure(client, way, ROUND)));
            }
            BenchmarkShop.await(vertx.close());
            print(ways);
        }
    }

    private static UUID product(BenchmarkShop shop) {
        CallContext admin = new CallContext(
                "benchmark",
                Optional.of(new Caller(UUID.randomUUID(), Caller.Role.ADMIN)),
                Deadline.in(Duration.ofSeconds(10)));
        return BenchmarkShop.await(shop.call(
                        Products.CREATE,
                        new Products.Create("sku", "Product", "", Map.of(), new Money(100, "USD"), 1_000),
                        admin))
                .id();
    }

    private static Round measure(HttpClientAgent client, Way way, Duration length) {
        AtomicLong answered = new AtomicLong();
        long processor = processorNanos();
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        BenchmarkShop.await(Future.join(IntStream.range(0, CLIENTS)
                .<Future<?>>mapToObj(number -> next(client, way, end, answered))
                .toList()));
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Round(answered.get() / seconds, (processorNanos() - processor) / 1e3 / answered.get());
    }

    private static Future<?> next(HttpClientAgent client, Way way, long end, AtomicLong answered) {
        if (System.nanoTime() - end > 0) {
            return Future.succeededFuture();
        }
        return client.request(HttpMethod.GET, way.port(), "127.0.0.1", way.path())
                .compose(request -> request.send())
                .compose(response -> response.statusCode() == 200
                        ? response.body()
                        : Future.failedFuture(way.name() + " answered " + response.statusCode()))
                .onSuccess(body -> answered.incrementAndGet())
                .compose(body -> next(client, way, end, answered));
    }

    /** Of this JVM: the server, and the same client for both ways. */
    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void print(List<Way> ways) {
        System.out.printf(
                Locale.ROOT,
                "GET /products/{id}, %d connections, %d rounds of %d s, medians; processor time includes the client's:%n",
                CLIENTS,
                ROUNDS,
                ROUND.toSeconds());
        ways.forEach(way -> System.out.printf(
                Locale.ROOT,
                "  %-10s %,8.0f /s   %6.1f us of processor time a request%n",
                way.name(),
                median(way, Round::rate),
                median(way, Round::cost)));
        double bare = median(ways.get(0), Round::cost);
        double edge = median(ways.get(1), Round::cost);
        System.out.printf(
                Locale.ROOT, "  the edge costs %.1f us a request, %.2f times a bare route%n", edge - bare, edge / bare);
    }

    private static double median(Way way, ToDoubleFunction<Round> value) {
        double[] sorted = way.rounds().stream().mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
