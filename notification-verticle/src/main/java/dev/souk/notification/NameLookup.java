package dev.souk.notification;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the addresses of a name. */
interface NameLookup {
    /** All of them, at least one. Fails with {@link java.net.UnknownHostException} if there is none. */
    Future<List<InetAddress>> find(String host);

    /** As this machine finds them. Lookups of one name at a time share one thread, so that a dead zone holds up little. */
    static NameLookup ofSystem(Vertx vertx, int threads) {
        WorkerExecutor executor = vertx.createSharedWorkerExecutor("souk-webhook-names", threads);
        Map<String, Future<List<InetAddress>>> underWay = new HashMap<>();
        return host -> {
            Future<List<InetAddress>> known = underWay.get(host);
            if (known != null) {
                return known;
            }
            Future<List<InetAddress>> found =
                    executor.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
            underWay.put(host, found);
            return found.onComplete(done -> underWay.remove(host));
        };
    }
}
