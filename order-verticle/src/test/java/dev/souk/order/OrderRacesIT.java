package dev.souk.order;

import static dev.souk.order.OrderShop.orderAtOnce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two who want different things of one order at the same moment, over two instances of the service, many times. */
@ExtendWith(VertxExtension.class)
class OrderRacesIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private static final int ORDERS = 120;
    private static final int MOST_MILLIS = 100;

    /** Or was not answered in time, on a slow machine. */
    private static final Set<Fault.Code> LOST_THE_RACE =
            EnumSet.of(Fault.Code.ORDER_NOT_CANCELLABLE, Fault.Code.ILLEGAL_TRANSITION, Fault.Code.TIMEOUT);

    private final Random random = new Random(7);
    private Vertx vertx;
    private OrderShop shop;
    private Caller ada;
    private UUID laptop;

    @BeforeEach
    void open(Vertx testVertx) {
        vertx = testVertx;
        shop = new OrderShop(vertx, DATABASE);
        shop.startOrders();
        shop.startOrders();
        ada = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 1_000);
    }

    @Test
    void aCancellationMeetsACheckout() {
        // given charges that are all made when half of the cancellations have come
        Promise<Void> gate = Promise.promise();
        AtomicInteger begun = new AtomicInteger();
        shop.payments().disturbances().hold(Payments.CHARGE, gate.future());

        // when
        List<Future<Orders.Order>> cancellations = Stream.generate(() -> placed().compose(
                                orderId -> later().compose(now -> {
                                    if (begun.incrementAndGet() == ORDERS / 2) {
                                        gate.complete();
                                    }
                                    return shop.beginCancel(ada, orderId);
                                })))
                .limit(ORDERS)
                .toList();
        ServiceFixture.await(Future.join(cancellations).otherwiseEmpty());
        shop.awaitSettled();

        // then
        assertThat(cancellations)
                .allSatisfy(cancellation -> assertThat(cancellation.cause()).isNull());
        assertThat(DATABASE.texts("SELECT DISTINCT status FROM orders")).containsExactly("CANCELLED");
        assertThat(DATABASE.stories()).containsExactlyInAnyOrder("PLACED, CANCELLED", "PLACED, CONFIRMED, CANCELLED");
        assertThat(DATABASE.brokenHistories()).isZero();
        assertThat(orders())
                .allSatisfy(orderId -> assertThat(shop.payments().held(orderId)).isZero());
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(1_000, 0, 0));
    }

    @Test
    void aCancellationMeetsAShipment() {
        // given
        List<Future<UUID>> confirmed =
                Stream.generate(this::placed).limit(ORDERS).toList();
        ServiceFixture.await(Future.all(confirmed));
        shop.awaitSettled();

        // when
        List<Future<Orders.Order>> outcomes = confirmed.stream()
                .map(Future::result)
                .flatMap(orderId -> Stream.of(
                        later().compose(now -> shop.beginCancel(ada, orderId)),
                        later().compose(now -> shop.beginShip(orderId))))
                .toList();
        ServiceFixture.await(Future.join(outcomes).otherwiseEmpty());
        confirmed.forEach(orderId -> cancelUnlessShipped(orderId.result()));
        shop.awaitSettled();

        // then
        assertThat(outcomes.stream().filter(Future::failed).map(Future::cause))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                Fault.class, fault -> assertThat(fault.code()).isIn(LOST_THE_RACE)));
        assertThat(outcomes.stream().filter(Future::succeeded)).hasSizeLessThanOrEqualTo(ORDERS);
        assertThat(DATABASE.stories())
                .containsExactlyInAnyOrder("PLACED, CONFIRMED, SHIPPED", "PLACED, CONFIRMED, CANCELLED");
        assertThat(DATABASE.brokenHistories()).isZero();
        assertThat(orders())
                .allSatisfy(orderId -> assertThat(shop.payments().held(orderId))
                        .isEqualTo(DATABASE.status(orderId).equals("SHIPPED") ? 120_000 : 0));
        long shipped = DATABASE.number("SELECT count(*) FROM orders WHERE status = 'SHIPPED'");
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(1_000 - shipped, 0, shipped));
    }

    /** Whoever was not answered asks again. */
    private void cancelUnlessShipped(UUID orderId) {
        if (!DATABASE.status(orderId).equals("SHIPPED")) {
            shop.cancel(ada, orderId);
        }
    }

    private Future<UUID> placed() {
        return shop.begin(
                        ada, orderAtOnce(UUID.randomUUID().toString(), new Quantity(laptop, 1)), Duration.ofSeconds(10))
                .map(Placement::order)
                .map(Orders.Order::id);
    }

    private Future<?> later() {
        return vertx.timer(1 + random.nextInt(MOST_MILLIS), TimeUnit.MILLISECONDS);
    }

    private List<UUID> orders() {
        return DATABASE.texts("SELECT id FROM orders").stream()
                .map(UUID::fromString)
                .toList();
    }
}
