package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static dev.souk.order.OrderShop.orderAtOnce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What can be done with an order that was placed, one at a time. */
@ExtendWith(VertxExtension.class)
class OrderLifeIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private OrderShop shop;
    private Caller ada;
    private UUID laptop;

    @BeforeEach
    void open(Vertx vertx) {
        shop = OrderShop.open(vertx, DATABASE);
        ada = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 10);
    }

    @Test
    void aConfirmedOrderIsRefundedAndThenReleased() {
        // given
        Orders.Order placed = place();
        shop.awaitSettled();

        // when
        Orders.Order cancelled = shop.cancel(ada, placed.id());

        // then
        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        assertThat(cancelled.reason()).isNull();
        assertThat(cancelled.updatedAt()).isAfter(placed.updatedAt());
        assertThat(shop.get(ada, placed.id()).order()).isEqualTo(cancelled);
        assertThat(shop.deeds(placed.id())).containsExactly("reserve", "charge", "refund", "release");
        assertThat(shop.payments().held(placed.id())).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(10, 0, 0));
        assertThat(DATABASE.checkouts()).isZero();
        assertThat(DATABASE.events(placed.id()))
                .containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED", "3 ORDER_CANCELLED");
    }

    @Test
    void whoCancelsTwiceIsAnsweredTheSame() {
        // given
        Orders.Order placed = place();
        Orders.Order first = shop.cancel(ada, placed.id());

        // when
        Orders.Order second = shop.cancel(ServiceFixture.admin(), placed.id());

        // then
        assertThat(second).isEqualTo(first);
        assertThat(shop.deeds(placed.id())).containsExactly("reserve", "charge", "refund", "release");
    }

    @Test
    void manyWhoCancelAtOnceAreAnsweredTheSame() {
        // given
        Orders.Order placed = place();

        // when
        List<Future<Orders.Order>> answers = Stream.generate(() -> shop.beginCancel(ada, placed.id()))
                .limit(50)
                .toList();
        ServiceFixture.await(Future.all(answers));

        // then
        assertThat(answers)
                .extracting(Future::result)
                .containsOnly(shop.get(ada, placed.id()).order());
        assertThat(shop.deeds(placed.id())).containsExactly("reserve", "charge", "refund", "release");
        assertThat(DATABASE.events(placed.id())).hasSize(3);
    }

    @Test
    void anOrderThatWaitsForItsStockIsReleasedBeforeItIsReserved() {
        // given
        InFlight reserving = new InFlight(shop.products().disturbances(), Products.RESERVE);

        // when
        Orders.Order cancelled = shop.cancel(ada, reserving.orderId);
        reserving.goesOn();

        // then
        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        Await.until(
                "the late reservation was refused",
                () -> shop.deeds(reserving.orderId).equals(List.of("release", "reserve")));
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(10, 0, 0));
        assertCancelledBeforeItWasConfirmed(reserving.orderId);
        assertThat(shop.payments().charges(reserving.orderId)).isEmpty();
    }

    @Test
    void anOrderThatIsBeingChargedIsRefundedBeforeTheChargeArrives() {
        // given
        InFlight charging = new InFlight(shop.payments().disturbances(), Payments.CHARGE);

        // when
        Orders.Order cancelled = shop.cancel(ada, charging.orderId);
        charging.goesOn();

        // then
        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        Await.until(
                "the late charge was refused",
                () -> shop.deeds(charging.orderId).equals(List.of("reserve", "refund", "release", "charge")));
        assertThat(shop.payments().held(charging.orderId)).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(10, 0, 0));
        assertCancelledBeforeItWasConfirmed(charging.orderId);
    }

    /** The money was taken, the answer is on its way: whoever waited for it finds that the order is not theirs any more. */
    @Test
    void anOrderWhoseChargeIsNotAnsweredYetIsRefunded() {
        // given
        shop.payments().disturbances().doubt(Payments.CHARGE);
        UUID orderId = shop.place(ada, orderAtOnce("key", new Quantity(laptop, 2)))
                .order()
                .id();
        Await.until("the money was taken", () -> shop.payments().held(orderId) > 0);

        // when
        Orders.Order cancelled = shop.cancel(ada, orderId);

        // then
        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        // Whoever misses the answer to the charge may ask again while the refund is under way.
        assertThat(shop.deeds(orderId))
                .containsSubsequence("charge", "refund", "release")
                .endsWith("release");
        assertThat(shop.payments().held(orderId)).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(10, 0, 0));
        assertCancelledBeforeItWasConfirmed(orderId);
    }

    @Test
    void aRefundThatCannotBeDoneYetIsDoneLaterAndOnlyThenTheStockIsReleased() {
        // given
        Orders.Order placed = place();
        shop.awaitSettled();
        shop.payments().disturbances().refuse(Payments.REFUND);

        // when
        Future<Orders.Order> cancelling = shop.beginCancel(ada, placed.id());
        Await.until(
                "a refund was asked for twice",
                () -> shop.payments().disturbances().asked(Payments.REFUND) > 1);
        StockLevel meanwhile = shop.products().level(laptop);
        shop.payments().disturbances().mend(Payments.REFUND);
        Orders.Order cancelled = ServiceFixture.await(cancelling);

        // then
        assertThat(meanwhile).isEqualTo(new StockLevel(8, 0, 2));
        assertThat(cancelled.status()).isEqualTo(Status.CANCELLED);
        assertThat(shop.deeds(placed.id())).containsExactly("reserve", "charge", "refund", "release");
    }

    @Test
    void whoWaitsTooLongForTheirRefundIsToldToAskAgain() {
        // given
        Orders.Order placed = place();
        shop.payments().disturbances().refuse(Payments.REFUND);

        // when
        Fault.Code refusal = refusal(() -> shop.cancel(ada, placed.id()));

        // then
        assertThat(refusal).isEqualTo(Fault.Code.TIMEOUT);
        shop.payments().disturbances().mend(Payments.REFUND);
        assertThat(shop.cancel(ada, placed.id()).status()).isEqualTo(Status.CANCELLED);
        assertThat(shop.payments().held(placed.id())).isZero();
    }

    @Test
    void aRejectedOrderCannotBeCancelled() {
        UUID rejected =
                shop.place(ada, order("key", new Quantity(laptop, 11))).order().id();

        assertThat(refusal(() -> shop.cancel(ada, rejected))).isEqualTo(Fault.Code.ORDER_NOT_CANCELLABLE);
        assertThat(DATABASE.events(rejected)).hasSize(2);
    }

    /** It has turned back already, for another reason, and keeps to that. */
    @Test
    void anOrderThatIsBeingRejectedCannotBeCancelled() {
        // given
        Promise<Void> gate = Promise.promise();
        shop.products().disturbances().hold(Products.RELEASE, gate.future());
        Future<?> placing = shop.begin(
                ada, order("key", SettledPayments.DECLINED_CARD, new Quantity(laptop, 1)), Duration.ofSeconds(6));
        Await.until("it turns back", () -> shop.products().disturbances().asked(Products.RELEASE) == 1);
        UUID orderId = onlyOrder();

        // when
        Future<Orders.Order> cancelling = shop.beginCancel(ada, orderId);
        gate.complete();

        // then
        assertThat(refusal(() -> ServiceFixture.await(cancelling))).isEqualTo(Fault.Code.ORDER_NOT_CANCELLABLE);
        ServiceFixture.await(placing);
        assertThat(DATABASE.events(orderId)).containsExactly("1 ORDER_PLACED", "2 ORDER_REJECTED");
        assertThat(shop.deeds(orderId)).containsExactly("reserve", "charge", "release");
    }

    @Test
    void aConfirmedOrderIsShippedAndDelivered() {
        // given
        Orders.Order placed = place();

        // when
        Orders.Order shipped = shop.ship(placed.id());
        Orders.Order delivered = shop.deliver(placed.id());

        // then
        assertThat(shipped.status()).isEqualTo(Status.SHIPPED);
        assertThat(delivered.status()).isEqualTo(Status.DELIVERED);
        assertThat(shop.get(ada, placed.id()).order()).isEqualTo(delivered);
        assertThat(DATABASE.events(placed.id()))
                .containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED", "3 ORDER_SHIPPED", "4 ORDER_DELIVERED");
    }

    @Test
    void anOrderThatLeftTheHouseCannotBeCancelled() {
        // given
        Orders.Order placed = place();
        shop.ship(placed.id());

        // when
        Fault.Code shipped = refusal(() -> shop.cancel(ada, placed.id()));
        shop.deliver(placed.id());
        Fault.Code delivered = refusal(() -> shop.cancel(ada, placed.id()));

        // then
        assertThat(List.of(shipped, delivered)).containsOnly(Fault.Code.ORDER_NOT_CANCELLABLE);
        assertThat(shop.payments().held(placed.id())).isEqualTo(240_000);
        assertThat(shop.deeds(placed.id())).containsExactly("reserve", "charge");
    }

    @Test
    void anOrderDoesNotSkipAnythingOnItsWay() {
        // given
        Orders.Order confirmed = place();
        Orders.Order cancelled = place();
        shop.cancel(ada, cancelled.id());
        Orders.Order shipped = place();
        shop.ship(shipped.id());

        // then
        assertThat(List.<Runnable>of(
                        () -> shop.deliver(confirmed.id()),
                        () -> shop.ship(cancelled.id()),
                        () -> shop.deliver(cancelled.id()),
                        () -> shop.ship(shipped.id())))
                .extracting(OrderLifeIT::refusal)
                .containsOnly(Fault.Code.ILLEGAL_TRANSITION);
        assertThat(DATABASE.events(confirmed.id())).hasSize(2);
        assertThat(DATABASE.events(cancelled.id())).hasSize(3);
        assertThat(DATABASE.events(shipped.id())).hasSize(3);
    }

    @Test
    void nobodyElseCanChangeAnOrder() {
        // given
        Orders.Order placed = place();
        Caller grace = shop.users().register();

        // then
        assertThat(refusal(() -> shop.cancel(grace, placed.id()))).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.cancel(ada, UUID.randomUUID()))).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.ship(UUID.randomUUID()))).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.as(ada, Orders.SHIP, new Orders.Ship(placed.id()))))
                .isEqualTo(Fault.Code.FORBIDDEN);
        assertThat(refusal(() -> shop.as(ada, Orders.DELIVER, new Orders.Deliver(placed.id()))))
                .isEqualTo(Fault.Code.FORBIDDEN);
        assertThat(shop.get(ada, placed.id()).order()).isEqualTo(placed);
    }

    /** An order whose checkout stands before an effect that has been asked for and not been had yet. */
    private final class InFlight {
        private final Disturbances disturbances;
        private final Operation<?, ?> operation;
        private final Promise<Void> gate = Promise.promise();
        private final UUID orderId;

        InFlight(Disturbances disturbances, Operation<?, ?> operation) {
            this.disturbances = disturbances;
            this.operation = operation;
            disturbances.hold(operation, gate.future());
            orderId = shop.place(ada, orderAtOnce("key", new Quantity(laptop, 2)))
                    .order()
                    .id();
            Await.until("it is asked for", () -> disturbances.asked(operation) == 1);
        }

        void goesOn() {
            disturbances.mend(operation);
            gate.complete();
        }
    }

    private void assertCancelledBeforeItWasConfirmed(UUID orderId) {
        shop.awaitSettled();
        assertThat(DATABASE.status(orderId)).isEqualTo("CANCELLED");
        assertThat(DATABASE.events(orderId)).containsExactly("1 ORDER_PLACED", "2 ORDER_CANCELLED");
        assertThat(shop.place(ada, order("key", new Quantity(laptop, 2))).order())
                .isEqualTo(shop.get(ada, orderId).order());
    }

    private UUID onlyOrder() {
        return UUID.fromString(DATABASE.texts("SELECT id FROM orders").getFirst());
    }

    private Orders.Order place() {
        return shop.place(ada, order(UUID.randomUUID().toString(), new Quantity(laptop, 2)))
                .order();
    }

    private static Fault.Code refusal(Runnable call) {
        return ServiceFixture.refusal(call);
    }
}
