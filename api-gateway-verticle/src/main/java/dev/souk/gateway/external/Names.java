package dev.souk.gateway.external;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the addresses of names as this machine does. A name is looked up by one thread at a time. Used from one event loop. */
final class Names {
    /** So many names may lead nowhere, slowly, before others have to wait. */
    private static final int THREADS = 8;

    private final WorkerExecutor executor;
    private final Map<String, Future<List<InetAddress>>> underWay = new HashMap<>();

    Names(Vertx vertx) {
        executor = vertx.createSharedWorkerExecutor("souk-external-names", THREADS);
    }

    /** All of them, at least one. Fails with {@link java.net.UnknownHostException} if there is none. */
    Future<List<InetAddress>> find(String host) {
        Future<List<InetAddress>> known = underWay.get(host);
        if (known != null) {
            return known;
        }
        Future<List<InetAddress>> found =
                executor.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
        underWay.put(host, found);
        return found.onComplete(done -> underWay.remove(host));
    }

    Future<Void> close() {
        return executor.close();
    }
}
