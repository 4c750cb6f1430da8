package dev.souk.order;

import static dev.souk.order.OrderShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of orders that were placed before there were payments. */
@ExtendWith(VertxExtension.class)
class OldOrdersIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private static final Instant PLACED = Instant.parse("2026-01-02T03:04:05Z");
    private static final Instant ENDED = Instant.parse("2026-01-02T03:04:06Z");
    private static final Money PRICE = new Money(120_000, "USD");

    private OrderShop shop;
    private Caller ada;
    private UUID laptop;

    @BeforeEach
    void open(Vertx vertx) {
        shop = new OrderShop(vertx, DATABASE);
        ada = shop.users().register();
        laptop = shop.products().stock("LAPTOP", 120_000, 10);
        DATABASE.migrateTo("1");
    }

    @Test
    void thoseThatHadNotEndedPayNow() {
        // given
        UUID reserving = old("reserving", Status.PENDING, null);
        work(reserving, "reserve");
        UUID confirming = old("confirming", Status.PENDING, null);
        work(confirming, "confirm");
        hold(confirming);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(List.of(reserving, confirming)).allSatisfy(orderId -> {
            assertThat(DATABASE.events(orderId)).containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED");
            assertThat(shop.payments().held(orderId)).isEqualTo(240_000);
        });
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(6, 0, 4));
        assertThat(DATABASE.brokenHistories()).isZero();
    }

    @Test
    void oneThatWasConfirmedIsSoldWithoutAsking() {
        // given
        UUID committing = old("committing", Status.CONFIRMED, null);
        work(committing, "commit");
        hold(committing);

        // when
        shop.startOrders();
        shop.awaitSettled();

        // then
        assertThat(shop.products().received().of(committing)).containsExactly("2 ORDER_CONFIRMED");
        assertThat(shop.products().level(laptop)).isEqualTo(new StockLevel(8, 0, 2));
        assertThat(shop.payments().charges(committing)).isEmpty();
        assertThat(shop.notifications().received().all()).isEmpty();
        assertThat(DATABASE.events(committing)).hasSize(2);
    }

    @Test
    void thoseThatHadEndedAnswerAsTheyDid() {
        // given
        UUID confirmed = old("confirmed", Status.CONFIRMED, null);
        UUID rejected = old("rejected", Status.REJECTED, Reason.OUT_OF_STOCK);

        // when
        shop.startOrders();

        // then
        assertThat(shop.place(ada, request("confirmed")))
                .isEqualTo(new Placement(expected(confirmed, Status.CONFIRMED, null), "old request", true));
        assertThat(shop.place(ada, request("rejected")))
                .isEqualTo(
                        new Placement(expected(rejected, Status.REJECTED, Reason.OUT_OF_STOCK), "old request", true));
        assertThat(shop.get(ada, confirmed).order()).isEqualTo(expected(confirmed, Status.CONFIRMED, null));
        assertThat(shop.timeline(ada, confirmed, null))
                .extracting(Orders.Entry::type)
                .containsExactly("ORDER_PLACED", "ORDER_CONFIRMED");
        assertThat(DATABASE.texts("SELECT id FROM order_event")).doesNotHaveDuplicates();
    }

    @Test
    void oneThatWasConfirmedCanBeCancelledAndAnotherShipped() {
        // given
        UUID cancelled = old("cancelled", Status.CONFIRMED, null);
        UUID shipped = old("shipped", Status.CONFIRMED, null);
        shop.startOrders();

        // when
        shop.cancel(ada, cancelled);
        shop.ship(shipped);

        // then
        assertThat(DATABASE.events(cancelled)).last().isEqualTo("3 ORDER_CANCELLED");
        assertThat(DATABASE.events(shipped)).last().isEqualTo("3 ORDER_SHIPPED");
        assertThat(shop.place(ada, request("cancelled")).order().status()).isEqualTo(Status.CONFIRMED);
    }

    private Orders.Order expected(UUID orderId, Status status, Reason reason) {
        Line line = new Line(laptop, "LAPTOP", "The LAPTOP", 2, PRICE, PRICE.times(2));
        return new Orders.Order(orderId, ada.userId(), status, reason, List.of(line), PRICE.times(2), PLACED, ENDED);
    }

    private Orders.Place request(String key) {
        return order(key, new Quantity(laptop, 2));
    }

    /** An order of two laptops as the first version wrote it. */
    private UUID old(String key, Status status, Reason reason) {
        UUID orderId = shop.context().ids().get();
        boolean isPending = status == Status.PENDING;
        DATABASE.execute(
                """
                INSERT INTO orders (id, user_id, idempotency_key, request_id, fingerprint, payment_method, answer_by,
                    status, reason, total, currency, last_seq, created_at, updated_at)
                VALUES (?, ?, ?, 'old request', ?, 'pm_card_visa', now(), ?, ?, 240000, 'USD', ?, ?, ?)
                """,
                orderId,
                ada.userId(),
                key,
                Claim.of(request(key), "old request").fingerprint(),
                status.name(),
                reason == null ? null : reason.name(),
                isPending ? 1 : 2,
                PLACED.atOffset(ZoneOffset.UTC),
                (isPending ? PLACED : ENDED).atOffset(ZoneOffset.UTC));
        DATABASE.execute("INSERT INTO order_line VALUES (?, 1, ?, 'LAPTOP', 'The LAPTOP', 2, 120000)", orderId, laptop);
        event(orderId, 1, "ORDER_PLACED", "{\"items\": [], \"total\": {\"amount\": 240000, \"currency\": \"USD\"}}");
        if (!isPending) {
            event(orderId, 2, "ORDER_" + status, reason == null ? "{}" : "{\"reason\": \"" + reason + "\"}");
        }
        return orderId;
    }

    private static void event(UUID orderId, int seq, String type, String data) {
        DATABASE.execute(
                "INSERT INTO order_event (order_id, seq, type, data, at, node) VALUES (?, ?, ?, ?::jsonb, now(), 'old')",
                orderId,
                seq,
                type,
                data);
    }

    private static void work(UUID orderId, String step) {
        DATABASE.execute("INSERT INTO saga VALUES (?, ?, 'old-instance', now(), 3, 1)", orderId, step);
    }

    private void hold(UUID orderId) {
        ServiceFixture.await(shop.context()
                .bus()
                .call(
                        Products.RESERVE,
                        new Products.Reserve(orderId, List.of(new Quantity(laptop, 2))),
                        CallContext.ofService("old", Duration.ofSeconds(2))));
    }
}
