package dev.souk.product;

import static dev.souk.contracts.Fault.Code.FORBIDDEN;
import static dev.souk.contracts.Fault.Code.IDEMPOTENCY_KEY_REUSED;
import static dev.souk.contracts.Fault.Code.INVALID_REQUEST;
import static dev.souk.contracts.Fault.Code.NOT_FOUND;
import static dev.souk.contracts.Fault.Code.STOCK_NEGATIVE;
import static dev.souk.contracts.Fault.Code.TIMEOUT;
import static dev.souk.contracts.Fault.Code.UNAUTHENTICATED;
import static dev.souk.contracts.Fault.Code.UNAVAILABLE;
import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Event;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.AdjustStock;
import dev.souk.contracts.Products.GetStock;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Release;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.Reservation.Closed;
import dev.souk.contracts.Products.Reservation.OutOfStock;
import dev.souk.contracts.Products.Reservation.Reserved;
import dev.souk.contracts.Products.Reserve;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.db.Database;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/** Two instances of the service on one database: what one order or key gets, and that not a piece is lost or doubled. */
@ExtendWith({VertxExtension.class, TestDatabase.Provider.class})
class StockIT {
    private static final Caller ADMIN = Shop.ADMIN;
    private static final int ATTEMPTS = 8;
    private static final Logger RETRIES = (Logger) LoggerFactory.getLogger(Database.class);
    private static final ListAppender<ILoggingEvent> RETRIED = new ListAppender<>();

    private static TestDatabase database;
    private static ServiceFixture shop;
    private static Shop stocks;

    @BeforeAll
    static void open(Vertx vertx, TestDatabase given) {
        database = given;
        shop = ServiceFixture.deploy(vertx, given.variables(), ProductVerticle.DEFINITION, ProductVerticle.DEFINITION);
        stocks = new Shop(shop, given);
        RETRIES.setLevel(Level.DEBUG);
        RETRIES.setAdditive(false);
        RETRIED.start();
        RETRIES.addAppender(RETRIED);
    }

    @AfterAll
    static void restoreLog() {
        RETRIES.detachAppender(RETRIED);
        RETRIES.setAdditive(true);
        RETRIES.setLevel(null);
    }

    @BeforeEach
    void empty() {
        database.run("TRUNCATE product, reservation, inbox, event_delivery CASCADE");
        RETRIED.list.clear();
    }

    @AfterEach
    void everyPieceIsAccountedFor() {
        stocks.everyPieceIsAccountedFor();
        assertThat(RETRIED.list).extracting(ILoggingEvent::getFormattedMessage).noneMatch(StockIT::isDeadlock);
    }

    @Test
    void reservesThenSells() {
        UUID lamp = product(10);
        UUID order = UUID.randomUUID();

        assertThat(reserve(order, new Quantity(lamp, 3))).isEqualTo(new Reserved());
        assertThat(level(lamp)).isEqualTo(new StockLevel(7, 3, 0));

        assertThat(stocks.confirm(order)).isEmpty();
        assertThat(level(lamp)).isEqualTo(new StockLevel(7, 0, 3));

        assertThat(stocks.confirm(order)).isEmpty();
        assertThat(reserve(order, new Quantity(lamp, 3))).isEqualTo(new Reserved());
        assertThat(level(lamp)).isEqualTo(new StockLevel(7, 0, 3));
    }

    @Test
    void givesBackWhatIsReleased() {
        UUID lamp = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, new Quantity(lamp, 3));

        assertThat(release(order)).isEqualTo(Done.DONE);

        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
        assertThat(release(order)).isEqualTo(Done.DONE);
        assertThat(reserve(order, new Quantity(lamp, 3))).isEqualTo(new Closed());
        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void takesBackWhatWasSoldWhenItIsReleased() {
        UUID lamp = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, new Quantity(lamp, 3));
        stocks.confirm(order);

