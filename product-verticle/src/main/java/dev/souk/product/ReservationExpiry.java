package dev.souk.product;

import dev.souk.contracts.Orders;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then for stock that is held longer than a checkout takes, and gives back what is held for an order that
 * does not stand. That time has passed is only a reason to ask: the order service says whether the order stands, and as
 * long as it cannot be asked everything stays held. Several instances may do this at once.
 */
final class ReservationExpiry {
    private static final Logger LOG = LoggerFactory.getLogger(ReservationExpiry.class);
    private static final int MOST_AT_ONCE = 500;

    private final Vertx vertx;
    private final Bus bus;
    private final StockRepository stock;
    private final Clock clock;
    private final Duration timeToLive;
    private final Duration interval;
    private Future<Void> sweep = Future.succeededFuture();
    private boolean stopping;
    private long timer = Timers.NONE;

    /** @param timeToLive how long a hold whose order stands is left alone before it is asked about again */
    ReservationExpiry(
            Vertx vertx, Bus bus, StockRepository stock, Clock clock, Duration timeToLive, Duration interval) {
        this.vertx = vertx;
        this.bus = bus;
        this.stock = stock;
        this.clock = clock;
        this.timeToLive = timeToLive;
        this.interval = interval;
    }

    void start() {
        timer = vertx.setPeriodic(interval.toMillis(), id -> sweepUnlessItRuns());
    }

    /** Begins no other sweep, and ends with the one that runs. */
    Future<Void> stop() {
        stopping = true;
        vertx.cancelTimer(timer);
        return sweep;
    }

    private void sweepUnlessItRuns() {
        if (sweep.isComplete()) {
            sweep = sweep().recover(failure -> {
                LOG.info("reservations whose time is over stay held: {}", failure.getMessage());
                return Future.succeededFuture();
            });
        }
    }

    /** Ends: each order that is looked into is settled or not due any more. */
    private Future<Void> sweep() {
        return stock.expired(clock.instant(), MOST_AT_ONCE)
                .compose(expired -> expired.isEmpty() ? Future.succeededFuture() : lookInto(expired));
    }

    private Future<Void> lookInto(Set<UUID> orderIds) {
        return bus.call(
                        Orders.STANDINGS,
                        new Orders.GetStandings(orderIds),
                        CallContext.ofService("reservation-expiry", Orders.STANDINGS.timeout()))
                .compose(standings -> settle(orderIds, standings.orders()))
                .onSuccess(ReservationExpiry::tell)
                .compose(over -> orderIds.size() < MOST_AT_ONCE || stopping ? Future.succeededFuture() : sweep());
    }

    /** How many were given back. */
    private Future<Integer> settle(Set<UUID> orderIds, Map<UUID, Orders.Status> standings) {
        return stock.transaction(
                "expire-reservations",
                tables -> tables.lock(orderIds).compose(known -> settle(tables, known, standings)));
    }

    /** The rows are locked: what was sold while the order service was asked is seen here. */
    private Future<Integer> settle(
            StockStore tables, Map<UUID, KeptReservation> known, Map<UUID, Orders.Status> standings) {
        Instant now = clock.instant();
        Map<UUID, Settling> over = new HashMap<>();
        Set<UUID> standing = new HashSet<>();
        known.forEach((orderId, kept) -> {
            switch (StockRules.expire(kept.state(), Optional.ofNullable(standings.get(orderId)))) {
                case GIVE_BACK -> over.put(orderId, Settling.GIVE_BACK);
                case STAYS_HELD -> standing.add(orderId);
                case IS_SETTLED -> LOG.debug("the order {} was settled in time", orderId);
            }
        });
        return tables.settle(over, now)
                .compose(settled -> tables.renew(standing, now.plus(timeToLive)))
                .map(renewed -> over.size());
    }

    private static void tell(int over) {
        if (over > 0) {
            LOG.info("what was held for {} orders that do not stand is given back", over);
        }
    }
}
