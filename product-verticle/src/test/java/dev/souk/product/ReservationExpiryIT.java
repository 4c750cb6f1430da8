package dev.souk.product;

import static dev.souk.contracts.Fault.Code.UNAVAILABLE;
import static dev.souk.kit.bus.OperationHandler.on;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.GetStandings;
import dev.souk.contracts.Orders.Standings;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Reservation.Closed;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What becomes of stock that is held too long, by what the order service says, or does not say, about its order. */
@ExtendWith({VertxExtension.class, TestDatabase.Provider.class})
class ReservationExpiryIT {
    private static TestDatabase database;
    private static Shop shop;

    private final List<Set<UUID>> asked = new CopyOnWriteArrayList<>();
    private Function<Set<UUID>, Future<Standings>> orders = ids -> standings(Map.of());
    private String orderService;

    @BeforeAll
    static void open(Vertx vertx, TestDatabase given) {
        database = given;
        Map<String, String> variables = new HashMap<>(given.variables());
        variables.put("SOUK_RESERVATION_SWEEP", "50ms");
        shop = new Shop(ServiceFixture.deploy(vertx, variables, ProductVerticle.DEFINITION), given);
    }

    @BeforeEach
    void openOrderService() {
        database.run("TRUNCATE product, reservation, inbox CASCADE");
        orderService = shop.stub("order", on(Orders.STANDINGS, this::answer));
    }

    @AfterEach
    void close() {
        if (orderService != null) {
            shop.remove(orderService);
        }
        shop.everyPieceIsAccountedFor();
    }

    @ParameterizedTest
    @EnumSource(names = {"REJECTED", "CANCELLED"})
    void whatIsHeldForAnOrderThatEndedIsGivenBack(Status status) {
        UUID lamp = shop.product(10);
        UUID order = held(lamp);
        orders = ids -> standings(Map.of(order, status));

        expire(order);

        awaitState(order, "RELEASED");
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void whatIsHeldForAnOrderNobodyHeardOfIsGivenBackAndStaysRefused() {
        UUID lamp = shop.product(10);
        UUID order = held(lamp);

        expire(order);

        awaitState(order, "RELEASED");
        assertThat(shop.reserve(order, new Quantity(lamp, 3))).isEqualTo(new Closed());
        assertThat(shop.confirm(order)).isEmpty();
        assertThat(shop.release(order)).isEqualTo(Done.DONE);
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @ParameterizedTest
    @EnumSource(names = {"PENDING", "CONFIRMED", "SHIPPED", "DELIVERED"})
    void whatIsHeldForAnOrderThatStandsStaysHeldAndIsNotAskedForAtOnce(Status status) {
        UUID lamp = shop.product(10);
        UUID order = held(lamp);
        orders = ids -> standings(Map.of(order, status));
        expire(order);
        Await.until("it is asked for later", () -> database.number("""
                SELECT count(*) FROM reservation WHERE state = 'HELD' AND expires_at > now() + interval '9 minutes'
                """) == 1);

        // Another one's end shows that the next sweep is over.
        UUID later = held(lamp);
        expire(later);

        awaitState(later, "RELEASED");
        assertThat(asked).containsExactly(Set.of(order), Set.of(later));
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(7, 3, 0));
    }

    @Test
    void isAskedForAgainWhenItsNextTimeIsOver() {
        UUID lamp = shop.product(10);
        UUID order = held(lamp);
        orders = ids -> standings(Map.of(order, asked.size() == 1 ? Status.PENDING : Status.REJECTED));
        expire(order);
        Await.until("it was asked for", () -> isHeldForLater(order));

        expire(order);

        awaitState(order, "RELEASED");
        assertThat(asked).containsExactly(Set.of(order), Set.of(order));
    }

    @Test
    void nobodyIsAskedForWhatIsHeldInTimeOrSettled() {
        UUID lamp = shop.product(10);
        UUID young = held(lamp);
        UUID sold = held(lamp);
        shop.confirm(sold);
        database.run("UPDATE reservation SET expires_at = now() - interval '1 hour' WHERE order_id = '" + sold + "'");

        UUID old = held(lamp);
        expire(old);

        awaitState(old, "RELEASED");
        assertThat(asked).containsExactly(Set.of(old));
        assertThat(List.of(shop.state(young), shop.state(sold))).containsExactly("HELD", "COMMITTED");
    }

    @Test
    void everythingStaysHeldWhileTheOrderServiceRefusesToSay() {
        UUID lamp = shop.product(10);
        UUID order = held(lamp);
        orders = ids -> Future.failedFuture(Fault.of(UNAVAILABLE, "not now"));
        expire(order);

        Await.until("it was asked for a few times", () -> asked.size() >= 3);

        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(7, 3, 0));
        orders = ids -> standings(Map.of());
        awaitState(order, "RELEASED");
    }

