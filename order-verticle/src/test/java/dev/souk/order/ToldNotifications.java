package dev.souk.order;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Event;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;

/** A notification service on the real bus that keeps what it was told. */
final class ToldNotifications {
    private final ServiceContext context;
    private final ReceivedEvents received = new ReceivedEvents();
    private Endpoint endpoint;

    ToldNotifications(ServiceContext context) {
        this.context = context;
        comeBack();
    }

    ReceivedEvents received() {
        return received;
    }

    /** The service is away from now on: nobody finds it. */
    void leave() {
        ServiceFixture.await(endpoint.close());
    }

    void comeBack() {
        endpoint = ServiceFixture.await(context.serve(
                "notification",
                Future::succeededFuture,
                on(Event.delivery("notification"), (batch, call) -> received.apply(batch, event -> {}))));
    }
}
