package dev.souk.product;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Done;
import dev.souk.contracts.Event;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Release;
import dev.souk.contracts.Products.Reservation.OutOfStock;
import dev.souk.contracts.Products.Reservation.Reserved;
import dev.souk.contracts.Products.Reserve;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two instances of the service on one database, on a line that breaks: what orders' events do, and that they do it once. */
@ExtendWith({VertxExtension.class, TestDatabase.Provider.class})
class OrderEventsIT {
    private static final int ATTEMPTS = 20;

    private static TestDatabase database;
    private static LostAnswers line;
    private static Shop shop;

    @BeforeAll
    static void open(Vertx vertx, TestDatabase given) {
        database = given;
        line = new LostAnswers(vertx, given.variables().get("SOUK_PRODUCT_DATABASE_URL"));
        Map<String, String> variables = Map.of("SOUK_PRODUCT_DATABASE_URL", line.url());
        shop = new Shop(
                ServiceFixture.deploy(vertx, variables, ProductVerticle.DEFINITION, ProductVerticle.DEFINITION), given);
    }

    @BeforeEach
    void empty() {
        database.run("TRUNCATE product, reservation, inbox, event_delivery CASCADE");
    }

    @AfterEach
    void everyPieceIsAccountedFor() {
        shop.everyPieceIsAccountedFor();
    }

