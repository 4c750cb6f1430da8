package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static dev.souk.order.OrderShop.orderAtOnce;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Place;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(VertxExtension.class)
class OrderPlacingIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private static final Duration SHORT = Duration.ofMillis(1_500);

    private OrderShop shop;
    private Caller ada;
    private UUID laptop;
    private UUID mouse;

    @BeforeEach
    void open(Vertx vertx) {
        shop = OrderShop.open(vertx, DATABASE);
        ada = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 10);
        mouse = shop.products().stock("MOUSE", 1_050, 5);
    }

    @Test
    void anOrderIsConfirmedAndItsStockSold() {
        // given
        Place request = order("key", new Quantity(laptop, 2), new Quantity(mouse, 1));

        // when
        Placement placement = shop.place(ada, request);

        // then
        Orders.Order placed = placement.order();
        assertThat(placement.replayed()).isFalse();
        assertThat(placed.status()).isEqualTo(Status.CONFIRMED);
        assertThat(placed.reason()).isNull();
        assertThat(placed.userId()).isEqualTo(ada.userId());
        assertThat(placed.id().version()).isEqualTo(7);
        assertThat(placed.items())
                .containsExactly(
                        new Line(laptop, "LAPTOP", "The LAPTOP", 2, usd(120_000), usd(240_000)),
                        new Line(mouse, "MOUSE", "The MOUSE", 1, usd(1_050), usd(1_050)));
        assertThat(placed.total()).isEqualTo(usd(241_050));
        assertThat(shop.get(ada, placed.id()).order()).isEqualTo(placed);
        shop.awaitSettled();
        assertThat(shop.deeds(placed.id())).containsExactly("reserve", "charge");
        assertThat(shop.payments().charges(placed.id()))
                .containsExactly(new Payments.Charge(placed.id(), ada.userId(), usd(241_050), "pm_card_visa"));
        assertThat(shop.payments().held(placed.id())).isEqualTo(241_050);
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(8, 0, 2));
        assertThat(shop.products().level(mouse)).isEqualTo(new StockLevel(4, 0, 1));
        assertThat(DATABASE.events(placed.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED");
    }

    @Test
    void anOrderThatThereIsNotEnoughStockForIsKeptAsRejected() {
        // given
        Place request = order("key", new Quantity(laptop, 1), new Quantity(mouse, 6));

        // when
        Placement placement = shop.place(ada, request);

        // then
        Orders.Order placed = placement.order();
        assertThat(placed.status()).isEqualTo(Status.REJECTED);
        assertThat(placed.reason()).isEqualTo(Reason.OUT_OF_STOCK);
        assertThat(shop.get(ada, placed.id()).order()).isEqualTo(placed);
        assertThat(DATABASE.checkouts()).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(10, 0, 0));
        assertThat(DATABASE.events(placed.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_REJECTED");
        assertThat(DATABASE.texts("SELECT data ->> 'reason' FROM order_event WHERE seq = 2"))
                .containsExactly("OUT_OF_STOCK");
    }

    @Test
    void anOrderThatIsNotPaidIsKeptAsRejectedAndItsStockGivenBack() {
        // given
        Place request = order("key", SettledPayments.DECLINED_CARD, new Quantity(laptop, 1));

        // when
        Placement placement = shop.place(ada, request);

        // then
        Orders.Order placed = placement.order();
        assertThat(placed.status()).isEqualTo(Status.REJECTED);
        assertThat(placed.reason()).isEqualTo(Reason.PAYMENT_DECLINED);
        assertThat(shop.get(ada, placed.id()).order()).isEqualTo(placed);
        assertThat(DATABASE.checkouts()).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(10, 0, 0));
        assertThat(shop.deeds(placed.id())).containsExactly("reserve", "charge", "release");
        assertThat(DATABASE.events(placed.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_REJECTED");
        assertThat(shop.place(ada, request)).isEqualTo(new Placement(placement.order(), placement.requestId(), true));
    }

    @Test
    void anOrderThatCannotBeFulfilledIsNotCharged() {
        Placement placement = shop.place(ada, order("key", new Quantity(mouse, 6)));

        shop.awaitSettled();
        assertThat(shop.deeds(placement.order().id())).containsExactly("reserve");
    }

    @Test
    void whoDoesNotWantToWaitIsAnsweredAtOnceAndLaterWithTheEnd() {
        // given
        Promise<Void> gate = Promise.promise();
        shop.payments().disturbances().hold(Payments.CHARGE, gate.future());
        Place request = orderAtOnce("key", new Quantity(laptop, 1));

        // when
        Placement atOnce = shop.place(ada, request);
        Placement again = shop.place(ada, request);
        Future<Placement> patient = shop.begin(ada, order("key", new Quantity(laptop, 1)), Duration.ofSeconds(6));
        gate.complete();

        // then
        assertThat(atOnce.order().status()).isEqualTo(Status.PENDING);
        assertThat(again).isEqualTo(new Placement(atOnce.order(), atOnce.requestId(), true));
        Placement end = ServiceFixture.await(patient);
        assertThat(end.order().status()).isEqualTo(Status.CONFIRMED);
        assertThat(end.order().id()).isEqualTo(atOnce.order().id());
        assertThat(shop.place(ada, request)).isEqualTo(end);
        assertThat(DATABASE.orders()).isEqualTo(1);
    }

    /** Byte for byte: what a client was told stays what it was told. */
    @Test
    void aReplayIsTheFirstAnswerWhateverBecameOfTheOrder() {
        // given
        Place request = order("key", new Quantity(laptop, 1));
        Place other = order("other", new Quantity(laptop, 1));
        Placement first = shop.place(ada, request);
        Placement second = shop.place(ada, other);

        // when
        shop.ship(first.order().id());
        shop.deliver(first.order().id());
        shop.cancel(ada, second.order().id());

        // then
        assertThat(bytes(shop.place(ada, request))).isEqualTo(bytes(first));
        assertThat(bytes(shop.place(ada, other))).isEqualTo(bytes(second));
        assertThat(shop.get(ada, first.order().id()).order().status()).isEqualTo(Status.DELIVERED);
        assertThat(shop.get(ada, second.order().id()).order().status()).isEqualTo(Status.CANCELLED);
    }

    @Test
    void aProductThatIsNotThereLeavesNothingAndBindsNoKey() {
        // given
        Place unknown = order("key", new Quantity(UUID.randomUUID(), 1));

        // when
        Fault.Code refusal = refusal(ada, unknown);

        // then
        assertThat(refusal).isEqualTo(Fault.Code.PRODUCT_NOT_FOUND);
        assertThat(DATABASE.orders()).isZero();
        assertThat(shop.place(ada, order("key", new Quantity(laptop, 1)))
                        .order()
                        .status())
                .isEqualTo(Status.CONFIRMED);
    }

    @Test
    void aUserWhoIsGoneIsNotServed() {
        // given
        shop.users().remove(ada);

        // when
        Fault.Code refusal = refusal(ada, order("key", new Quantity(laptop, 1)));

        // then
        assertThat(refusal).isEqualTo(Fault.Code.UNAUTHENTICATED);
        assertThat(DATABASE.orders()).isZero();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void nobodyOrdersWithoutLoggingIn() {
        Future<Placement> nobody = shop.context()
                .bus()
                .call(Orders.PLACE, order("key", new Quantity(laptop, 1)), CallContext.ofService("request", SHORT));

        assertThat(ServiceFixture.refusal(() -> ServiceFixture.await(nobody))).isEqualTo(Fault.Code.UNAUTHENTICATED);
    }

    @Test
    void anOrderThatBreaksARuleLeavesNothing() {
        Fault.Code refusal = refusal(ada, order("key", new Quantity(laptop, 1), new Quantity(laptop, 1)));

        assertThat(refusal).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(DATABASE.orders()).isZero();
    }

    @Test
    void aServiceThatIsNeededForThePriceAndIsAwayLeavesNothing() {
        // given
        shop.products().leave();

        // when
        Fault.Code refusal = refusal(ada, order("key", new Quantity(laptop, 1)));

        // then
        assertThat(refusal).isEqualTo(Fault.Code.UNAVAILABLE);
        assertThat(DATABASE.orders()).isZero();
    }

    @Test
    void aPriceIsTheServersOfThatMomentAndStays() {
        // given
        shop.products().changePrice(laptop, "LAPTOP", 99_900);
        Placement placement = shop.place(ada, order("key", new Quantity(laptop, 2)));

        // when
        shop.products().changePrice(laptop, "LAPTOP-NEW", 1);

        // then
        Line expected = new Line(laptop, "LAPTOP", "The LAPTOP", 2, usd(99_900), usd(199_800));
        assertThat(placement.order().items()).containsExactly(expected);
        assertThat(shop.get(ada, placement.order().id()).order().items()).containsExactly(expected);
        assertThat(shop.place(ada, order("key", new Quantity(laptop, 2)))
                        .order()
                        .items())
                .containsExactly(expected);
    }

    @Test
    void aReplayIsTheFirstAnswerAgainAndAsksForNoPrices() {
        // given
        Placement first = shop.place(ada, order("key", new Quantity(laptop, 2)));
        shop.products().leave();
        shop.users().leave();

        // when
        Placement replay = shop.place(ada, order("key", new Quantity(laptop, 2)));

        // then
        assertThat(replay).isEqualTo(new Placement(first.order(), first.requestId(), true));
        assertThat(shop.products().disturbances().asked(Products.QUOTE)).isEqualTo(1);
        assertThat(shop.users().disturbances().asked(Users.GET)).isEqualTo(1);
        assertThat(DATABASE.orders()).isEqualTo(1);
    }

    @Test
    void theReplayOfARejectionIsTheSameRejection() {
        // given
        Placement first = shop.place(ada, order("key", new Quantity(mouse, 6)));
        shop.products().stock("MOUSE", 1_050, 100);

        // when
        Placement replay = shop.place(ada, order("key", new Quantity(mouse, 6)));

        // then
        assertThat(replay).isEqualTo(new Placement(first.order(), first.requestId(), true));
    }

    @Test
    void aKeyIsGoodForOneBody() {
        // given
        shop.place(ada, order("key", new Quantity(laptop, 2)));

        // when
        Fault.Code refusal = refusal(ada, order("key", new Quantity(laptop, 1)));

        // then
        assertThat(refusal).isEqualTo(Fault.Code.IDEMPOTENCY_KEY_REUSED);
        assertThat(DATABASE.orders()).isEqualTo(1);
    }

    @Test
    void twoUsersMayUseTheSameKey() {
        // given
        Caller grace = shop.users().register();
        Place request = order("key", new Quantity(laptop, 1));

        // when
        Placement adas = shop.place(ada, request);
        Placement graces = shop.place(grace, request);

        // then
        assertThat(graces.replayed()).isFalse();
        assertThat(graces.order().id()).isNotEqualTo(adas.order().id());
    }

    @Test
    void twoHundredAtOnceWithOneKeyAreOneOrder() {
        // given
        Place request = order("key", new Quantity(laptop, 2));

        // when
        List<Future<Placement>> answers = Stream.generate(() -> shop.begin(ada, request, Duration.ofSeconds(5)))
                .limit(200)
                .toList();
        ServiceFixture.await(Future.join(answers).otherwiseEmpty());

        // then
        List<Placement> placed =
                answers.stream().filter(Future::succeeded).map(Future::result).toList();
        assertThat(placed)
                .isNotEmpty()
                .filteredOn(placement -> !placement.replayed())
                .hasSize(1);
        assertThat(placed)
                .extracting(Placement::order)
                .containsOnly(placed.getFirst().order());
        assertThat(placed)
                .extracting(Placement::requestId)
                .containsOnly(placed.getFirst().requestId());
        assertThat(answers.stream().filter(Future::failed).map(Future::cause))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                Fault.class,
                                fault -> assertThat(fault.code()).isEqualTo(Fault.Code.REQUEST_IN_PROGRESS)));
        assertThat(DATABASE.orders()).isEqualTo(1);
        shop.awaitSettled();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(8, 0, 2));
    }

    @Test
    void twoHundredOrdersForTenLaptopsSellTen() {
        // given
        List<Place> requests = IntStream.range(0, 200)
                .mapToObj(number -> order("key-" + number, new Quantity(laptop, 1)))
                .toList();

        // when
        List<Placement> ends = shop.placeToTheEnd(ada, requests);

        // then
        assertThat(ends)
                .filteredOn(end -> end.order().status() == Status.CONFIRMED)
                .hasSize(10);
        assertThat(ends)
                .filteredOn(end -> end.order().status() == Status.REJECTED)
                .hasSize(190);
        shop.awaitSettled();
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(0, 0, 10));
        assertThat(DATABASE.number("SELECT count(*) FROM orders WHERE last_seq <> 2"))
                .isZero();
    }

    @Test
    void aRepeatWhileTheFirstIsBeingAnsweredIsToldSo() {
        // given
        Promise<Void> gate = Promise.promise();
        shop.products().disturbances().hold(Products.RESERVE, gate.future());
        Place request = order("key", new Quantity(laptop, 1));
        Future<Placement> first = shop.begin(ada, request, Duration.ofSeconds(5));
        Await.until("stock is asked for", () -> shop.products().disturbances().asked(Products.RESERVE) == 1);

        // when
        Fault.Code second = ServiceFixture.refusal(() -> shop.place(ada, request, Duration.ofSeconds(5)));
        gate.complete();

        // then
        assertThat(second).isEqualTo(Fault.Code.REQUEST_IN_PROGRESS);
        assertThat(ServiceFixture.await(first).order().status()).isEqualTo(Status.CONFIRMED);
    }

    @Test
    void aRepeatAfterAProvisionalAnswerWaitsForTheEnd() {
        // given
        shop.products().leaveAfterQuote();
        Place request = order("key", new Quantity(laptop, 1));
        Placement provisional = shop.place(ada, request, SHORT);

        // when
        Future<Placement> repeat = shop.begin(ada, request, Duration.ofSeconds(6));
        shop.products().comeBack();
        Placement end = ServiceFixture.await(repeat);

        // then
        assertThat(provisional.order().status()).isEqualTo(Status.PENDING);
        assertThat(end.order().status()).isEqualTo(Status.CONFIRMED);
        assertThat(end.order().id()).isEqualTo(provisional.order().id());
        assertThat(end.requestId()).isEqualTo(provisional.requestId());
        assertThat(end.replayed()).isTrue();
    }

    @Test
    void anOrderWhoseProductServiceGoesAwayIsAnsweredInTimeAndEndsByItself() {
        // given
        shop.products().leaveAfterQuote();

        // when
        Placement answer = shop.place(ada, order("key", new Quantity(laptop, 1)), SHORT);

        // then
        assertThat(answer.order().status()).isEqualTo(Status.PENDING);
        assertThat(shop.get(ada, answer.order().id()).order()).isEqualTo(answer.order());
        shop.products().comeBack();
        shop.awaitSettled();
        assertThat(shop.get(ada, answer.order().id()).order().status()).isEqualTo(Status.CONFIRMED);
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(9, 0, 1));
    }

    /** The operation itself waits for six seconds at most, however patient its caller is. */
    @Test
    void aPatientCallerIsAnsweredBeforeTheOperationsOwnTimeIsOver() {
        shop.products().leaveAfterQuote();

        Placement answer = shop.place(ada, order("key", new Quantity(laptop, 1)), Duration.ofSeconds(15));

        assertThat(answer.order().status()).isEqualTo(Status.PENDING);
    }

    private Fault.Code refusal(Caller caller, Place request) {
        return ServiceFixture.refusal(() -> shop.place(caller, request));
    }

    private static Buffer bytes(Placement placement) {
        return WireFormat.encode(placement.order());
    }

    private static Money usd(long amount) {
        return new Money(amount, "USD");
    }
}
