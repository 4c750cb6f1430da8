package dev.souk.gateway;

import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Part;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Products;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.problem.Problem;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Placing orders and reading them, over HTTP. */
final class OrdersHandler {
    private static final Map<String, Part> PARTS = Map.of("user", Part.USER, "products", Part.PRODUCTS);
    private static final String REPLAYED = "Idempotency-Replayed";

    private record PlaceBody(List<Products.Quantity> items, String paymentMethod) {}

    private final Bus bus;
    private final Duration checkoutDeadline;

    OrdersHandler(Bus bus, Duration checkoutDeadline) {
        this.bus = bus;
        this.checkoutDeadline = checkoutDeadline;
    }

    Future<Answer> place(ApiRequest request) {
        PlaceBody body = request.body(PlaceBody.class);
        Orders.Place place = new Orders.Place(request.required("Idempotency-Key"), body.items(), body.paymentMethod());
        return bus.call(Orders.PLACE, place, request.context(checkoutDeadline)).map(OrdersHandler::placed);
    }

    Future<Answer> list(ApiRequest request) {
        Orders.Find find = new Orders.Find(
                request.number("limit").orElse(null), request.text("cursor").orElse(null));
        return bus.call(Orders.LIST, find, request.context()).map(Answer::ok);
    }

    Future<Answer> get(ApiRequest request) {
        Set<Part> expand = request.text("expand").map(OrdersHandler::parts).orElse(Set.of());
        return bus.call(Orders.GET, new Orders.Get(request.uuid("orderId"), expand), request.context())
                .map(view -> Answer.ok(ExpandedOrder.of(view, expand)));
    }

    /** Where an order's end becomes an HTTP status. */
    private static Answer placed(Placement placement) {
        Orders.Order order = placement.order();
        String location = "/api/v1/orders/" + order.id();
        Answer answer = switch (order.status()) {
            case CONFIRMED -> Answer.created(location, order);
            case PENDING -> Answer.accepted(location, order);
            case REJECTED -> throw rejection(placement).refusal();
        };
        return placement.replayed() ? answer.with(REPLAYED, "true") : answer;
    }

    /**
     * A rejected order as a problem, the same to the byte whenever it is told. A shortage is a 409: the status of each kind of
     * problem stands in {@code problems.yaml}.
     */
    private static Problem rejection(Placement placement) {
        Problem problem = switch (placement.order().reason()) {
            case OUT_OF_STOCK ->
                Problem.of("out-of-stock", "At least one product is not there in the quantity asked for.");
        };
        Problem told = problem.withMember("orderId", placement.order().id()).firstToldIn(placement.requestId());
        return placement.replayed() ? told.withHeader(REPLAYED, "true") : told;
    }

    private static Set<Part> parts(String expand) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        Arrays.stream(expand.split(",")).map(PARTS::get).forEach(parts::add);
        return parts;
    }
}
