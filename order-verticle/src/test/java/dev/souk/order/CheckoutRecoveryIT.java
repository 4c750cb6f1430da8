package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
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
import org.junit.jupiter.params.provider.ValueSource;
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
                .flatMap(step -> Stream.of(Arguments.of(step.name(), false), Arguments.of(step.name(), true)));
    }

    @ParameterizedTest(name = "at {0}, effect had: {1}")
    @MethodSource("deaths")
    void anOrderWhoseInstanceDiedIsTakenToItsEndOnce(String step, boolean hadEffect) {
        // given
        PlacedOrder order = dead().leaves(step, hadEffect);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(DATABASE.status(order.id())).isEqualTo("CONFIRMED");
        assertThat(DATABASE.events(order.id())).containsExactly(WHOLE_STORY);
        assertThat(shop.payments().held(order.id())).isEqualTo(240_000);
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(98, 0, 2));
    }

    /** Every place at which an instance can die that was undoing a step, whether or not that step had ever had its effect. */
    static Stream<Arguments> deathsOnTheWayBack() {
        return Checkout.STEPS.stream()
                .map(Step::name)
                .flatMap(step -> Stream.of(
                        Arguments.of(step, false, false),
                        Arguments.of(step, true, false),
                        Arguments.of(step, false, true),
                        Arguments.of(step, true, true)));
    }

    @ParameterizedTest(name = "at {0}, effect had: {1}, undone: {2}")
    @MethodSource("deathsOnTheWayBack")
    void aCancelledOrderWhoseInstanceDiedIsUndoneToTheEnd(String step, boolean hadEffect, boolean wasUndone) {
        // given
        PlacedOrder order = dead().leavesCancelled(step, hadEffect, wasUndone);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(DATABASE.status(order.id())).isEqualTo("CANCELLED");
        assertThat(DATABASE.events(order.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_CANCELLED");
        assertThat(shop.payments().held(order.id())).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(100, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anOrderThatWasNotPaidAndWhoseInstanceDiedIsRejected(boolean wasUndone) {
        // given
        PlacedOrder order = dead().leavesDeclined(wasUndone);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(DATABASE.texts("SELECT status || ' ' || reason FROM orders"))
                .containsExactly("REJECTED PAYMENT_DECLINED");
        assertThat(DATABASE.events(order.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_REJECTED");
        assertThat(shop.deeds(order.id())).startsWith("reserve", "release").doesNotContain("charge", "refund");
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(100, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aConfirmedOrderThatWasBeingGivenBackIsGivenBackByAnother(boolean wasUndone) {
        // given
        PlacedOrder order = dead().leavesGivingBack(wasUndone);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(DATABASE.status(order.id())).isEqualTo("CANCELLED");
        assertThat(DATABASE.events(order.id()))
                .containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED", "3 ORDER_CANCELLED");
        assertThat(shop.payments().held(order.id())).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(100, 0, 0));
        assertThat(shop.deeds(order.id())).endsWith("refund", "release");
    }

    @Test
    void anOrderWhoseInstanceDiedIsRejectedIfItsStockIsGone() {
        // given
        PlacedOrder order = dead().leaves("reserve", false);
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
        assertThat(shop.payments().charges(order.id())).isEmpty();
    }

    @Test
    void twoInstancesTakeEachOrderOverOnce() {
        // given
        DeadInstance dead = dead();
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
        shop.placeToTheEnd(
                ada,
                IntStream.range(0, 120)
                        .mapToObj(number -> order("key-" + number, new Quantity(laptop, 1)))
                        .toList());
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

    /** Charged, but nobody knows: the same is asked again until the answer comes. */
    @Test
    void aChargeWhoseOutcomeIsNotKnownIsAskedForAgainAndTakesTheMoneyOnce() {
        // given
        shop.startOrders();
        shop.payments().disturbances().doubt(Payments.CHARGE);
        Placement pending = shop.place(ada, order("key", new Quantity(laptop, 2)), SHORT);
        UUID orderId = pending.order().id();
        Await.until(
                "the charge was asked for again",
                () -> shop.payments().charges(orderId).size() > 1);
        String status = DATABASE.status(orderId);

        // when
        shop.payments().disturbances().mend(Payments.CHARGE);
        shop.awaitSettled();

        // then
        assertThat(pending.order().status()).isEqualTo(Status.PENDING);
        assertThat(status).isEqualTo("PENDING");
        assertThat(DATABASE.events(orderId)).containsExactly(WHOLE_STORY);
        assertThat(shop.payments().charges(orderId))
                .containsOnly(new Payments.Charge(
                        orderId, ada.userId(), pending.order().total(), "pm_card_visa"));
        assertThat(shop.payments().held(orderId)).isEqualTo(240_000);
        assertThat(shop.deeds(orderId)).doesNotContain("refund", "release");
    }

    @Test
    void anOrderWaitsForAPaymentServiceThatCannotDoItsWork() {
        // given
        shop.startOrders();
        shop.payments().disturbances().refuse(Payments.CHARGE);
        Placement pending = shop.place(ada, order("key", new Quantity(laptop, 2)), SHORT);

        // when
        shop.payments().disturbances().mend(Payments.CHARGE);
        shop.awaitSettled();

        // then
        assertThat(pending.order().status()).isEqualTo(Status.PENDING);
        assertThat(shop.deeds(pending.order().id())).containsExactly("reserve", "charge");
        assertThat(DATABASE.events(pending.order().id())).containsExactly(WHOLE_STORY);
    }

    @Test
    void oneThatHangsDoesNotHoldUpTheOthers() {
        // given
        DeadInstance dead = dead();
        Promise<Void> gate = Promise.promise();
        shop.payments().disturbances().hold(Payments.CHARGE, gate.future());
        PlacedOrder hanging = dead.leaves("charge", false);
        shop.startOrders();
        Await.until("one hangs", () -> shop.payments().charges(hanging.id()).size() == 1);
        shop.payments().disturbances().mend(Payments.CHARGE);

        // when
        // No further: the shop runs, and takes it over at once.
        PlacedOrder other = dead.places();

        // then
        Await.until("the other has ended", () -> DATABASE.status(other.id()).equals("CONFIRMED"));
        assertThat(DATABASE.status(hanging.id())).isEqualTo("PENDING");
        gate.complete();
        shop.awaitSettled();
        assertThat(DATABASE.status(hanging.id())).isEqualTo("CONFIRMED");
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

    private DeadInstance dead() {
        return new DeadInstance(shop, ada, laptop, Duration.ofMillis(1));
    }
}
