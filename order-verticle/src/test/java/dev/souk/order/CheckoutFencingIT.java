package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Caller;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.Checkout.Progress;
import dev.souk.order.SagaRepository.Lease;
import dev.souk.order.SagaRepository.LeaseLost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An old lease is worth nothing, whoever holds it, and whatever the new one is for. */
@ExtendWith(VertxExtension.class)
class CheckoutFencingIT {
    @RegisterExtension
    static final OrderDatabase DATABASE = new OrderDatabase();

    private static final Progress CHARGE = new Progress("charge", Optional.empty());
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private DeadInstance instance;
    private PlacedOrder order;
    private Lease first;

    @BeforeEach
    void open(Vertx vertx) {
        OrderShop shop = new OrderShop(vertx, DATABASE);
        Caller ada = shop.users().register();
        UUID laptop = shop.products().stock("LAPTOP", 120_000, 100);
        instance = new DeadInstance(shop, ada, laptop, Duration.ofMillis(1));
        order = instance.places();
        first = instance.firstLease(order);
    }

    @Test
    void whatWasPlacedBeforeIsPlacedAndAKeyIsGoodForOneOrder() {
        // given
        PlacedOrder winner = instance.newOrder("key");
        PlacedOrder loser = instance.newOrder("key");
        PlacedOrder other = instance.newOrder("other");

        // when
        boolean first = instance.on(() -> instance.place(winner));
        List<Boolean> again = instance.on(() -> {
            Future<Boolean> busy = instance.place(loser);
            List<Future<Boolean>> batch =
                    List.of(busy, instance.place(winner), instance.place(loser), instance.place(other));
            return Future.all(batch)
                    .map(done -> batch.stream().map(Future::result).toList());
        });

        // then
        assertThat(first).isTrue();
        assertThat(again).containsExactly(false, true, false, true);
        assertThat(DATABASE.texts("SELECT id FROM orders WHERE idempotency_key IN ('key', 'other')"))
                .containsExactlyInAnyOrder(winner.id().toString(), other.id().toString());
        assertThat(DATABASE.brokenHistories()).isZero();
        assertThat(DATABASE.checkouts()).isEqualTo(3);
    }

    @Test
    void ofTwoWithOneKeyInOneTransactionOneIsPlaced() {
        // given
        PlacedOrder one = instance.newOrder("key");
        PlacedOrder another = instance.newOrder("key");

        // when
        List<Boolean> outcomes = instance.on(() -> {
            Future<Boolean> busy = instance.place(instance.newOrder("busy"));
            List<Future<Boolean>> batch = List.of(busy, instance.place(one), instance.place(another));
            return Future.all(batch)
                    .map(done -> batch.stream().map(Future::result).toList());
        });

        // then
        assertThat(outcomes).containsExactly(true, true, false);
        assertThat(DATABASE.brokenHistories()).isZero();
    }

    /** The commit's answer was lost: what is asked again has happened. */
    @Test
    void whatWasMovedBeforeHasMoved() {
        Lease once = advance(first, CHARGE);

        assertThat(advance(first, CHARGE)).isEqualTo(once);
        assertThat(saga()).containsExactly("charge - 2");
    }

    @Test
    void whoWasTurnedBackByTheirOwnInstanceCannotGoForward() {
        // given
        turnBack();

        // then
        assertLost(() -> advance(first, CHARGE));
        assertLost(() -> leave(order.leave(Ending.CONFIRMED, NOW), first));
        assertThat(saga()).containsExactly("reserve CANCELLED 2");
        assertThat(DATABASE.status(order.id())).isEqualTo("PENDING");
    }

    @Test
    void whoWasTakenOverByTheirOwnInstanceCannotGoForward() {
        // given
        takeOver();

        // then
        assertLost(() -> advance(first, CHARGE));
        assertLost(() -> leave(order.leave(Ending.CONFIRMED, NOW), first));
        assertThat(saga()).containsExactly("reserve - 2");
    }

    @Test
    void whoMovedAndWasTurnedBackThenHasLostIt() {
        // given
        advance(first, CHARGE);
        turnBack();

        // then
        assertLost(() -> advance(first, CHARGE));
        assertThat(saga()).containsExactly("charge CANCELLED 3");
    }

    @Test
    void aCheckoutIsTurnedBackOnce() {
        Optional<Lease> turned = turnBack();

        assertThat(turned)
                .contains(new Lease(
                        order.id(), new Progress("reserve", Optional.of(Ending.CANCELLED)), first.owner(), 2, 1));
        assertThat(turnBack()).isEmpty();
        assertThat(saga()).containsExactly("reserve CANCELLED 2");
    }

