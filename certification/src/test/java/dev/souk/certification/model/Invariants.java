package dev.souk.certification.model;

import dev.souk.certification.model.KeptOrder.Happening;
import dev.souk.certification.model.KeptOrder.Saga;
import dev.souk.certification.model.Provider.Account;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.payment.KeptPayment;
import dev.souk.payment.OrderPayments;
import dev.souk.product.ReservationState;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What must always hold: at each moment, and when nothing is on its way any more. */
final class Invariants {
    private static final Map<Status, Set<Status>> LEGAL = legal();

    private final Shop shop;

    Invariants(Shop shop) {
        this.shop = shop;
    }

    private static Map<Status, Set<Status>> legal() {
        Map<Status, Set<Status>> legal = new EnumMap<>(Status.class);
        legal.put(Status.PENDING, Set.of(Status.CONFIRMED, Status.REJECTED, Status.CANCELLED));
        legal.put(Status.CONFIRMED, Set.of(Status.CANCELLED, Status.SHIPPED));
        return legal;
    }

    /** Holds after each single step. */
    void checkNow() {
        shop.stock().levels().forEach((productId, level) -> {
            require(
                    level.available() >= 0 && level.reserved() >= 0 && level.sold() >= 0,
                    () -> "1. stock: " + level + " is negative");
            require(
                    level.available() + level.reserved() + level.sold() == shop.pieces(productId),
                    () -> "1. stock: " + level + " are not the " + shop.pieces(productId) + " pieces that there were");
        });
        require(
                shop.payments().debits() == shop.payments().credits(),
                () -> "2. money: the ledger's debits do not equal its credits");
        shop.orders().orders().forEach(this::checkNow);
    }

    private void checkNow(KeptOrder order) {
        Account account = shop.provider().account(order.id);
        require(account.charges() <= 1, () -> "3. once: " + order + " was charged twice");
        Optional<ReservationState> reservation = shop.stock().state(order.id);
        switch (order.status()) {
            case CONFIRMED, SHIPPED, DELIVERED -> {
                require(
                        account.charges() == 1 && account.refunds() == 0,
                        () -> "3. once: " + order + " is " + order.status() + " and not charged");
                require(
                        reservation.filter(Invariants::isHeld).isPresent(),
                        () -> "3. once: " + order + " is " + order.status() + " and its stock is " + reservation);
            }
            case REJECTED, CANCELLED -> {
                if (order.saga().isEmpty()) {
                    require(account.net() == 0, () -> "3. once: " + order + " is " + order.status() + " and charged");
                    require(
                            reservation.filter(Invariants::isHeld).isEmpty(),
                            () -> "3. once: " + order + " is " + order.status() + " and its stock is " + reservation);
                }
            }
            case PENDING -> require(order.saga().isPresent(), () -> "6. settled: nobody works on " + order);
        }
    }

    /** Holds when the last fault is a minute old. */
    void checkSettled() {
        shop.orders().orders().forEach(order -> {
            require(order.status() != Status.PENDING, () -> "6. settled: " + order + " is PENDING");
            require(
                    order.saga().isEmpty(),
                    () -> "6. settled: " + order + " is not over: "
                            + order.saga().map(Saga::lease).orElseThrow());
        });
        require(
                shop.orders().deliveries().isEmpty(),
                () -> "6. settled: not delivered: " + shop.orders().deliveries());
    }

    /** Holds when nothing is on its way any more. */
    void checkEnd() {
        checkNow();
        checkSettled();
        checkReservations();
        shop.orders().orders().forEach(order -> {
            checkMoney(order);
            checkHistory(order);
        });
        shop.clients().forEach(this::checkKept);
        checkTold(shop.notified(), event -> true);
        checkTold(shop.stockTold(), event -> event.type() == Status.CONFIRMED);
    }

