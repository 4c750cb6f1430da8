package dev.souk.order;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Makes sure that whoever places an order has an account. Accounts are never deleted, so one that was seen once need not be
 * asked for again. Used from one event loop.
 */
final class AccountCheck {
    private static final int MOST_REMEMBERED = 50_000;

    private final Bus bus;
    private final Map<UUID, Boolean> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    AccountCheck(Bus bus) {
        this.bus = bus;
    }

    /** Fails with {@code UNAUTHENTICATED} if there is no such account. */
    Future<?> require(Caller caller, CallContext context) {
        if (seen.containsKey(caller.userId())) {
            return Future.succeededFuture();
        }
        return bus.call(Users.GET, new Users.Get(caller.userId()), context)
                .onSuccess(user -> seen.put(caller.userId(), true))
                .recover(failure -> failure instanceof Fault fault && fault.code() == Fault.Code.NOT_FOUND
                        ? Future.failedFuture(Fault.of(Fault.Code.UNAUTHENTICATED, "This account does not exist."))
                        : Future.failedFuture(failure));
    }
}
