package dev.souk.order;

import dev.souk.kit.db.Database;
import dev.souk.order.SagaRepository.Lease;
import io.vertx.core.Future;
import java.util.Optional;

/** The changes of an order that belong into one transaction with its checkout's progress. */
final class OrderStore {
    private final Database database;
    private final OrderRepository orders;
    private final SagaRepository sagas;

    OrderStore(Database database, OrderRepository orders, SagaRepository sagas) {
        this.database = database;
        this.orders = orders;
        this.sagas = sagas;
    }

    /** Stores a pending order and begins its checkout; empty if its key was claimed before. */
    Future<Optional<Lease>> place(PlacedOrder order) {
        return database.transaction(transaction -> orders.insert(transaction, order)
                .compose(isNew -> isNew
                        ? sagas.begin(transaction, order.id(), Checkout.first()).map(Optional::of)
                        : Future.succeededFuture(Optional.empty())));
    }

    /** Writes the order's end, and turns its checkout to the next step. */
    Future<Lease> end(PlacedOrder order, Lease held, Step next) {
        return database.transaction(transaction -> sagas.advance(transaction, held, next)
                .compose(lease -> orders.end(transaction, order).map(lease)));
    }

    /** Writes the order's end, which is the end of its checkout too. */
    Future<Void> end(PlacedOrder order, Lease held) {
        return database.transaction(
                transaction -> sagas.end(transaction, held).compose(ended -> orders.end(transaction, order)));
    }
}
