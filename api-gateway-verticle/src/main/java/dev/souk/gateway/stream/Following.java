package dev.souk.gateway.stream;

import dev.souk.gateway.http.ApiRequest;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;

/** Begins to follow an order. */
@FunctionalInterface
public interface Following {
    /**
     * What this leads to is given the client as soon as it can be told; it is empty if no event can come any more. Fails with
     * a fault for whoever may not see the order, or when as many follow as can at a time.
     */
    Future<Optional<Consumer<Follower>>> begin(ApiRequest request);
}