    @Test
    void everythingStaysHeldWhileThereIsNoOrderService() {
        UUID lamp = shop.product(10);
        UUID order = held(lamp);
        shop.remove(orderService);
        orderService = null;
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger sweeps = (Logger) LoggerFactory.getLogger(ReservationExpiry.class);
        sweeps.addAppender(log);
        sweeps.setLevel(Level.INFO);
        sweeps.setAdditive(false);
        expire(order);

        Await.until("a few sweeps were in vain", () -> log.list.size() >= 3);

        sweeps.setAdditive(true);
        sweeps.setLevel(null);
        sweeps.detachAppender(log);
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(7, 3, 0));
        orderService = shop.stub("order", on(Orders.STANDINGS, this::answer));
        awaitState(order, "RELEASED");
    }

    @Test
    void whatIsSoldWhileTheOrderServiceIsAskedStaysSold() {
        UUID lamp = shop.product(10);
        UUID order = held(lamp);
        // Enough is reserved that the table's own CHECK would let a second move pass.
        held(lamp);
        Promise<Standings> answer = Promise.promise();
        orders = ids -> ids.contains(order) ? answer.future() : standings(Map.of());
        expire(order);
        Await.until("it is asked for", () -> !asked.isEmpty());

        shop.confirm(order);
        // An answer that only an order service with a fault of its own could give.
        answer.complete(new Standings(Map.of()));

        UUID later = held(lamp);
        expire(later);
        awaitState(later, "RELEASED");
        assertThat(shop.state(order)).isEqualTo("COMMITTED");
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(4, 3, 3));
    }

    @Test
    void goesThroughMoreThanOneBatchInOneSweep() {
        shop.product(1);
        database.run("""
                INSERT INTO reservation (order_id, state, created_at, updated_at, expires_at)
                SELECT gen_random_uuid(), 'HELD', now(), now(), now() - interval '1 s' FROM generate_series(1, 1200)
                """);

        Await.until(
                "all are released",
                () -> database.number("SELECT count(*) FROM reservation WHERE state = 'RELEASED'") == 1_200);

        assertThat(asked).extracting(Set::size).allMatch(size -> size <= 500);
        assertThat(asked).flatExtracting(ids -> ids).doesNotHaveDuplicates().hasSize(1_200);
    }

    private static UUID held(UUID lamp) {
        UUID order = UUID.randomUUID();
        shop.reserve(order, new Quantity(lamp, 3));
        return order;
    }

    private static void expire(UUID order) {
        database.run("UPDATE reservation SET expires_at = now() - interval '1 s' WHERE order_id = '" + order + "'");
    }

    private static boolean isHeldForLater(UUID order) {
        return database.number("""
                SELECT count(*) FROM reservation WHERE order_id = '%s' AND state = 'HELD' AND expires_at > now()
                """.formatted(order)) == 1;
    }

    private static void awaitState(UUID order, String state) {
        Await.until(order + " is " + state, () -> shop.state(order).equals(state));
    }

    private Future<Standings> answer(GetStandings request, CallContext context) {
        asked.add(request.orderIds());
        return orders.apply(request.orderIds());
    }

    private static Future<Standings> standings(Map<UUID, Status> known) {
        return Future.succeededFuture(new Standings(known));
    }
}
