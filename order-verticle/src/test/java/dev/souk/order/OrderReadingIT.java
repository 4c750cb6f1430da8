package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.OrderPage;
import dev.souk.contracts.Orders.OrderView;
import dev.souk.contracts.Orders.Part;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Product;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Users;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class OrderReadingIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private OrderShop shop;
    private Caller ada;
    private Caller grace;
    private UUID laptop;

    @BeforeEach
    void open(Vertx vertx) {
        shop = OrderShop.open(vertx, DATABASE);
        ada = shop.users().register();
        grace = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 1_000);
    }

    @Test
    void anOrderIsSeenByItsOwnerAndByAnAdmin() {
        Orders.Order placed = place(ada);

        assertThat(shop.get(ada, placed.id()).order()).isEqualTo(placed);
        assertThat(shop.get(ServiceFixture.admin(), placed.id()).order()).isEqualTo(placed);
    }

    @Test
    void someoneElsesOrderIsNotToBeToldFromOneThatIsNotThere() {
        Orders.Order adas = place(ada);

        assertThat(refusal(() -> shop.get(grace, adas.id()))).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.get(grace, UUID.randomUUID()))).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.get(ServiceFixture.admin(), UUID.randomUUID())))
                .isEqualTo(Fault.Code.NOT_FOUND);
    }

    @Test
    void aListHasOnesOwnOrdersNewestFirstPageByPage() {
        // given
        List<Orders.Order> placed = new ArrayList<>();
        for (int number = 0; number < 45; number++) {
            placed.add(place(ada));
            if (number % 10 == 0) {
                place(grace);
            }
        }
        // Many are of the same moment then, and their order is that of their ids.
        DATABASE.execute("UPDATE orders SET created_at = date_trunc('second', created_at)");

        // when
        List<OrderPage> pages = pages(ada, 20);

        // then
        List<Orders.Order> listed =
                pages.stream().flatMap(page -> page.items().stream()).toList();
        assertThat(pages).extracting(page -> page.items().size()).containsExactly(20, 20, 5);
        assertThat(listed)
                .extracting(Orders.Order::id)
                .containsExactlyInAnyOrderElementsOf(
                        placed.stream().map(Orders.Order::id).toList());
        assertThat(listed)
                .isSortedAccordingTo(Comparator.comparing(Orders.Order::createdAt)
                        .thenComparing(order -> order.id().toString())
                        .reversed());
        assertThat(listed).allSatisfy(order -> assertThat(order.items()).hasSize(1));
    }

    @Test
    void aListWithoutALimitHasTwentyAndAnEmptyOneHasNone() {
        for (int number = 0; number < 21; number++) {
            place(ada);
        }

        assertThat(shop.list(ada, null, null).items()).hasSize(20);
        assertThat(shop.list(grace, null, null)).isEqualTo(new OrderPage(List.of(), null));
    }

    @Test
    void anAdminListsEveryonesOrdersOrThoseOfOneUser() {
        // given
        UUID adas = place(ada).id();
        UUID graces = place(grace).id();
        Caller admin = ServiceFixture.admin();

        // when
        OrderPage all = shop.list(admin, null, null);
        OrderPage one = shop.list(admin, new Orders.Find(null, ada.userId(), null, null));

        // then
        assertThat(all.items()).extracting(Orders.Order::id).containsExactly(graces, adas);
        assertThat(one.items()).extracting(Orders.Order::id).containsExactly(adas);
    }

    @Test
    void aCustomerCannotListTheOrdersOfOthers() {
        UUID adas = place(ada).id();

        assertThat(refusal(() -> shop.list(grace, new Orders.Find(null, ada.userId(), null, null))))
                .isEqualTo(Fault.Code.FORBIDDEN);
        assertThat(shop.list(ada, new Orders.Find(null, ada.userId(), null, null))
                        .items())
                .extracting(Orders.Order::id)
                .containsExactly(adas);
    }

    @Test
    void aListOfOneStatusHasOnlyThosePageByPage() {
        // given
        List<UUID> shipped = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            UUID orderId = place(ada).id();
            place(ada);
            shop.ship(orderId);
            shipped.addFirst(orderId);
        }
        shop.ship(place(grace).id());

        // when
        OrderPage first = shop.list(ada, new Orders.Find(Status.SHIPPED, null, 3, null));
        OrderPage second = shop.list(ada, new Orders.Find(Status.SHIPPED, null, 3, first.nextCursor()));
        OrderPage admins = shop.list(ServiceFixture.admin(), new Orders.Find(Status.SHIPPED, ada.userId(), null, null));

        // then
        assertThat(first.items()).hasSize(3);
        assertThat(second.nextCursor()).isNull();
        assertThat(Stream.of(first, second).flatMap(page -> page.items().stream()))
                .extracting(Orders.Order::id)
                .containsExactlyElementsOf(shipped);
        assertThat(admins.items()).extracting(Orders.Order::id).containsExactlyElementsOf(shipped);
        assertThat(shop.list(ada, new Orders.Find(Status.REJECTED, null, null, null))
                        .items())
                .isEmpty();
    }

    @Test
    void aTimelineTellsWhatHappenedWhenAndWhere() {
        // given
        Orders.Order placed = place(ada);

        // when
        Orders.Order shipped = shop.ship(placed.id());

        // then
        List<Orders.Entry> timeline = shop.timeline(ada, placed.id(), null);
        assertThat(timeline).extracting(Orders.Entry::seq).containsExactly(1, 2, 3);
        assertThat(timeline)
                .extracting(Orders.Entry::type)
                .containsExactly("ORDER_PLACED", "ORDER_CONFIRMED", "ORDER_SHIPPED");
        assertThat(timeline)
                .extracting(Orders.Entry::at)
                .containsExactly(placed.createdAt(), placed.updatedAt(), shipped.updatedAt());
        assertThat(timeline).extracting(Orders.Entry::node).containsOnly("test");
        assertThat(timeline.get(1).data())
                .isEqualTo(Map.of(
                        "userId", ada.userId().toString(), "total", Map.of("amount", 120_000, "currency", "USD")));
        assertThat(shop.timeline(ada, placed.id(), 2))
                .extracting(Orders.Entry::type)
                .containsExactly("ORDER_SHIPPED");
        assertThat(shop.timeline(ServiceFixture.admin(), placed.id(), null)).isEqualTo(timeline);
    }

    @Test
    void someoneElsesTimelineIsNotThere() {
        UUID adas = place(ada).id();

        assertThat(refusal(() -> shop.timeline(grace, adas, null))).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.timeline(ada, UUID.randomUUID(), null))).isEqualTo(Fault.Code.NOT_FOUND);
    }

    @Test
    void otherServicesAreToldWhereOrdersStand() {
        // given
        UUID confirmed = place(ada).id();
        UUID cancelled = place(grace).id();
        shop.cancel(grace, cancelled);

        // when
        Map<UUID, Status> standings = shop.standings(confirmed, cancelled, UUID.randomUUID());

        // then
        assertThat(standings).isEqualTo(Map.of(confirmed, Status.CONFIRMED, cancelled, Status.CANCELLED));
    }

    static List<String> oddCursors() {
        return List.of(
                "nonsense",
                Cursor.after("a", "b").encode(),
                Cursor.after(Instant.EPOCH, "no id").encode(),
                Cursor.after(Instant.EPOCH).encode(),
                Cursor.after("'; DROP TABLE orders; --", UUID.randomUUID()).encode(),
                Cursor.after(Instant.MAX, UUID.randomUUID()).encode(),
                Cursor.after(Instant.MIN, UUID.randomUUID()).encode());
    }

    @ParameterizedTest
    @MethodSource("oddCursors")
    void aCursorThatIsNotOfThisListIsTheClientsFault(String cursor) {
        assertThat(refusal(() -> shop.list(ada, 20, cursor))).isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101})
    void aLimitOutOfBoundsIsTheClientsFault(int limit) {
        assertThat(refusal(() -> shop.list(ada, limit, null))).isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @Test
    void nothingIsExpandedUnlessAskedFor() {
        OrderView view = shop.get(ada, place(ada).id());

        assertThat(view.user()).isNull();
        assertThat(view.products()).isEmpty();
        assertThat(view.degraded()).isEmpty();
        assertThat(shop.products().disturbances().asked(Products.LOOKUP)).isZero();
    }

    @Test
    void whatIsExpandedIsAsItIsNow() {
        // given
        UUID orderId = place(ada).id();
        shop.products().changePrice(laptop, "LAPTOP-NEW", 1);

        // when
        OrderView view = shop.get(ada, orderId, Part.USER, Part.PRODUCTS);

        // then
        assertThat(view.user().id()).isEqualTo(ada.userId());
        assertThat(view.products()).extracting(Product::sku).containsExactly("LAPTOP-NEW");
        assertThat(view.order().items()).extracting(Orders.Line::sku).containsExactly("LAPTOP");
        assertThat(view.degraded()).isEmpty();
    }

    @Test
    void theOrdersOwnerIsExpandedNotWhoeverAsks() {
        UUID orderId = place(ada).id();

        OrderView view = shop.get(ServiceFixture.admin(), orderId, Part.USER);

        assertThat(view.user().id()).isEqualTo(ada.userId());
    }

    /** Each service answers only once the other has been asked: one after the other would never end well. */
    @Test
    void partsAreAskedForInParallel(Vertx vertx) {
        // given
        UUID orderId = place(ada).id();
        Promise<Void> bothAsked = Promise.promise();
        shop.users().disturbances().hold(Users.GET, bothAsked.future());
        shop.products().disturbances().hold(Products.LOOKUP, bothAsked.future());
        int usersBefore = shop.users().disturbances().asked(Users.GET);
        vertx.setPeriodic(5, id -> {
            if (shop.users().disturbances().asked(Users.GET) > usersBefore
                    && shop.products().disturbances().asked(Products.LOOKUP) > 0) {
                bothAsked.tryComplete();
            }
        });

        // when
        OrderView view = shop.get(ada, orderId, Part.USER, Part.PRODUCTS);

        // then
        assertThat(view.degraded()).isEmpty();
        assertThat(view.user()).isNotNull();
        assertThat(view.products()).hasSize(1);
    }

    @Test
    void anOrderIsAnsweredWithoutAServiceThatIsAway() {
        // given
        Orders.Order placed = place(ada);
        shop.users().leave();

        // when
        OrderView view = shop.get(ada, placed.id(), Part.USER, Part.PRODUCTS);

        // then
        assertThat(view.order()).isEqualTo(placed);
        assertThat(view.user()).isNull();
        assertThat(view.products()).hasSize(1);
        assertThat(view.degraded()).containsExactly(Part.USER);
    }

    @Test
    void anOrderIsAnsweredInTimeWithoutAServiceThatHangs() {
        // given
        Orders.Order placed = place(ada);
        shop.awaitSettled();
        shop.products()
                .disturbances()
                .hold(Products.LOOKUP, Promise.<Void>promise().future());
        long begun = System.nanoTime();

        // when
        OrderView view = shop.get(ada, placed.id(), Part.USER, Part.PRODUCTS);

        // then
        assertThat(System.nanoTime() - begun).isLessThan(1_900_000_000L);
        assertThat(view.order()).isEqualTo(placed);
        assertThat(view.user()).isNotNull();
        assertThat(view.products()).isEmpty();
        assertThat(view.degraded()).containsExactly(Part.PRODUCTS);
    }

    @Test
    void aBrokenServiceDegradesItsPartOnly() {
        // given
        Orders.Order placed = place(ada);
        shop.users().disturbances().breakDown(Users.GET);
        shop.products().disturbances().breakDown(Products.LOOKUP);

        // when
        OrderView view = shop.get(ada, placed.id(), Part.USER, Part.PRODUCTS);

        // then
        assertThat(view.order()).isEqualTo(placed);
        assertThat(view.degraded()).containsExactlyInAnyOrder(Part.USER, Part.PRODUCTS);
    }

    private Orders.Order place(Caller caller) {
        return shop.place(caller, order(UUID.randomUUID().toString(), new Quantity(laptop, 1)))
                .order();
    }

    private static Fault.Code refusal(Runnable call) {
        return ServiceFixture.refusal(call);
    }

    /** All pages of this size, from the first to the one without a cursor. */
    private List<OrderPage> pages(Caller caller, int limit) {
        List<OrderPage> pages = new ArrayList<>();
        String cursor = null;
        do {
            OrderPage page = shop.list(caller, limit, cursor);
            pages.add(page);
            cursor = page.nextCursor();
        } while (cursor != null && pages.size() < 100);
        return pages;
    }
}
