package dev.souk.order;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Quotation;
import dev.souk.contracts.Products.Quoted;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Decides what each line of an order costs: the product service's price of this moment, never the client's. */
final class OrderPricing {
    private final Bus bus;

    OrderPricing(Bus bus) {
        this.bus = bus;
    }

    /** The lines at today's prices. {@code PRODUCT_NOT_FOUND} if one cannot be ordered, {@code INVALID_REQUEST} for mixed currencies. */
    Future<List<Line>> price(List<Quantity> items, CallContext context) {
        List<UUID> productIds = items.stream().map(Quantity::productId).toList();
        return bus.call(Products.QUOTE, new Products.Quote(productIds), context)
                .map(quotation -> lines(items, quotation));
    }

    static List<Line> lines(List<Quantity> items, Quotation quotation) {
        Map<UUID, Quoted> quotes =
                quotation.items().stream().collect(Collectors.toMap(Quoted::productId, Function.identity()));
        requireKnown(items, quotes);
        requireOneCurrency(quotes);
        return items.stream()
                .map(item -> line(item, quotes.get(item.productId())))
                .toList();
    }

    private static Line line(Quantity item, Quoted quoted) {
        return new Line(
                quoted.productId(),
                quoted.sku(),
                quoted.name(),
                item.quantity(),
                quoted.unitPrice(),
                quoted.unitPrice().times(item.quantity()));
    }

    private static void requireKnown(List<Quantity> items, Map<UUID, Quoted> quotes) {
        List<Violation> unknown = IntStream.range(0, items.size())
                .filter(index -> !quotes.containsKey(items.get(index).productId()))
                .mapToObj(index -> new Violation("/items/" + index + "/productId", "There is no such product."))
                .toList();
        if (!unknown.isEmpty()) {
            throw Fault.of(Fault.Code.PRODUCT_NOT_FOUND, "The order names products that cannot be ordered.", unknown);
        }
    }

    private static void requireOneCurrency(Map<UUID, Quoted> quotes) {
        long currencies = quotes.values().stream()
                .map(quoted -> quoted.unitPrice().currency())
                .distinct()
                .count();
        if (currencies > 1) {
            throw Fault.invalid("/items", "all products of an order must have the same currency");
        }
    }
}
