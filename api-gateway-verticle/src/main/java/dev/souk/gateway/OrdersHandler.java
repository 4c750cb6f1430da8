package dev.souk.gateway;

import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Part;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.kit.bus.Bus;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Placing orders, reading them and moving them on, over HTTP. */
final class OrdersHandler {
    private static final Map<String, Part> PARTS = Map.of("user", Part.USER, "products", Part.PRODUCTS);
    private static final String RESPOND_ASYNC = "respond-async";

    private record PlaceBody(List<Products.Quantity> items, String paymentMethod) {}

    private final Bus bus;
    private final Duration checkoutDeadline;

    /** @param checkoutDeadline how long placing and cancelling may take */
    OrdersHandler(Bus bus, Duration checkoutDeadline) {
        this.bus = bus;
        this.checkoutDeadline = checkoutDeadline;
    }

    Future<Answer> place(ApiRequest request) {
        PlaceBody body = request.body(PlaceBody.class);
        boolean async = request.prefers(RESPOND_ASYNC);
        Orders.Place place =
                new Orders.Place(request.required("Idempotency-Key"), body.items(), body.paymentMethod(), async);
        return bus.call(Orders.PLACE, place, request.context(checkoutDeadline))
                .map(PlacedAnswer::of)
                .map(answer ->
                        async && answer.status() == 202 ? answer.with("Preference-Applied", RESPOND_ASYNC) : answer);
    }

    Future<Answer> list(ApiRequest request) {
        Orders.Find find = new Orders.Find(
                request.text("status").map(Status::valueOf).orElse(null),
                request.findUuid("userId").orElse(null),
                request.number("limit").orElse(null),
                request.text("cursor").orElse(null));
        return bus.call(Orders.LIST, find, request.context()).map(Answer::ok);
    }

    Future<Answer> get(ApiRequest request) {
        Set<Part> expand = request.text("expand").map(OrdersHandler::parts).orElse(Set.of());
        return bus.call(Orders.GET, new Orders.Get(request.uuid("orderId"), expand), request.context())
                .map(view -> Answer.ok(ExpandedOrder.of(view, expand)).unlessHeldBy(request));
    }

    Future<Answer> timeline(ApiRequest request) {
        return bus.call(Orders.TIMELINE, new Orders.GetTimeline(request.uuid("orderId"), null), request.context())
                .map(Answer::ok);
    }

    Future<Answer> cancel(ApiRequest request) {
        return bus.call(Orders.CANCEL, new Orders.Cancel(request.uuid("orderId")), request.context(checkoutDeadline))
                .map(Answer::ok);
    }

    Future<Answer> ship(ApiRequest request) {
        return bus.call(Orders.SHIP, new Orders.Ship(request.uuid("orderId")), request.context())
                .map(Answer::ok);
    }

    Future<Answer> deliver(ApiRequest request) {
        return bus.call(Orders.DELIVER, new Orders.Deliver(request.uuid("orderId")), request.context())
                .map(Answer::ok);
    }

    private static Set<Part> parts(String expand) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        Arrays.stream(expand.split(",")).map(PARTS::get).forEach(parts::add);
        return parts;
    }
}
