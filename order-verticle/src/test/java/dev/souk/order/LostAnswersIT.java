package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Place;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections break again and again, before commits and after them: what was asked for may have happened. */
@ExtendWith(VertxExtension.class)
class LostAnswersIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private static final int ORDERS = 300;
    private static final int MOST_MILLIS = 2_000;
    private static final int EVERY_MILLIS = 400;
    private static final Set<Fault.Code> NOT_KNOWN =
            EnumSet.of(Fault.Code.UNAVAILABLE, Fault.Code.TIMEOUT, Fault.Code.OVERLOADED);
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private final Random random = new Random(13);
    private Vertx vertx;
    private ForgetfulLink link;
    private OrderShop shop;
    private Caller ada;
    private UUID laptop;

    @BeforeEach
    void open(Vertx testVertx) {
        vertx = testVertx;
        link = new ForgetfulLink(vertx, DATABASE.port());
        shop = new OrderShop(vertx, DATABASE, "2s", DATABASE.url(link.port()));
        shop.startOrders();
        shop.startOrders();
        ada = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 1_000);
    }

    @Test
    void everyOrderEndsAndNoneIsDoubled() {
        // given
        List<Place> requests = IntStream.range(0, ORDERS)
                .mapToObj(number -> order("key-" + number, new Quantity(laptop, 1)))
                .toList();

        // when
        link.goesBad();
        List<Future<Placement>> answers = requests.stream()
                .map(request -> later().compose(now -> shop.begin(ada, request, PATIENCE)))
                .toList();
        endBackendsUntil(answers);
        link.isMended();
        List<Placement> again = requests.stream().map(this::placeAgain).toList();
        shop.awaitSettled();

        // then
        assertThat(DATABASE.orders()).isEqualTo(ORDERS);
        assertThat(DATABASE.texts("SELECT DISTINCT status FROM orders")).containsExactly("CONFIRMED");
        assertThat(DATABASE.stories()).containsExactly("PLACED, CONFIRMED");
        assertThat(DATABASE.brokenHistories()).isZero();
        assertThat(again)
                .allSatisfy(placement ->
                        assertThat(shop.payments().held(placement.order().id())).isEqualTo(120_000));
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(1_000 - ORDERS, 0, ORDERS));
        assertThat(IntStream.range(0, ORDERS))
                .filteredOn(number -> answers.get(number).succeeded())
                .allSatisfy(number -> assertThat(
                                answers.get(number).result().order().id())
                        .isEqualTo(again.get(number).order().id()));
        assertThat(answers.stream().filter(Future::failed).map(Future::cause))
                .allSatisfy(failure -> assertThat(failure)
                        .isInstanceOfSatisfying(
                                Fault.class, fault -> assertThat(fault.code()).isIn(NOT_KNOWN)));
    }

    @Test
    void everyOrderThatIsGivenBackIsGivenBackOnce() {
        // given
        List<Place> requests = IntStream.range(0, ORDERS / 3)
                .mapToObj(number -> order("key-" + number, new Quantity(laptop, 1)))
                .toList();
        List<UUID> confirmed = shop.placeToTheEnd(ada, requests).stream()
                .map(placement -> placement.order().id())
                .toList();

        // when
        link.goesBad();
        List<Future<Orders.Order>> answers = confirmed.stream()
                .map(orderId -> later().compose(now -> shop.beginCancel(ada, orderId)))
                .toList();
        endBackendsUntil(answers);
        link.isMended();
        confirmed.forEach(this::cancelAgain);
        shop.awaitSettled();

        // then
        assertThat(DATABASE.stories()).containsExactly("PLACED, CONFIRMED, CANCELLED");
        assertThat(DATABASE.brokenHistories()).isZero();
        assertThat(confirmed)
                .allSatisfy(orderId -> assertThat(shop.payments().held(orderId)).isZero());
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(1_000, 0, 0));
    }

    /** Until nobody believes any more that the first request is being answered. */
    private Placement placeAgain(Place request) {
        AtomicReference<Placement> answer = new AtomicReference<>();
        Await.until("it is answered", () -> {
            answer.set(shop.place(ada, request));
            return true;
        });
        return answer.get();
    }

    private void cancelAgain(UUID orderId) {
        Await.until("it is cancelled", () -> shop.cancel(ada, orderId).status() == Orders.Status.CANCELLED);
    }

    private Future<?> later() {
        return vertx.timer(1 + random.nextInt(MOST_MILLIS), TimeUnit.MILLISECONDS);
    }

    /**
     * Ends all backends of the service, now and then, until there are answers of whatever kind. Something is committed
     * before each end: on a slow machine backends that end by the clock would never get to commit anything.
     */
    private void endBackendsUntil(List<? extends Future<?>> answers) {
        AtomicBoolean isDue = new AtomicBoolean();
        AtomicInteger seen = new AtomicInteger();
        long timer = vertx.setPeriodic(EVERY_MILLIS, id -> isDue.set(true));
        Await.until("all are answered", Duration.ofSeconds(30), () -> {
            if (isDue.get() && link.commits() > seen.get()) {
                seen.set(link.commits());
                isDue.set(false);
                DATABASE.texts("""
                        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                        WHERE application_name = 'souk-order' AND pid <> pg_backend_pid()
                        """);
            }
            return answers.stream().allMatch(Future::isComplete);
        });
        vertx.cancelTimer(timer);
        Await.until("a commit's answer was lost", () -> link.lostCommits() > 0);
    }
}
