package dev.souk.product;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.Operation;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.bus.OperationHandler;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What the tests ask of the product service, and the books that must always balance. */
record Shop(ServiceFixture services, TestDatabase database) {
    static final Caller ADMIN = ServiceFixture.admin();
    static final Operation<Event.Batch, Event.Applied> EVENTS = Event.delivery("product");

    UUID product(long stock) {
        return services.call(
                        Products.CREATE,
                        new Products.Create(
                                UUID.randomUUID().toString(), "Lamp", "", Map.of(), new Money(100, "USD"), stock),
                        ADMIN)
                .id();
    }

    Reservation reserve(UUID order, Quantity... lines) {
        return services.call(Products.RESERVE, new Products.Reserve(order, List.of(lines)));
    }

    Done release(UUID order) {
        return services.call(Products.RELEASE, new Products.Release(order));
    }

    /** Tells that the orders were confirmed; answers with what was refused. */
    List<Event.Refused> confirm(UUID... orders) {
        return services.call(EVENTS, confirmed(orders)).refused();
    }

    /** The same event each time it is told. */
    static Event.Batch confirmed(UUID... orders) {
        return new Event.Batch(
                "order", List.of(orders).stream().map(Shop::confirmation).toList());
    }

    private static Event confirmation(UUID order) {
        OrderEvent.Confirmed confirmed = new OrderEvent.Confirmed(new UUID(1, 1), new Money(100, "USD"));
        return new Event(
                new UUID(~order.getMostSignificantBits(), order.getLeastSignificantBits()),
                order,
                2,
                EventFormat.type(OrderEvent.Confirmed.class),
                Instant.EPOCH,
                EventFormat.data(confirmed));
    }

    StockLevel level(UUID product) {
        return services.call(Products.GET_STOCK, new Products.GetStock(product), ADMIN);
    }

    String state(UUID order) {
        return database.rows("SELECT state FROM reservation WHERE order_id = '" + order + "'")
                .getFirst();
    }

    /** Begins a call without waiting for its answer. */
    <Q, R> Future<R> start(Operation<Q, R> operation, Q request) {
        return services.start(operation, request, Optional.of(ADMIN));
    }

    /** Another service, of which only this is there. */
    String stub(String service, OperationHandler<?, ?>... operations) {
        return ServiceFixture.await(
                services.context().vertx().deployVerticle(new Stub(services.context(), service, operations)));
    }

    void remove(String stub) {
        ServiceFixture.await(services.context().vertx().undeploy(stub));
    }

    void everyPieceIsAccountedFor() {
        assertThat(database.number("SELECT count(*) FROM stock")).isPositive();
        assertThat(database.rows("""
                SELECT s.product_id, s.available, s.reserved, s.sold, cameIn.pieces
                FROM stock s
                LEFT JOIN (SELECT product_id, sum(delta) AS pieces FROM stock_adjustment GROUP BY product_id) cameIn
                     ON cameIn.product_id = s.product_id
                WHERE s.available + s.reserved + s.sold IS DISTINCT FROM cameIn.pieces
                   OR least(s.available, s.reserved, s.sold) < 0
                """)).isEmpty();
        assertThat(database.rows("""
                SELECT s.product_id, s.reserved, s.sold, l.held, l.committed
                FROM stock s
                LEFT JOIN (SELECT l.product_id,
                                  sum(l.quantity) FILTER (WHERE r.state = 'HELD') AS held,
                                  sum(l.quantity) FILTER (WHERE r.state = 'COMMITTED') AS committed
                           FROM reservation_line l JOIN reservation r ON r.order_id = l.order_id
                           GROUP BY l.product_id) l
                     ON l.product_id = s.product_id
                WHERE s.reserved <> coalesce(l.held, 0) OR s.sold <> coalesce(l.committed, 0)
                """)).isEmpty();
    }

    private static final class Stub extends VerticleBase {
        private final ServiceContext node;
        private final String service;
        private final OperationHandler<?, ?>[] operations;
        private Endpoint endpoint;

        Stub(ServiceContext node, String service, OperationHandler<?, ?>... operations) {
            this.node = node;
            this.service = service;
            this.operations = operations;
        }

        @Override
        public Future<?> start() {
            return node.serve(service, Future::succeededFuture, operations).onSuccess(opened -> endpoint = opened);
        }

        @Override
        public Future<?> stop() {
            return endpoint.close();
        }
    }
}
