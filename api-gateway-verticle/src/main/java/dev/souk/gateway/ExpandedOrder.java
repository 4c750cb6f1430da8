package dev.souk.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.souk.contracts.Orders.OrderView;
import dev.souk.contracts.Orders.Part;
import dev.souk.contracts.Products.Product;
import dev.souk.kit.bus.WireFormat;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An order as JSON, with what was asked for beside it: a part that could not be had is null and named. */
final class ExpandedOrder {
    private static final JsonMapper MAPPER = WireFormat.mapper();

    private ExpandedOrder() {}

    /** @param expand what was asked for; without any it is the plain order */
    static JsonNode of(OrderView view, Set<Part> expand) {
        ObjectNode order = MAPPER.valueToTree(view.order());
        if (expand.contains(Part.PRODUCTS)) {
            addProducts(order, view);
        }
        if (expand.contains(Part.USER)) {
            order.set("user", MAPPER.valueToTree(view.user()));
        }
        if (!expand.isEmpty()) {
            ArrayNode degraded = order.putArray("degraded");
            view.degraded().stream().map(JsonName::of).sorted().forEach(degraded::add);
        }
        return order;
    }

    private static void addProducts(ObjectNode order, OrderView view) {
        Map<String, Product> products = view.products().stream()
                .collect(Collectors.toMap(product -> product.id().toString(), Function.identity()));
        for (JsonNode line : order.path("items")) {
            Product product = products.get(line.path("productId").asText());
            ((ObjectNode) line).set("product", MAPPER.valueToTree(product));
        }
    }
}
