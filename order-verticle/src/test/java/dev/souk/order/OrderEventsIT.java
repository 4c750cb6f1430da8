package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Products.Quantity;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.testing.Await;
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

/** Who is told of what happens to orders. */
@ExtendWith(VertxExtension.class)
class OrderEventsIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private OrderShop shop;
    private Caller ada;
    private UUID laptop;

    @BeforeEach
    void open(Vertx vertx) {
        shop = new OrderShop(vertx, DATABASE);
        ada = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 100);
    }

    @Test
    void notificationsHearOfEverythingInOrderAndProductsOfWhatIsSold() {
        // given
        shop.startOrders();
        Orders.Order shipped = place();
        Orders.Order cancelled = place();
        UUID rejected = shop.place(ada, order("much", new Quantity(laptop, 1_000)))
                .order()
                .id();

        // when
        shop.ship(shipped.id());
        shop.deliver(shipped.id());
        shop.cancel(ada, cancelled.id());
        shop.awaitSettled();

        // then
        assertThat(notified(shipped.id()))
                .containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED", "3 ORDER_SHIPPED", "4 ORDER_DELIVERED");
        assertThat(notified(cancelled.id()))
                .containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED", "3 ORDER_CANCELLED");
        assertThat(notified(rejected)).containsExactly("1 ORDER_PLACED", "2 ORDER_REJECTED");
        assertThat(shop.products().received().all())
                .extracting(Event::type)
                .containsExactly("ORDER_CONFIRMED", "ORDER_CONFIRMED");
    }

    @Test
    void anEventSaysAllThatItsTypePromises() {
        // given
        shop.startOrders();
        Orders.Order placed = place();

        // when
        shop.ship(placed.id());
        shop.awaitSettled();

        // then
        Money total = new Money(240_000, "USD");
        List<Event> events = shop.notifications().received().all();
        assertThat(events)
                .extracting(event -> EventFormat.read(event, OrderEvent.class))
                .containsExactly(
                        new OrderEvent.Placed(ada.userId(), placed.items(), total),
                        new OrderEvent.Confirmed(ada.userId(), total),
                        new OrderEvent.Shipped(ada.userId()));
        assertThat(events).extracting(Event::id).doesNotHaveDuplicates();
        assertThat(shop.products().received().all()).containsExactly(events.get(1));
    }

    @Test
    void aReceiverThatIsAwayHearsOfEverythingWhenItIsBackAndHoldsUpNobody() {
        // given
        shop.startOrders();
        shop.notifications().leave();

        // when
        List<Orders.Order> placed = Stream.generate(this::place).limit(20).toList();
        placed.forEach(one -> shop.ship(one.id()));
        Await.until(
                "products heard of what was sold",
                () -> shop.products().level(laptop).sold() == 40);
        long untold = DATABASE.deliveries();
        shop.notifications().comeBack();
        shop.awaitSettled();

        // then
        assertThat(untold).isEqualTo(60);
        assertThat(placed)
                .allSatisfy(one -> assertThat(notified(one.id()))
                        .containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED", "3 ORDER_SHIPPED"));
    }

    @Test
    void whatAnInstanceDidNotTellIsToldByTheNext() {
        // given
        PlacedOrder order = new DeadInstance(shop, ada, laptop, Duration.ofMillis(1)).leavesGivingBack(true);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(notified(order.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED", "3 ORDER_CANCELLED");
        assertThat(shop.products().received().of(order.id())).containsExactly("2 ORDER_CONFIRMED");
    }

    private List<String> notified(UUID orderId) {
        return shop.notifications().received().of(orderId);
    }

    private Orders.Order place() {
        return shop.place(ada, order(UUID.randomUUID().toString(), new Quantity(laptop, 2)))
                .order();
    }
}