    @Test
    void theEndIsWrittenOnceAndToldAgain() {
        PlacedOrder confirmed = order.leave(Ending.CONFIRMED, NOW);

        leave(confirmed, first);
        leave(confirmed, first);

        assertThat(DATABASE.events(order.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED");
        assertThat(DATABASE.checkouts()).isZero();
        assertLost(() -> leave(order.leave(Ending.CONFIRMED, NOW.plusMillis(1)), first));
        assertLost(() -> advance(first, CHARGE));
    }

    /** The stale one comes first, and both in one transaction. */
    @Test
    void ofTwoThatEndOneCheckoutTogetherTheNewestLeaseDoes() {
        // given
        Lease turned = turnBack().orElseThrow();
        PlacedOrder other = instance.places();

        // when
        List<Boolean> outcomes = instance.on(() -> {
            // Something else is under way, so that what follows waits for the next transaction.
            Future<?> busy = instance.endings().leave(other.leave(Ending.CONFIRMED, NOW), instance.firstLease(other));
            Future<?> stale = instance.endings().leave(order.leave(Ending.CONFIRMED, NOW), first);
            Future<?> newest = instance.endings().leave(order.leave(Ending.CANCELLED, NOW), turned);
            return Future.join(busy, stale, newest)
                    .otherwiseEmpty()
                    .map(done -> List.of(busy.succeeded(), stale.succeeded(), newest.succeeded()));
        });

        // then
        assertThat(outcomes).containsExactly(true, false, true);
        assertThat(DATABASE.events(order.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_CANCELLED");
        assertThat(DATABASE.events(other.id())).containsExactly("1 ORDER_PLACED", "2 ORDER_CONFIRMED");
    }

    @Test
    void ofTwoThatMoveOneCheckoutTogetherTheNewestLeaseDoes() {
        // given
        Lease turned = takeOver().getFirst();
        PlacedOrder other = instance.places();

        // when
        List<Boolean> outcomes = instance.on(() -> {
            Future<?> busy = instance.sagas().advance(instance.firstLease(other), CHARGE);
            Future<?> stale = instance.sagas().advance(first, new Progress("reserve", Optional.of(Ending.CANCELLED)));
            Future<?> newest = instance.sagas().advance(turned, CHARGE);
            return Future.join(busy, stale, newest)
                    .otherwiseEmpty()
                    .map(done -> List.of(busy.succeeded(), stale.succeeded(), newest.succeeded()));
        });

        // then
        assertThat(outcomes).containsExactly(true, false, true);
        assertThat(DATABASE.texts("SELECT step || coalesce(ending, '') FROM saga"))
                .containsExactly("charge", "charge");
    }

    /** An instance that slept through the end wakes up when the order is being given back: its lease is not among the new ones. */
    @Test
    void aLeaseOfBeforeTheEndIsWorthNothingAfterACancellation() {
        // given
        PlacedOrder givenBack = instance.leavesGivingBack(false);

        // then
        Lease asleep = instance.firstLease(givenBack);
        assertLost(() -> advance(asleep, CHARGE));
        assertLost(() -> advance(asleep.next(CHARGE), new Progress("reserve", Optional.empty())));
        assertLost(() -> leave(asItWasPlaced(givenBack).leave(Ending.CONFIRMED, NOW), asleep));
        assertThat(DATABASE.texts("SELECT step || ' ' || ending FROM saga WHERE order_id = ?", givenBack.id()))
                .containsExactly("charge CANCELLED");
    }

    @Test
    void manyAreMovedAndEndedTogetherEachByItsOwnLease() {
        // given
        List<PlacedOrder> orders =
                IntStream.range(0, 40).mapToObj(number -> instance.places()).toList();
        List<UUID> taken = orders.stream()
                .filter(one -> orders.indexOf(one) % 3 == 0)
                .map(PlacedOrder::id)
                .toList();
        taken.forEach(id -> DATABASE.execute("UPDATE saga SET owner = 'other' WHERE order_id = ?", id));

        // when
        List<Future<Lease>> moves = instance.on(() -> {
            List<Future<Lease>> begun = orders.stream()
                    .map(one -> instance.sagas().advance(instance.firstLease(one), CHARGE))
                    .toList();
            return Future.join(begun).otherwiseEmpty().map(begun);
        });

        // then
        assertThat(orders)
                .allSatisfy(one ->
                        assertThat(moves.get(orders.indexOf(one)).succeeded()).isEqualTo(!taken.contains(one.id())));
        assertThat(DATABASE.number("SELECT count(*) FROM saga WHERE step = 'charge' AND version = 2"))
                .isEqualTo(orders.size() - taken.size());
    }

    private static PlacedOrder asItWasPlaced(PlacedOrder order) {
        return PlacedOrder.pending(
                order.id(), order.userId(), order.claim(), order.paymentMethod(), order.lines(), order.createdAt());
    }

    private Lease advance(Lease held, Progress to) {
        return instance.on(() -> instance.sagas().advance(held, to));
    }

    private void leave(PlacedOrder left, Lease held) {
        instance.on(() -> instance.endings().leave(left, held));
    }

    private Optional<Lease> turnBack() {
        return instance.on(() -> instance.sagas().turnBack(order.id()));
    }

    private List<Lease> takeOver() {
        return instance.on(() -> instance.sagas().takeOver(10));
    }

    private List<String> saga() {
        return DATABASE.texts("SELECT step || ' ' || coalesce(ending, '-') || ' ' || version FROM saga");
    }

    private static void assertLost(Runnable write) {
        assertThatThrownBy(write::run).isInstanceOf(LeaseLost.class);
    }
}
