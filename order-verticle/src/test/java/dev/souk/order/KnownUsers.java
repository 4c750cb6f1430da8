package dev.souk.order;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users;
import dev.souk.contracts.Users.User;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** A user service on the real bus that knows whom the test makes known. */
final class KnownUsers {
    private final ServiceContext context;
    private final Disturbances disturbances = new Disturbances();
    private final Set<UUID> known = ConcurrentHashMap.newKeySet();
    private final Endpoint endpoint;

    KnownUsers(ServiceContext context) {
        this.context = context;
        this.endpoint = ServiceFixture.await(context.serve(
                "user",
                Future::succeededFuture,
                on(Users.GET, (get, call) -> disturbances.answer(Users.GET, () -> find(get.userId())))));
    }

    Disturbances disturbances() {
        return disturbances;
    }

    /** A new customer. */
    Caller register() {
        Caller customer = ServiceFixture.customer();
        known.add(customer.userId());
        return customer;
    }

    /** The account is gone, though its tokens are still about. */
    void remove(Caller caller) {
        known.remove(caller.userId());
    }

    /** The service is away from now on: nobody finds it. */
    void leave() {
        ServiceFixture.await(endpoint.close());
    }

    private User find(UUID userId) {
        if (!known.contains(userId)) {
            throw Fault.notFound("user");
        }
        return new User(
                userId,
                "Ada",
                "ada@example.com",
                Caller.Role.CUSTOMER,
                context.clock().instant());
    }
}
