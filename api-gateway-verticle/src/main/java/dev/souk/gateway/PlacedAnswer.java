package dev.souk.gateway;

import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Placement;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.Refusal;

/** Where an order's end becomes an HTTP status. */
final class PlacedAnswer {
    private static final String REPLAYED = "Idempotency-Replayed";

    private PlacedAnswer() {}

    /** @throws Refusal if the order ended without being confirmed */
    static Answer of(Placement placement) {
        Orders.Order order = placement.order();
        String location = "/api/v1/orders/" + order.id();
        Answer answer = switch (order.status()) {
            // One that went on from there was confirmed all the same.
            case CONFIRMED, SHIPPED, DELIVERED -> Answer.created(location, order);
            case PENDING -> Answer.accepted(location, order);
            case REJECTED, CANCELLED -> throw told(ended(order), placement).refusal();
        };
        return placement.replayed() ? answer.with(REPLAYED, "true") : answer;
    }

    /** The status of each kind of problem stands in {@code problems.yaml}. */
    private static Problem ended(Orders.Order order) {
        if (order.status() == Orders.Status.CANCELLED) {
            return Problem.of("order-cancelled", "The order was cancelled before it could be confirmed.");
        }
        return switch (order.reason()) {
            case OUT_OF_STOCK ->
                Problem.of("out-of-stock", "At least one product is not there in the quantity asked for.");
            case PAYMENT_DECLINED -> Problem.of("payment-declined", "The payment provider declined the payment.");
        };
    }

    /** The same to the byte whenever it is told. */
    private static Problem told(Problem problem, Placement placement) {
        Problem told = problem.withMember("orderId", placement.order().id()).firstToldIn(placement.requestId());
        return placement.replayed() ? told.withHeader(REPLAYED, "true") : told;
    }
}