    @Test
    void sellsWhatConfirmedOrdersHold() {
        UUID lamp = shop.product(10);
        List<UUID> orders = List.of(reserved(lamp), reserved(lamp), reserved(lamp));

        assertThat(shop.confirm(orders.get(0), orders.get(1))).isEmpty();

        assertThat(orders).extracting(shop::state).containsExactly("COMMITTED", "COMMITTED", "HELD");
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(7, 1, 2));
        assertThat(database.number("SELECT count(*) FROM inbox WHERE source = 'order'"))
                .isEqualTo(2);
    }

    @Test
    void anOrderThatNeverAskedForStockIsRefusedAloneAndMayComeAgain() {
        UUID lamp = shop.product(10);
        UUID before = reserved(lamp);
        UUID unheardOf = UUID.randomUUID();
        UUID after = reserved(lamp);

        List<Event.Refused> refused = shop.confirm(before, unheardOf, after);

        assertThat(refused).singleElement().satisfies(one -> {
            assertThat(one.eventId())
                    .isEqualTo(Shop.confirmed(unheardOf).events().getFirst().id());
            assertThat(one.why()).contains(unheardOf.toString());
        });
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(8, 0, 2));
        assertThat(shop.confirm(unheardOf)).hasSize(1);
        assertThat(database.number("SELECT count(*) FROM inbox")).isEqualTo(2);
    }

    @Test
    void anOrderThatWasRefusedItsStockCannotBeConfirmed() {
        UUID lamp = shop.product(0);
        UUID order = UUID.randomUUID();
        assertThat(shop.reserve(order, new Quantity(lamp, 1))).isEqualTo(new OutOfStock(List.of(lamp)));

        assertThat(shop.confirm(order)).hasSize(1);

        assertThat(shop.state(order)).isEqualTo("REFUSED");
    }

    @Test
    void otherEventsHaveNoEffectAndAreNotRefused() {
        UUID lamp = shop.product(10);
        UUID order = reserved(lamp);
        OrderEvent.Rejected rejected = new OrderEvent.Rejected(UUID.randomUUID(), Reason.PAYMENT_DECLINED);
        Event event = new Event(
                UUID.randomUUID(),
                order,
                2,
                EventFormat.type(OrderEvent.Rejected.class),
                Instant.EPOCH,
                EventFormat.data(rejected));
        Event unknown = new Event(UUID.randomUUID(), UUID.randomUUID(), 1, "ORDER_PAINTED", Instant.EPOCH, Map.of());

        Event.Applied applied = shop.services().call(Shop.EVENTS, new Event.Batch("order", List.of(event, unknown)));

        assertThat(applied.refused()).isEmpty();
        assertThat(shop.state(order)).isEqualTo("HELD");
        assertThat(database.number("SELECT count(*) FROM inbox")).isEqualTo(2);
    }

    @Test
    void eachStepIsTakenOnceWhenTheAnswerToItsCommitIsLost() {
        UUID lamp = shop.product(10);
        UUID sold = UUID.randomUUID();
        UUID hopeless = UUID.randomUUID();
        int before = line.lost();

        line.lose(1);
        assertThat(shop.reserve(sold, new Quantity(lamp, 3))).isEqualTo(new Reserved());
        line.lose(1);
        assertThat(shop.reserve(hopeless, new Quantity(lamp, 8))).isEqualTo(new OutOfStock(List.of(lamp)));
        line.lose(2);
        assertThat(shop.confirm(sold)).isEmpty();
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(7, 0, 3));
        line.lose(1);
        assertThat(shop.release(sold)).isEqualTo(Done.DONE);

        assertThat(line.lost() - before).isEqualTo(5);
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
        assertThat(List.of(shop.state(sold), shop.state(hopeless))).containsExactly("RELEASED", "REFUSED");
        assertThat(database.number("SELECT count(*) FROM inbox")).isEqualTo(1);
    }

    @Test
    void eachStepIsTakenOnceWhileConnectionsAreKilled() {
        Random random = new Random(7);
        UUID lamp = shop.product(1_000);
        List<UUID> orders =
                IntStream.range(0, 120).mapToObj(number -> UUID.randomUUID()).toList();
        AtomicLong killed = new AtomicLong();

        List<Future<?>> ways = new ArrayList<>();
        for (UUID order : orders) {
            boolean released = random.nextInt(4) == 0;
            Future<?> way = ask(Products.RESERVE, new Reserve(order, List.of(new Quantity(lamp, 2))), ATTEMPTS)
                    .compose(held -> ask(Shop.EVENTS, Shop.confirmed(order), ATTEMPTS))
                    .compose(sold -> ask(Shop.EVENTS, Shop.confirmed(order), ATTEMPTS))
                    .compose(sold -> released ? ask(Products.RELEASE, new Release(order), ATTEMPTS) : done());
            ways.add(way);
        }
        Future<?> all = Future.all(ways);
        Await.until("all orders are through", Duration.ofSeconds(30), () -> {
            if (killed.get() < 40) {
                killed.addAndGet(killBusyConnections());
            }
            return all.isComplete();
        });

        await(all);
        long kept = database.number("SELECT count(*) FROM reservation WHERE state = 'COMMITTED'");
        assertThat(killed.get()).isPositive();
        assertThat(database.number("SELECT count(*) FROM inbox")).isEqualTo(orders.size());
        assertThat(database.number("SELECT count(*) FROM reservation WHERE state = 'RELEASED'"))
                .isEqualTo(orders.size() - kept);
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(1_000 - 2 * kept, 0, 2 * kept));
    }

    @Test
    void batchesThatOverlapOnTwoInstancesTakeEffectOnce() {
        UUID lamp = shop.product(1_000);
        List<UUID> orders =
                IntStream.range(0, 60).mapToObj(number -> reserved(lamp)).toList();
        Random random = new Random(11);
        List<Future<Event.Applied>> told = new ArrayList<>();
        for (int times = 0; times < 12; times++) {
            List<UUID> shuffled = new ArrayList<>(orders);
            Collections.shuffle(shuffled, random);
            told.add(ask(Shop.EVENTS, Shop.confirmed(shuffled.toArray(UUID[]::new)), ATTEMPTS));
        }

        await(Future.all(told));

        assertThat(told).allSatisfy(one -> assertThat(one.result().refused()).isEmpty());
        assertThat(shop.level(lamp)).isEqualTo(new StockLevel(940, 0, 60));
        assertThat(database.number("SELECT count(*) FROM inbox")).isEqualTo(60);
    }

    private static UUID reserved(UUID product) {
        UUID order = UUID.randomUUID();
        shop.reserve(order, new Quantity(product, 1));
        return order;
    }

    /** Those in a transaction, if there are any at this moment. */
    private static long killBusyConnections() {
        return database.number("""
                SELECT count(*) FILTER (WHERE killed)
                FROM (SELECT pg_terminate_backend(pid) AS killed
                      FROM pg_stat_activity
                      WHERE datname = current_database() AND application_name = 'souk-product'
                        AND (state <> 'idle' OR query = 'COMMIT') AND pid <> pg_backend_pid()
                      OFFSET 0) busy
                """);
    }

    private static Future<Done> done() {
        return Future.succeededFuture(Done.DONE);
    }

    /** Asks until there is an answer, as whoever lost one does. */
    private static <Q, R> Future<R> ask(Operation<Q, R> operation, Q request, int attempts) {
        return shop.start(operation, request)
                .recover(failure -> attempts > 1 && isLost(failure)
                        ? ask(operation, request, attempts - 1)
                        : Future.failedFuture(failure));
    }

    private static boolean isLost(Throwable failure) {
        return failure instanceof Fault fault
                && switch (fault.code()) {
                    case TIMEOUT, UNAVAILABLE, OVERLOADED -> true;
                    default -> false;
                };
    }
}