        assertThat(release(order)).isEqualTo(Done.DONE);

        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
        assertThat(release(order)).isEqualTo(Done.DONE);
        assertThat(stocks.confirm(order)).isEmpty();
        assertThat(reserve(order, new Quantity(lamp, 3))).isEqualTo(new Closed());
        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void aConfirmationAfterTheReleaseDoesNothing() {
        UUID lamp = product(10);
        UUID order = UUID.randomUUID();
        reserve(order, new Quantity(lamp, 3));
        release(order);

        assertThat(stocks.confirm(order)).isEmpty();
        assertThat(stocks.state(order)).isEqualTo("RELEASED");
        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void aReserveAfterTheReleaseTakesNothing() {
        UUID lamp = product(10);
        UUID order = UUID.randomUUID();

        assertThat(release(order)).isEqualTo(Done.DONE);

        assertThat(reserve(order, new Quantity(lamp, 3))).isEqualTo(new Closed());
        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void takesAllLinesOrNone() {
        UUID lamp = product(10);
        UUID rug = product(1);
        UUID unknown = UUID.randomUUID();
        Quantity[] lines = {new Quantity(unknown, 1), new Quantity(lamp, 1), new Quantity(rug, 2)};
        UUID order = UUID.randomUUID();

        assertThat(reserve(order, lines)).isEqualTo(new OutOfStock(List.of(unknown, rug)));

        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
        assertThat(level(rug)).isEqualTo(new StockLevel(1, 0, 0));
        assertThat(release(order)).isEqualTo(Done.DONE);
        assertThat(stocks.state(order)).isEqualTo("REFUSED");
    }

    @Test
    void addsUpTheLinesOfOneProduct() {
        UUID lamp = product(5);

        assertThat(reserve(UUID.randomUUID(), new Quantity(lamp, 3), new Quantity(lamp, 3)))
                .isEqualTo(new OutOfStock(List.of(lamp)));
        assertThat(reserve(UUID.randomUUID(), new Quantity(lamp, 3), new Quantity(lamp, 2)))
                .isEqualTo(new Reserved());
        assertThat(level(lamp)).isEqualTo(new StockLevel(0, 5, 0));
    }

    @Test
    void whatIsArchivedIsOutOfStockButWhatIsHeldStaysHeld() {
        UUID lamp = product(10);
        UUID early = UUID.randomUUID();
        reserve(early, new Quantity(lamp, 4));
        shop.call(Products.ARCHIVE, new Products.Archive(lamp), ADMIN);

        assertThat(reserve(UUID.randomUUID(), new Quantity(lamp, 1))).isEqualTo(new OutOfStock(List.of(lamp)));
        assertThat(stocks.confirm(early)).isEmpty();
        assertThat(database.rows("SELECT available, reserved, sold FROM stock WHERE product_id = '" + lamp + "'"))
                .containsExactly("6 0 4");
    }

    @Test
    void whatWasRefusedStaysRefusedWhenThereIsStockAgain() {
        UUID lamp = product(0);
        UUID order = UUID.randomUUID();
        assertThat(reserve(order, new Quantity(lamp, 1))).isEqualTo(new OutOfStock(List.of(lamp)));
        adjust(lamp, "more", 5);

        assertThat(reserve(order, new Quantity(lamp, 1))).isEqualTo(new OutOfStock(List.of(lamp)));

        assertThat(level(lamp)).isEqualTo(new StockLevel(5, 0, 0));
    }

    @Test
    void refusesAReserveThatIsNone() {
        product(1);

        assertThat(refusal(() -> reserve(UUID.randomUUID()))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> reserve(null, new Quantity(UUID.randomUUID(), 1))))
                .isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> reserve(UUID.randomUUID(), new Quantity(null, 1))))
                .isEqualTo(INVALID_REQUEST);
    }

    @Test
    void sellsFiftyToTwoHundredWhoComeAtOnce() {
        UUID lamp = product(50);
        List<Reserve> requests = repeat(200, () -> new Reserve(UUID.randomUUID(), List.of(new Quantity(lamp, 1))));

        List<Reservation> answers = atOnce(Products.RESERVE, requests);

        assertThat(answers).filteredOn(new Reserved()::equals).hasSize(50);
        assertThat(answers).filteredOn(new OutOfStock(List.of(lamp))::equals).hasSize(150);
        assertThat(level(lamp)).isEqualTo(new StockLevel(0, 50, 0));
    }

    @Test
    void cartsWithTheSameProductsInOppositeOrderDoNotBlockEachOther() {
        UUID lamp = product(1_000);
        UUID rug = product(1_000);
        Quantity lamps = new Quantity(lamp, 2);
        Quantity rugs = new Quantity(rug, 3);
        List<Reserve> requests = IntStream.range(0, 200)
                .mapToObj(number -> number % 2 == 0 ? List.of(lamps, rugs) : List.of(rugs, lamps))
                .map(lines -> new Reserve(UUID.randomUUID(), lines))
                .toList();

        assertThat(atOnce(Products.RESERVE, requests)).hasSize(200).containsOnly(new Reserved());
        assertThat(level(lamp)).isEqualTo(new StockLevel(600, 400, 0));
        assertThat(level(rug)).isEqualTo(new StockLevel(400, 600, 0));

        List<Release> half = requests.stream()
                .map(Reserve::orderId)
                .limit(100)
                .map(Release::new)
                .toList();
        UUID[] others = requests.stream().map(Reserve::orderId).skip(100).toArray(UUID[]::new);
        Future<List<Done>> released = begin(Products.RELEASE, half);
        Future<Event.Applied> confirmed = ask(Shop.EVENTS, Shop.confirmed(others), ATTEMPTS);

        assertThat(await(released)).hasSize(100).containsOnly(Done.DONE);
        assertThat(await(confirmed).refused()).isEmpty();
        assertThat(level(lamp)).isEqualTo(new StockLevel(800, 0, 200));
        assertThat(level(rug)).isEqualTo(new StockLevel(700, 0, 300));
    }

    @Test
    void eightCallersOfTwoInstancesWithShuffledCartsTakeExactlyWhatTheyGet() {
        List<UUID> products = repeat(5, () -> product(10_000));
        Map<UUID, StockLevel> expected = new ConcurrentHashMap<>();
        products.forEach(product -> expected.put(product, new StockLevel(10_000, 0, 0)));
        List<Future<?>> callers = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            Random random = new Random(caller);
            Future<?> visits = Future.succeededFuture();
            for (int visit = 0; visit < 25; visit++) {
                visits = visits.compose(before -> visit(products, random, expected));
            }
            callers.add(visits);
        }

        await(Future.all(callers));

        products.forEach(product -> assertThat(level(product)).isEqualTo(expected.get(product)));
    }

    @Test
    void oneCommandSentTwentyTimesAtOnceTakesOnce() {
        UUID lamp = product(100);
        Reserve request = new Reserve(UUID.randomUUID(), List.of(new Quantity(lamp, 7)));

        List<Reservation> answers = atOnce(Products.RESERVE, Collections.nCopies(20, request));

        assertThat(answers).hasSize(20).containsOnly(new Reserved());
        assertThat(level(lamp)).isEqualTo(new StockLevel(93, 7, 0));
    }

    @Test
    void settlingOneOrderTwentyTimesAtOnceMovesItOnce() {
        UUID lamp = product(100);
        UUID sold = UUID.randomUUID();
        UUID returned = UUID.randomUUID();
        reserve(sold, new Quantity(lamp, 7));
        reserve(returned, new Quantity(lamp, 5));

        assertThat(atOnce(Shop.EVENTS, Collections.nCopies(20, Shop.confirmed(sold))))
                .containsOnly(new Event.Applied(List.of()));
        assertThat(atOnce(Products.RELEASE, Collections.nCopies(20, new Release(returned))))
                .containsOnly(Done.DONE);

        assertThat(level(lamp)).isEqualTo(new StockLevel(93, 0, 7));
    }

    @Test
    void aStormOfDoubledAndReorderedCommandsLosesNothing() {
        List<UUID> products = List.of(product(40), product(25), product(60));
        Random random = new Random(42);
        List<Reserve> reserves = repeat(60, () -> new Reserve(UUID.randomUUID(), cart(products, random)));
        List<Supplier<Future<?>>> commands = new ArrayList<>();
        List<Future<Map.Entry<UUID, Reservation>>> answers = Collections.synchronizedList(new ArrayList<>());
        for (Reserve reserve : reserves) {
            UUID order = reserve.orderId();
            for (int times = 0; times < 3; times++) {
                commands.add(() -> {
                    var answer = ask(Products.RESERVE, reserve, ATTEMPTS).map(got -> Map.entry(order, got));
                    answers.add(answer);
                    return answer.compose(got -> confirmIfReserved(order, got.getValue()));
                });
            }
            if (random.nextBoolean()) {
                commands.add(() -> ask(Products.RELEASE, new Release(order), ATTEMPTS));
            }
        }
        Collections.shuffle(commands, random);

        await(Future.all(commands.stream().map(Supplier::get).toList()));

        Map<UUID, Set<Class<?>>> outcomes = answers.stream()
                .map(ServiceFixture::await)
                .collect(groupingBy(
                        Map.Entry::getKey, mapping(answer -> answer.getValue().getClass(), toSet())));
        assertThat(outcomes).hasSize(60);
        // An order is either refused for good, or it is not: it may only be closed after it was held.
        assertThat(outcomes.values())
                .allSatisfy(seen -> assertThat(seen)
                        .isSubsetOf(
                                seen.contains(OutOfStock.class)
                                        ? Set.of(OutOfStock.class)
                                        : Set.of(Reserved.class, Closed.class)));
        everyPieceIsAccountedFor();

        atOnce(
                Products.RELEASE,
                reserves.stream().map(Reserve::orderId).map(Release::new).toList());
        assertThat(products.stream().map(StockIT::level).mapToLong(StockLevel::reserved))
                .containsOnly(0L);
    }

    @Test
    void adjustsOncePerKey() {
        UUID lamp = product(10);

        assertThat(adjust(lamp, "a", 5)).isEqualTo(new StockLevel(15, 0, 0));
        assertThat(adjust(lamp, "b", -15)).isEqualTo(new StockLevel(0, 0, 0));
        assertThat(adjust(lamp, "a", 5)).isEqualTo(new StockLevel(15, 0, 0));
        assertThat(refusal(() -> adjust(lamp, "a", 6))).isEqualTo(IDEMPOTENCY_KEY_REUSED);

        assertThat(level(lamp)).isEqualTo(new StockLevel(0, 0, 0));
        assertThat(adjust(product(1), "a", 6)).isEqualTo(new StockLevel(7, 0, 0));
    }

    @Test
    void oneAdjustmentSentTwentyTimesAtOnceCountsOnce() {
        UUID lamp = product(10);
        AdjustStock request = new AdjustStock(lamp, "key", 5, "found in the cellar");

        List<StockLevel> answers = atOnce(Products.ADJUST_STOCK, Collections.nCopies(20, request));

        assertThat(answers).hasSize(20).containsOnly(new StockLevel(15, 0, 0));
        assertThat(level(lamp)).isEqualTo(new StockLevel(15, 0, 0));
    }

    @Test
    void anAdjustmentBelowZeroIsNotKept() {
        UUID lamp = product(10);
        reserve(UUID.randomUUID(), new Quantity(lamp, 4));

        assertThat(refusal(() -> adjust(lamp, "key", -7))).isEqualTo(STOCK_NEGATIVE);

        assertThat(level(lamp)).isEqualTo(new StockLevel(6, 4, 0));
        assertThat(adjust(lamp, "key", -6)).isEqualTo(new StockLevel(0, 4, 0));
    }

    @Test
    void keepsWhoAdjustedWhatAndWhy() {
        UUID lamp = product(10);
        shop.call(Products.ADJUST_STOCK, new AdjustStock(lamp, "key", -2, "broken"), ADMIN);

        assertThat(database.rows("""
                SELECT delta, reason, available, adjusted_by FROM stock_adjustment WHERE product_id = '%s' ORDER BY id
                """.formatted(lamp)))
                .containsExactly("10 first stock 10 " + ADMIN.userId(), "-2 broken 8 " + ADMIN.userId());
    }

    @Test
    void adjustsAndShowsOnlyWhatIsThere() {
        UUID archived = product(10);
        adjust(archived, "before", 5);
        shop.call(Products.ARCHIVE, new Products.Archive(archived), ADMIN);

        assertThat(refusal(() -> adjust(UUID.randomUUID(), "key", 1))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> level(UUID.randomUUID()))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> adjust(archived, "key", 1))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> level(archived))).isEqualTo(NOT_FOUND);
        assertThat(adjust(archived, "before", 5)).isEqualTo(new StockLevel(15, 0, 0));
    }

    @Test
    void onlyAdminsAdjustAndSeeStock() {
        UUID lamp = product(10);
        Caller customer = ServiceFixture.customer();
        AdjustStock adjust = new AdjustStock(lamp, "key", 1, null);

        assertThat(refusal(() -> shop.call(Products.ADJUST_STOCK, adjust, customer)))
                .isEqualTo(FORBIDDEN);
        assertThat(refusal(() -> shop.call(Products.ADJUST_STOCK, adjust))).isEqualTo(UNAUTHENTICATED);
        assertThat(refusal(() -> shop.call(Products.GET_STOCK, new GetStock(lamp), customer)))
                .isEqualTo(FORBIDDEN);
        assertThat(refusal(() -> shop.call(Products.GET_STOCK, new GetStock(lamp))))
                .isEqualTo(UNAUTHENTICATED);
        assertThat(level(lamp)).isEqualTo(new StockLevel(10, 0, 0));
    }

    @Test
    void refusesAnAdjustmentThatIsNone() {
        UUID lamp = product(10);

        assertThat(refusal(() -> adjust(lamp, "key", 0))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> adjust(lamp, "key", 1_000_000_001))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> adjust(lamp, "", 1))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> adjust(null, "key", 1))).isEqualTo(INVALID_REQUEST);
    }

    private static UUID product(long stock) {
        return stocks.product(stock);
    }

    private static List<Quantity> cart(List<UUID> products, Random random) {
        List<UUID> shuffled = new ArrayList<>(products);
        Collections.shuffle(shuffled, random);
        return shuffled.stream()
                .limit(1 + random.nextInt(products.size()))
                .map(product -> new Quantity(product, 1 + random.nextInt(3)))
                .toList();
    }

    /** Reserves a cart of all products, in any order, and leaves it held, sold, given back or taken back. */
    private static Future<?> visit(List<UUID> products, Random random, Map<UUID, StockLevel> expected) {
        UUID order = UUID.randomUUID();
        List<UUID> shuffled = new ArrayList<>(products);
        Collections.shuffle(shuffled, random);
        List<Quantity> lines = shuffled.stream()
                .map(product -> new Quantity(product, 1 + random.nextInt(3)))
                .toList();
        boolean sold = random.nextBoolean();
        boolean released = random.nextBoolean();
        if (!released) {
            lines.forEach(line -> expected.compute(
                    line.productId(),
                    (product, level) -> new StockLevel(
                            level.available() - line.quantity(),
                            level.reserved() + (sold ? 0 : line.quantity()),
                            level.sold() + (sold ? line.quantity() : 0))));
        }
        return ask(Products.RESERVE, new Reserve(order, lines), ATTEMPTS)
                .compose(got -> sold ? confirmIfReserved(order, got) : Future.succeededFuture())
                .compose(done ->
                        released ? ask(Products.RELEASE, new Release(order), ATTEMPTS) : Future.succeededFuture());
    }

    private static Reservation reserve(UUID order, Quantity... lines) {
        return shop.call(Products.RESERVE, new Reserve(order, List.of(lines)));
    }

    private static Done release(UUID order) {
        return stocks.release(order);
    }

    private static Future<?> confirmIfReserved(UUID order, Reservation reservation) {
        return reservation instanceof Reserved
                ? ask(Shop.EVENTS, Shop.confirmed(order), ATTEMPTS)
                : Future.succeededFuture();
    }

    private static StockLevel adjust(UUID product, String key, long delta) {
        return shop.call(Products.ADJUST_STOCK, new AdjustStock(product, key, delta, null), ADMIN);
    }

    private static StockLevel level(UUID product) {
        return shop.call(Products.GET_STOCK, new GetStock(product), ADMIN);
    }

    private static <T> List<T> repeat(int times, Supplier<T> made) {
        return IntStream.range(0, times).mapToObj(number -> made.get()).toList();
    }

    private static <Q, R> List<R> atOnce(Operation<Q, R> operation, List<Q> requests) {
        return await(begin(operation, requests));
    }

    private static <Q, R> Future<List<R>> begin(Operation<Q, R> operation, List<Q> requests) {
        List<Future<R>> answers = requests.stream()
                .map(request -> ask(operation, request, ATTEMPTS))
                .toList();
        return Future.all(answers)
                .map(all -> answers.stream().map(Future::result).toList());
    }

    /** Asks until there is an answer: on a busy machine it may not come in time, and the same command may be sent again. */
    private static <Q, R> Future<R> ask(Operation<Q, R> operation, Q request, int attempts) {
        return shop.start(operation, request, Optional.of(ADMIN))
                .recover(failure -> attempts > 1 && isLost(failure)
                        ? ask(operation, request, attempts - 1)
                        : Future.failedFuture(failure));
    }

    private static boolean isLost(Throwable failure) {
        return failure instanceof Fault fault && (fault.code() == TIMEOUT || fault.code() == UNAVAILABLE);
    }

    private static boolean isDeadlock(String line) {
        return line.contains("40P01") || line.contains("deadlock");
    }
}
