package dev.souk.gateway.stream;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders.Entry;
import io.vertx.core.Future;
import java.util.List;

/** A client that follows an order, by whatever protocol. Used from one event loop. */
public interface Follower {
    /** Has this called when the client is not there any more; perhaps more than once. */
    void onGone(Runnable gone);

    /** Whether what it was told before has not got through yet. */
    boolean isBehind();

    /** A sign of life, which tells at once that the stream has begun. Fails if the client is not there any more. */
    Future<Void> beat();

    /** Tells what happened next. Fails if the client is not there any more. */
    Future<Void> tell(List<Entry> entries);

    /** Everything is told. */
    Future<Void> end();

    /** No more can be told here, although there may be more. */
    Future<Void> fail(Fault reason);

    /** Lets go of the client at once. */
    void cut();
}
