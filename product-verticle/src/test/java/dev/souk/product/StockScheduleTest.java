package dev.souk.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.Reservation.Reserved;
import dev.souk.contracts.Products.StockLevel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules under commands that come twice, late and in any order: what a single sequence of them does to a shop in
 * memory, for many sequences, each made from a seed.
 */
class StockScheduleTest {
    private static final int ORDERS = 12;
    private static final List<UUID> PRODUCTS =
            IntStream.range(0, 3).mapToObj(number -> new UUID(0, number)).toList();
    private static final long FIRST_STOCK = 12;

    private Random random;
    private Map<UUID, StockLevel> stock;
    private Map<UUID, KeptReservation> reservations;
    private Map<UUID, Map<UUID, Long>> carts;
    private Map<UUID, Status> orders;
    private List<Runnable> onTheirWay;

    static IntStream seeds() {
        return IntStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void losesAndDoublesNothing(int seed) {
        random = new Random(seed);
        stock = new HashMap<>();
        PRODUCTS.forEach(product -> stock.put(product, new StockLevel(FIRST_STOCK, 0, 0)));
        reservations = new HashMap<>();
        carts = new HashMap<>();
        orders = new HashMap<>();
        onTheirWay = new ArrayList<>();
        for (int number = 0; number < ORDERS; number++) {
            place(new UUID(1, number));
        }

        while (!onTheirWay.isEmpty()) {
            Runnable message = onTheirWay.get(random.nextInt(onTheirWay.size()));
            // What is not taken away comes again.
            if (random.nextInt(3) > 0) {
                onTheirWay.remove(message);
            }
            message.run();
            everyPieceIsAccountedFor();
        }

        orders.forEach((order, status) -> assertThat(reservations.get(order).state())
                .as("order %s, which is %s", order, status)
                .isIn(
                        status == Status.CONFIRMED
                                ? List.of(ReservationState.COMMITTED)
                                : List.of(ReservationState.REFUSED, ReservationState.RELEASED)));
    }

    private void place(UUID order) {
        orders.put(order, Status.PENDING);
        Map<UUID, Long> cart = new HashMap<>();
        PRODUCTS.stream()
                .filter(product -> random.nextBoolean())
                .forEach(product -> cart.put(product, 1L + random.nextInt(3)));
        cart.putIfAbsent(PRODUCTS.getFirst(), 1L);
        carts.put(order, cart);
        send(() -> reserve(order));
        send(() -> ask(order));
        if (random.nextInt(4) == 0) {
            send(() -> cancel(order));
        }
    }

    private void send(Runnable message) {
        onTheirWay.add(message);
    }

    /** The order service goes on with what it is told first; what was decided stays. */
    private void reserve(UUID order) {
        Reservation outcome = reserveNow(order);
        if (orders.get(order) == Status.PENDING) {
            boolean confirmed = outcome instanceof Reserved && random.nextInt(3) > 0;
            orders.put(order, confirmed ? Status.CONFIRMED : Status.REJECTED);
            send(confirmed ? () -> settle(order, StockRules::commit) : () -> release(order));
        }
    }

    private Reservation reserveNow(UUID order) {
        KeptReservation kept = reservations.get(order);
        if (kept != null) {
            return StockRules.reserveAgain(kept);
        }
        Map<UUID, Long> available = new HashMap<>();
        stock.forEach((product, level) -> available.put(product, level.available()));
        Reservation outcome = StockRules.reserve(available, carts.get(order));
        if (outcome instanceof Reservation.OutOfStock shortage) {
            reservations.put(order, new KeptReservation(ReservationState.REFUSED, shortage.productIds()));
        } else {
            reservations.put(order, new KeptReservation(ReservationState.HELD, List.of()));
            carts.get(order).forEach((product, quantity) -> move(product, -quantity, quantity, 0));
        }
        return outcome;
    }

    private void cancel(UUID order) {
        if (orders.get(order) == Status.PENDING || orders.get(order) == Status.CONFIRMED) {
            orders.put(order, Status.CANCELLED);
            send(() -> release(order));
        }
    }

    private void release(UUID order) {
        reservations.putIfAbsent(order, new KeptReservation(ReservationState.RELEASED, List.of()));
        settle(order, StockRules::release);
    }

    /** The answer is as old as its way is long. */
    private void ask(UUID order) {
        Optional<Status> standing = Optional.of(orders.get(order));
        send(() -> expire(order, standing));
    }

    private void expire(UUID order, Optional<Status> standing) {
        KeptReservation kept = reservations.get(order);
        if (kept != null && StockRules.expire(kept.state(), standing) == Expiry.GIVE_BACK) {
            settle(order, held -> Optional.of(Settling.GIVE_BACK));
        }
    }

    private void settle(UUID order, Function<ReservationState, Optional<Settling>> rule) {
        rule.apply(reservations.get(order).state()).ifPresent(settling -> {
            carts.get(order)
                    .forEach((product, quantity) -> move(
                            product,
                            settling.available() * quantity,
                            settling.reserved() * quantity,
                            settling.sold() * quantity));
            reservations.put(order, new KeptReservation(settling.end(), List.of()));
        });
    }

    private void move(UUID product, long available, long reserved, long sold) {
        stock.computeIfPresent(
                product,
                (id, level) -> new StockLevel(
                        level.available() + available, level.reserved() + reserved, level.sold() + sold));
    }

    private void everyPieceIsAccountedFor() {
        stock.forEach((product, level) -> {
            assertThat(level.available()).isNotNegative();
            assertThat(level.available() + level.reserved() + level.sold()).isEqualTo(FIRST_STOCK);
            assertThat(level.reserved()).isEqualTo(piecesOf(product, ReservationState.HELD));
            assertThat(level.sold()).isEqualTo(piecesOf(product, ReservationState.COMMITTED));
        });
    }

    private long piecesOf(UUID product, ReservationState state) {
        return reservations.entrySet().stream()
                .filter(kept -> kept.getValue().state() == state)
                .mapToLong(kept -> carts.get(kept.getKey()).getOrDefault(product, 0L))
                .sum();
    }
}