    private void checkReservations() {
        Map<UUID, Long> sold = new HashMap<>();
        shop.stock().reservations().forEach((orderId, row) -> {
            require(row.state() != ReservationState.HELD, () -> "1. stock: something is held when all is over");
            if (row.state() == ReservationState.COMMITTED) {
                row.lines().forEach((productId, quantity) -> sold.merge(productId, quantity, Long::sum));
            }
        });
        for (Map.Entry<UUID, StockLevel> entry : shop.stock().levels().entrySet()) {
            StockLevel level = entry.getValue();
            require(level.reserved() == 0, () -> "1. stock: " + level + " and no reservation is open");
            require(
                    level.sold() == sold.getOrDefault(entry.getKey(), 0L),
                    () -> "1. stock: " + level + " and the reservations say " + sold);
        }
    }

    private void checkMoney(KeptOrder order) {
        Account account = shop.provider().account(order.id);
        OrderPayments kept = shop.payments().of(order.id);
        require(
                succeeded(kept.charge()) == account.charged() && succeeded(kept.refund()) == account.refunded(),
                () -> "2. money: " + order + " is kept as " + kept + ", the provider says " + account);
        require(
                isBooked(kept.charge()) && isBooked(kept.refund()),
                () -> "2. money: the ledger does not say what is kept of " + order);
        require(
                account.charged() == 0
                        || account.charged() == order.wish.total().amount(),
                () -> "2. money: " + order + " was charged another sum than its total");
        require(
                kept.charge().filter(Invariants::isPending).isEmpty()
                        && kept.refund().filter(Invariants::isPending).isEmpty(),
                () -> "2. money: a payment is not settled: " + kept);
    }

    private static void checkHistory(KeptOrder order) {
        List<Happening> history = order.history;
        for (int index = 0; index < history.size(); index++) {
            Happening event = history.get(index);
            require(event.seq() == index + 1, () -> "7. history: a gap before " + event);
            require(
                    index == 0
                            ? event.type() == Status.PENDING
                            : LEGAL.getOrDefault(history.get(index - 1).type(), Set.of())
                                    .contains(event.type()),
                    () -> "7. history: " + history);
        }
        require(
                history.getLast().type() == order.status(),
                () -> "7. history: " + order + " is not where its events lead");
    }

    private void checkKept(Client client) {
        Optional<KeptOrder> order = shop.orders().find(client.wish());
        require(
                client.orderId().equals(order.map(kept -> kept.id)),
                () -> "4. kept: order " + client.wish().key() + " is not what its client was told");
        require(
                client.told().isPresent() && client.told().equals(order.flatMap(KeptOrder::left)),
                () -> "4. kept: order " + client.wish().key() + " was answered with " + client.told());
        require(
                !client.isToldCancelled()
                        || order.filter(kept -> kept.status() == Status.CANCELLED)
                                .isPresent(),
                () -> "4. kept: order " + client.wish().key() + " was said to be cancelled");
    }

    private void checkTold(List<Happening> applied, Predicate<Happening> isWanted) {
        shop.orders().orders().forEach(order -> {
            List<Happening> told = new ArrayList<>(applied);
            told.removeIf(event -> event.order() != order);
            require(
                    told.equals(order.history.stream().filter(isWanted).toList()),
                    () -> "8. told: of " + order.history + " were applied " + told);
        });
    }

    private static boolean isHeld(ReservationState state) {
        return state == ReservationState.HELD || state == ReservationState.COMMITTED;
    }

    private boolean isBooked(Optional<KeptPayment> payment) {
        return payment.filter(kept -> shop.payments().booked(kept.id()) != succeeded(payment))
                .isEmpty();
    }

    private static boolean isPending(KeptPayment payment) {
        return payment.status() == Payments.Status.PENDING;
    }

    private static long succeeded(Optional<KeptPayment> payment) {
        return payment.filter(kept -> kept.status() == Payments.Status.SUCCEEDED)
                .map(kept -> kept.amount().amount())
                .orElse(0L);
    }

    private static void require(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new Broken(otherwise.get());
        }
    }
}
