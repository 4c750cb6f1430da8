package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.Database;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.order.SagaRepository.Lease;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What becomes of a checkout whose instance, or whose next service, dies under way. */
@ExtendWith(VertxExtension.class)
class CheckoutRecoveryIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private static final Duration SHORT = Duration.ofMillis(1_500);
    private static final String[] WHOLE_STORY = {"1 ORDER_PLACED", "2 ORDER_CONFIRMED"};

    private static final Logger RUNNER_LOG = (Logger) LoggerFactory.getLogger(CheckoutRunner.class);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private OrderShop shop;
    private Caller ada;
    private UUID laptop;

    @BeforeEach
    void open(Vertx vertx) {
        shop = new OrderShop(vertx, DATABASE);
        ada = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 100);
        log.start();
    }

    @AfterEach
    void stopListening() {
        RUNNER_LOG.detachAppender(log);
        RUNNER_LOG.setLevel(null);
    }

    /** Every place at which an instance can die: before a step had its effect, and after it had but nobody wrote it down. */
    static Stream<Arguments> deaths() {
        return Checkout.STEPS.stream()
                .flatMap(step -> step instanceof Step.Command
                        ? Stream.of(Arguments.of(step.name(), false), Arguments.of(step.name(), true))
                        : Stream.of(Arguments.of(step.name(), false)));
    }

    @ParameterizedTest(name = "at {0}, effect had: {1}")
    @MethodSource("deaths")
    void anOrderWhoseInstanceDiedIsTakenToItsEndOnce(String step, boolean hadEffect) {
        // given
        PlacedOrder order = new DeadInstance().leaves(step, hadEffect);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(DATABASE.status(order.id())).isEqualTo("CONFIRMED");
        assertThat(DATABASE.events(order.id())).containsExactly(WHOLE_STORY);
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(98, 0, 2));
    }

    @Test
    void anOrderWhoseInstanceDiedIsRejectedIfItsStockIsGone() {
        // given
        PlacedOrder order = new DeadInstance().leaves("reserve", false);
        ServiceFixture.await(shop.context()
                .bus()
                .call(
                        Products.RESERVE,
                        new Products.Reserve(UUID.randomUUID(), List.of(new Quantity(laptop, 99))),
                        CallContext.ofService("other", SHORT)));

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(DATABASE.status(order.id())).isEqualTo("REJECTED");
        assertThat(DATABASE.events(order.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_REJECTED");
    }

    @Test
    void twoInstancesTakeEachOrderOverOnce() {
        // given
        DeadInstance dead = new DeadInstance();
        List<PlacedOrder> orders = IntStream.range(0, 40)
                .mapToObj(number -> dead.leaves("reserve", false))
                .toList();

        // when
        shop.startOrders();
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(orders).allSatisfy(order -> {
            assertThat(DATABASE.status(order.id())).isEqualTo("CONFIRMED");
            assertThat(DATABASE.events(order.id())).containsExactly(WHOLE_STORY);
            assertThat(shop.products().reserves(order.id())).isEqualTo(1);
        });
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(20, 0, 80));
    }

    @Test
    void ordersThroughTwoInstancesOnOneDatabaseHaveTheirHistoriesWithoutAGap() {
        // given
        shop.startOrders();
        shop.startOrders();

        // when
        List<Future<Placement>> answers = Stream.generate(() -> shop.begin(
                        ada, order(UUID.randomUUID().toString(), new Quantity(laptop, 1)), Duration.ofSeconds(6)))
                .limit(120)
                .toList();
        ServiceFixture.await(Future.all(answers));
        shop.awaitSettled();

        // then
        assertThat(DATABASE.number("SELECT count(*) FROM orders WHERE status = 'CONFIRMED'"))
                .isEqualTo(100);
        assertThat(DATABASE.number("SELECT count(*) FROM orders WHERE status = 'REJECTED'"))
                .isEqualTo(20);
        assertThat(DATABASE.texts("""
                        SELECT DISTINCT orders.status || ' ' || string_agg(event.seq || ' ' || event.type, ', ' ORDER BY seq)
                        FROM orders JOIN order_event AS event ON event.order_id = orders.id
                        GROUP BY orders.id, orders.status
                        """))
                .containsExactlyInAnyOrder(
                        "CONFIRMED 1 ORDER_PLACED, 2 ORDER_CONFIRMED", "REJECTED 1 ORDER_PLACED, 2 ORDER_REJECTED");
    }

    @Test
    void aLostAnswerOfAReservationIsAskedForAgainAndTakesTheStockOnce() {
        // given
        shop.startOrders();
        shop.products().disturbances().loseAnswersOf(Products.RESERVE);

        // when
        Future<Placement> answer = shop.begin(ada, order("key", new Quantity(laptop, 2)), Duration.ofSeconds(6));
        Await.until("stock was taken", () -> shop.products().level(laptop).reserved() == 2);
        shop.products().disturbances().mend(Products.RESERVE);
        Placement placement = ServiceFixture.await(answer);

        // then
        assertThat(placement.order().status()).isEqualTo(Status.CONFIRMED);
        shop.awaitSettled();
        assertThat(shop.products().reserves(placement.order().id())).isGreaterThan(1);
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(98, 0, 2));
        assertThat(DATABASE.events(placement.order().id())).containsExactly(WHOLE_STORY);
    }

    @Test
    void aLostAnswerOfACommitDoesNotKeepTheClientWaiting() {
        // given
        shop.startOrders();
        shop.products().disturbances().loseAnswersOf(Products.COMMIT);

        // when
        Placement placement = shop.place(ada, order("key", new Quantity(laptop, 2)), SHORT);

        // then
        assertThat(placement.order().status()).isEqualTo(Status.CONFIRMED);
        shop.products().disturbances().mend(Products.COMMIT);
        shop.awaitSettled();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(98, 0, 2));
        assertThat(DATABASE.events(placement.order().id())).containsExactly(WHOLE_STORY);
    }

    @Test
    void aStepThatFailsIsTakenAgainUntilItSucceeds() {
        // given
        shop.startOrders();
        shop.products().disturbances().breakDown(Products.RESERVE);
        Placement pending = shop.place(ada, order("key", new Quantity(laptop, 2)), SHORT);

        // when
        shop.products().disturbances().mend(Products.RESERVE);
        shop.awaitSettled();

        // then
        assertThat(pending.order().status()).isEqualTo(Status.PENDING);
        assertThat(DATABASE.status(pending.order().id())).isEqualTo("CONFIRMED");
        assertThat(DATABASE.events(pending.order().id())).containsExactly(WHOLE_STORY);
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(98, 0, 2));
    }

    @Test
    void anInstanceWhoseLeaseWasTakenStopsWithoutAWord() {
        // given
        shop.startOrders();
        Promise<Void> gate = Promise.promise();
        shop.products().disturbances().hold(Products.RESERVE, gate.future());
        Future<Placement> answer = shop.begin(ada, order("key", new Quantity(laptop, 2)), SHORT);
        Await.until("stock is asked for", () -> shop.products().disturbances().asked(Products.RESERVE) == 1);
        DATABASE.execute(
                "UPDATE saga SET owner = 'other', version = version + 1, lease_until = now() + interval '1 hour'");
        RUNNER_LOG.setLevel(Level.DEBUG);
        RUNNER_LOG.addAppender(log);

        // when
        gate.complete();
        Await.until("the stale instance has noticed", () -> !log.list.isEmpty());
        Placement placement = ServiceFixture.await(answer);

        // then
        assertThat(log.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.DEBUG);
        assertThat(placement.order().status()).isEqualTo(Status.PENDING);
        assertThat(DATABASE.events(placement.order().id())).containsExactly("1 ORDER_PLACED");
        assertThat(DATABASE.texts("SELECT owner || ' ' || version || ' ' || step FROM saga"))
                .containsExactly("other 2 reserve");
    }

    @Test
    void anInstanceThatStopsLetsOthersGoOnAtOnce() {
        // given
        String stopping = shop.startOrders();
        shop.products()
                .disturbances()
                .hold(Products.RESERVE, Promise.<Void>promise().future());
        Placement pending = shop.place(ada, order("key", new Quantity(laptop, 2)), SHORT);
        assertThat(DATABASE.number("SELECT count(*) FROM saga WHERE owner IS NOT NULL AND lease_until > now()"))
                .isEqualTo(1);

        // when
        shop.stopOrders(stopping);

        // then
        assertThat(DATABASE.number("SELECT count(*) FROM saga WHERE owner IS NULL AND lease_until <= now()"))
                .isEqualTo(1);
        shop.products().disturbances().mend(Products.RESERVE);
        shop.startOrders();
        Await.until(
                "another has taken over long before the lease would have ended",
                Duration.ofSeconds(3),
                () -> DATABASE.checkouts() == 0);
        assertThat(DATABASE.events(pending.order().id())).containsExactly(WHOLE_STORY);
    }

    /** An instance that died and left its work behind, done as the real one does it. */
    private final class DeadInstance {
        private final Database database = ServiceFixture.await(shop.context()
                .openDatabase(OrderConfig.from(shop.context().environment()).database()));
        private final OrderRepository orders = new OrderRepository(database);
        private final SagaRepository sagas = new SagaRepository(database, "dead-instance", Duration.ofMillis(1));
        private final OrderStore store = new OrderStore(database, sagas, "dead-node");

        /** Leaves an order of two laptops with its checkout at this step. */
        PlacedOrder leaves(String step, boolean hadEffect) {
            PlacedOrder order = newOrder();
            Lease lease = ServiceFixture.await(store.place(order, Duration.ofSeconds(5)))
                    .orElseThrow();
            for (Step taken : stepsBefore(step)) {
                Step next = Checkout.after(taken).orElseThrow();
                if (taken instanceof Step.Transition transition) {
                    order = transition
                            .change()
                            .apply(order, shop.context().clock().instant());
                    lease = ServiceFixture.await(store.end(order, lease, next));
                } else {
                    haveEffect(taken, order);
                    lease = ServiceFixture.await(sagas.advance(lease, next));
                }
            }
            if (hadEffect) {
                haveEffect(Checkout.named(step), order);
            }
            return order;
        }

        private List<Step> stepsBefore(String name) {
            List<Step> before = new ArrayList<>();
            for (Step step : Checkout.STEPS) {
                if (step.name().equals(name)) {
                    return before;
                }
                before.add(step);
            }
            throw new AssertionError("no step " + name);
        }

        private void haveEffect(Step step, PlacedOrder order) {
            if (step instanceof Step.Command<?, ?> command) {
                call(command, order);
            }
        }

        private <Q, R> void call(Step.Command<Q, R> command, PlacedOrder order) {
            ServiceFixture.await(shop.context()
                    .bus()
                    .call(
                            command.operation(),
                            command.request().apply(order),
                            CallContext.ofService("dead", Duration.ofSeconds(2))));
        }

        private PlacedOrder newOrder() {
            Money price = new Money(120_000, "USD");
            Line line = new Line(laptop, "LAPTOP", "The LAPTOP", 2, price, price.times(2));
            Claim claim = Claim.of(order(UUID.randomUUID().toString(), new Quantity(laptop, 2)), "request-1");
            return PlacedOrder.pending(
                    shop.context().ids().get(),
                    ada.userId(),
                    claim,
                    "pm_card_visa",
                    List.of(line),
                    shop.context().clock().instant());
        }
    }
}
