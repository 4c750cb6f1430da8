package dev.souk.gateway;

import dev.souk.contracts.Money;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Payments.PaymentList;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What was paid for an order, over HTTP. */
final class PaymentsHandler {
    private record Payment(
            UUID id,
            String kind,
            String status,
            Money amount,
            String provider,
            String providerReference,
            Instant createdAt) {
        static Payment of(Payments.Payment payment) {
            return new Payment(
                    payment.id(),
                    JsonName.of(payment.kind()),
                    JsonName.of(payment.status()),
                    payment.amount(),
                    payment.provider(),
                    payment.providerReference(),
                    payment.createdAt());
        }
    }

    /** @param nextCursor always null: an order has few payments, and they come on one page */
    private record Page(List<Payment> items, String nextCursor) {
        static Page of(PaymentList payments) {
            return new Page(payments.items().stream().map(Payment::of).toList(), null);
        }
    }

    private final Bus bus;

    PaymentsHandler(Bus bus) {
        this.bus = bus;
    }

    /** The order service is asked first: it alone knows whether there is such an order for this caller. */
    Future<Answer> list(ApiRequest request) {
        UUID orderId = request.uuid("orderId");
        CallContext context = request.context();
        return bus.call(Orders.GET, new Orders.Get(orderId, Set.of()), context)
                .compose(order -> bus.call(Payments.LIST, new Payments.Find(orderId), context))
                .map(payments -> Answer.ok(Page.of(payments)));
    }
}
