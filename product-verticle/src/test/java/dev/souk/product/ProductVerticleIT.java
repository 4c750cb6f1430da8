package dev.souk.product;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Done;
import dev.souk.contracts.Money;
import dev.souk.contracts.Ping;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Archive;
import dev.souk.contracts.Products.Create;
import dev.souk.contracts.Products.Find;
import dev.souk.contracts.Products.Product;
import dev.souk.contracts.Products.Sort;
import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.Instance;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith({VertxExtension.class, TestDatabase.Provider.class})
class ProductVerticleIT {
    private static final int DEMO_PRODUCTS = DemoCatalogue.PRODUCTS.size();

    private Vertx vertx;
    private TestDatabase database;

    @BeforeEach
    void open(Vertx vertx, TestDatabase database) {
        this.vertx = vertx;
        this.database = database;
    }

    @Test
    void servesAnEmptyCatalogueUnlessToldOtherwise() {
        ServiceFixture shop = ServiceFixture.deploy(vertx, database.variables(), ProductVerticle.DEFINITION);

        assertThat(shop.call(Ping.of("product"), new Ping())).isEqualTo(Done.DONE);
        assertThat(list(shop)).isEmpty();
    }

    @Test
    void twoInstancesThatStartAtOnceMakeOneDemoCatalogue() {
        ServiceFixture.deploy(vertx, database.variables(), ProductVerticle.DEFINITION);
        ServiceContext context = context(demo());
        List<Future<String>> starts = new ArrayList<>();

        // Both have seen the empty catalogue before either can write.
        database.holding("LOCK TABLE product IN SHARE ROW EXCLUSIVE MODE", () -> {
            starts.add(vertx.deployVerticle(new ProductVerticle(context)));
            starts.add(vertx.deployVerticle(new ProductVerticle(context)));
            awaitThat("two wait for the lock", this::waiting, 2);
        });
        await(Future.all(starts));

        assertThat(database.number("SELECT count(*) FROM product")).isEqualTo(DEMO_PRODUCTS);
        assertThat(database.number("SELECT count(*) FROM stock WHERE available BETWEEN 50 AND 1000"))
                .isEqualTo(DEMO_PRODUCTS);
        assertThat(database.number("SELECT count(*) FROM stock_adjustment WHERE delta = available"))
                .isEqualTo(DEMO_PRODUCTS);
        assertThat(database.number("SELECT count(*) FROM product_event WHERE type = 'PRODUCT_CREATED' AND seq = 1"))
                .isEqualTo(DEMO_PRODUCTS);
        assertThat(database.number("SELECT count(*) FROM event_delivery WHERE receiver = 'notification'"))
                .isEqualTo(DEMO_PRODUCTS);
    }

    @Test
    void theDemoCatalogueReadsWell() {
        ServiceFixture shop = ServiceFixture.deploy(vertx, demo(), ProductVerticle.DEFINITION);

        assertThat(list(shop)).hasSize(DEMO_PRODUCTS).allSatisfy(product -> {
            assertThat(product.description()).isNotBlank();
            assertThat(product.attributes()).isNotEmpty();
            assertThat(product.price().amount()).isPositive();
            assertThat(product.price().currency()).isEqualTo("USD");
        });
    }

    @Test
    void aCatalogueThatEverHadAProductIsLeftAlone() {
        ServiceFixture first = ServiceFixture.deploy(vertx, database.variables(), ProductVerticle.DEFINITION);
        Create lamp = new Create("LAMP", "Lamp", null, null, new Money(1, "USD"), 1);
        Product created = first.call(Products.CREATE, lamp, ServiceFixture.admin());
        first.call(Products.ARCHIVE, new Archive(created.id()), ServiceFixture.admin());

        ServiceFixture second = ServiceFixture.deploy(vertx, demo(), ProductVerticle.DEFINITION);

        assertThat(list(second)).isEmpty();
        assertThat(database.number("SELECT count(*) FROM product")).isEqualTo(1);
    }

    @Test
    void leavesNoConnectionWhenItStops() {
        ProductVerticle verticle = new ProductVerticle(context(demo()));
        String deployment = await(vertx.deployVerticle(verticle));
        assertThat(connections()).isPositive();

        await(vertx.undeploy(deployment));

        awaitNoConnections();
    }

    @Test
    void answersWhatRunsBeforeItStops() {
        ServiceFixture shop = ServiceFixture.deploy(vertx, database.variables());
        String deployment = await(vertx.deployVerticle(new ProductVerticle(shop.context())));
        List<Future<Products.ProductPage>> running = IntStream.range(0, 30)
                .mapToObj(number -> shop.start(Products.LIST, new Find(null, null, null, null), Optional.empty()))
                .toList();

        await(vertx.undeploy(deployment));

        assertThat(running).allMatch(Future::succeeded);
        assertThat(shop.context().discovery().instances("product")).isEmpty();
    }

    @Test
    void leavesNoConnectionWhenItsStartFailsHalfWay() {
        ServiceContext context = unpublishable(context(demo()));

        assertThatThrownBy(() -> await(vertx.deployVerticle(new ProductVerticle(context))))
                .hasMessageContaining("no registry");

        awaitNoConnections();
        assertThat(database.number("SELECT count(*) FROM product")).isEqualTo(DEMO_PRODUCTS);
    }

    @Test
    void mayBeStoppedBeforeItHasAnything() {
        assertThat(new ProductVerticle(context(demo())).stop().succeeded()).isTrue();
    }

    private Map<String, String> demo() {
        Map<String, String> variables = new HashMap<>(database.variables());
        variables.put("SOUK_DEMO_DATA", "true");
        return variables;
    }

    private ServiceContext context(Map<String, String> variables) {
        return ServiceFixture.deploy(vertx, variables).context();
    }

    private static List<Product> list(ServiceFixture shop) {
        return shop.call(Products.LIST, new Find(null, Sort.NAME, 100, null)).items();
    }

    private long connections() {
        return database.number("""
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'souk-product'
                """);
    }

    private long waiting() {
        return database.number("""
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """);
    }

    /** A closed connection's process takes a moment to go. */
    private void awaitNoConnections() {
        awaitThat("no connection is left open", this::connections, 0);
    }

    private static void awaitThat(String what, LongSupplier value, long expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (value.getAsLong() != expected) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
        }
    }

    private static ServiceContext unpublishable(ServiceContext context) {
        return new ServiceContext(
                context.vertx(),
                context.node(),
                context.environment(),
                context.bus(),
                new NoRegistry(),
                context.readiness(),
                context.meters(),
                context.clock(),
                context.ids(),
                context.random(),
                context.announce());
    }

    /** A discovery that cannot be reached. */
    private static final class NoRegistry implements Discovery {
        @Override
        public Future<Void> publish(Instance instance) {
            return Future.failedFuture(new IllegalStateException("no registry"));
        }

        @Override
        public Future<Void> withdraw(Instance instance) {
            return Future.succeededFuture();
        }

        @Override
        public List<Instance> instances(String service) {
            return List.of();
        }

        @Override
        public List<Instance> all() {
            return List.of();
        }

        @Override
        public void answered(Instance instance) {}

        @Override
        public void memberLeft(String member) {}

        @Override
        public Future<Void> close() {
            return Future.succeededFuture();
        }
    }
}
