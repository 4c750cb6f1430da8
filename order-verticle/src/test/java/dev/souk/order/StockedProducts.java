package dev.souk.order;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Done;
import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Product;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Quoted;
import dev.souk.contracts.Products.Reservation;
import dev.souk.contracts.Products.StockLevel;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A product service on the real bus whose stock is in memory, kept as the real one keeps it. Safe for all threads. */
final class StockedProducts {
    private final ServiceContext context;
    private final Journal journal;
    private final Disturbances disturbances = new Disturbances();
    private final ReceivedEvents received = new ReceivedEvents();
    private final Map<UUID, Product> products = new LinkedHashMap<>();
    private final Map<UUID, StockLevel> stock = new HashMap<>();
    private final Map<UUID, Held> reservations = new HashMap<>();
    private final Map<UUID, Integer> reservesByOrder = new HashMap<>();
    private Endpoint endpoint;
    private boolean leavesAfterQuote;

    private enum State {
        RESERVED,
        REFUSED,
        COMMITTED,
        RELEASED
    }

    private record Held(State state, List<Quantity> lines) {}

    StockedProducts(ServiceContext context, Journal journal) {
        this.context = context;
        this.journal = journal;
        comeBack();
    }

    Disturbances disturbances() {
        return disturbances;
    }

    /** What it was told of orders. */
    ReceivedEvents received() {
        return received;
    }

    /** Puts a new product on the shelf. */
    synchronized UUID stock(String sku, long price, long available) {
        UUID id = context.ids().get();
        stock.put(id, new StockLevel(available, 0, 0));
        changePrice(id, sku, price);
        return id;
    }

    synchronized void changePrice(UUID id, String sku, long price) {
        Instant now = context.clock().instant();
        products.put(id, new Product(id, sku, "The " + sku, "", Map.of(), new Money(price, "USD"), 0, 1, now, now));
    }

    synchronized StockLevel level(UUID productId) {
        return stock.get(productId);
    }

    /** How often a reservation was asked for on behalf of the order. */
    synchronized int reserves(UUID orderId) {
        return reservesByOrder.getOrDefault(orderId, 0);
    }

    /** The service is away from now on: nobody finds it. */
    void leave() {
        Future<Void> closed = endpoint.close();
        disturbances.letGo();
        ServiceFixture.await(closed);
    }

    /** The service goes away as soon as it has told the prices of the next order. */
    synchronized void leaveAfterQuote() {
        leavesAfterQuote = true;
    }

    void comeBack() {
        endpoint = ServiceFixture.await(context.serve(
                "product",
                Future::succeededFuture,
                on(Products.QUOTE, (quote, call) -> disturbances.answer(Products.QUOTE, () -> quote(quote))),
                on(Products.LOOKUP, (lookup, call) -> disturbances.answer(Products.LOOKUP, () -> lookup(lookup))),
                on(Products.RESERVE, (reserve, call) -> {
                    countReserve(reserve.orderId());
                    return disturbances.answer(Products.RESERVE, () -> reserve(reserve));
                }),
                on(
                        Products.RELEASE,
                        (release, call) -> disturbances.answer(Products.RELEASE, () -> release(release.orderId()))),
                on(Event.delivery("product"), (batch, call) -> received.apply(batch, this::commit))));
    }

    private synchronized void countReserve(UUID orderId) {
        reservesByOrder.merge(orderId, 1, Integer::sum);
    }

    private synchronized Products.Quotation quote(Products.Quote quote) {
        if (leavesAfterQuote) {
            leavesAfterQuote = false;
            endpoint.close();
        }
        return new Products.Quotation(found(quote.productIds()).stream()
                .map(product -> new Quoted(product.id(), product.sku(), product.name(), product.price()))
                .toList());
    }

    private synchronized Products.ProductList lookup(Products.Lookup lookup) {
        return new Products.ProductList(found(lookup.productIds()));
    }

    private List<Product> found(List<UUID> ids) {
        return ids.stream().map(products::get).filter(Objects::nonNull).toList();
    }

    private synchronized Reservation reserve(Products.Reserve reserve) {
        journal.note(reserve.orderId(), "reserve");
        Held held = reservations.computeIfAbsent(reserve.orderId(), id -> hold(reserve.lines()));
        return switch (held.state()) {
            case RESERVED, COMMITTED -> new Reservation.Reserved();
            case REFUSED ->
                new Reservation.OutOfStock(List.of(reserve.lines().getFirst().productId()));
            case RELEASED -> new Reservation.Closed();
        };
    }

    private Held hold(List<Quantity> lines) {
        if (lines.stream().anyMatch(line -> stock.get(line.productId()).available() < line.quantity())) {
            return new Held(State.REFUSED, List.of());
        }
        lines.forEach(line -> move(line, -line.quantity(), line.quantity(), 0));
        return new Held(State.RESERVED, lines);
    }

    private synchronized void commit(Event event) {
        reservations.computeIfPresent(event.aggregateId(), (id, held) -> {
            if (held.state() != State.RESERVED) {
                return held;
            }
            held.lines().forEach(line -> move(line, 0, -line.quantity(), line.quantity()));
            return new Held(State.COMMITTED, held.lines());
        });
    }

    private synchronized Done release(UUID orderId) {
        journal.note(orderId, "release");
        Held held = reservations.getOrDefault(orderId, new Held(State.RELEASED, List.of()));
        switch (held.state()) {
            case RESERVED -> held.lines().forEach(line -> move(line, line.quantity(), -line.quantity(), 0));
            case COMMITTED -> held.lines().forEach(line -> move(line, line.quantity(), 0, -line.quantity()));
            case REFUSED, RELEASED -> {}
        }
        reservations.put(orderId, new Held(State.RELEASED, List.of()));
        return Done.DONE;
    }

    private void move(Quantity line, int available, int reserved, int sold) {
        stock.computeIfPresent(
                line.productId(),
                (id, level) -> new StockLevel(
                        level.available() + available, level.reserved() + reserved, level.sold() + sold));
    }
}
