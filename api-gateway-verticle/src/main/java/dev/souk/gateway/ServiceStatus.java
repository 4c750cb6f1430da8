package dev.souk.gateway;

import dev.souk.contracts.Ping;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the services answer. Anyone may ask, so what was found is told for half a second before they are asked again.
 * Used from one event loop.
 */
final class ServiceStatus {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration TOLD_FOR = Duration.ofMillis(500);

    private final Bus bus;
    private final List<String> services;
    private Future<Map<String, String>> latest = Future.succeededFuture(Map.of());
    private Deadline old = Deadline.in(Duration.ZERO);

    ServiceStatus(Bus bus, List<String> services) {
        this.bus = bus;
        this.services = List.copyOf(services);
    }

    /** Each service with {@code UP} or {@code DOWN}; never fails. */
    Future<Map<String, String>> ask() {
        if (latest.isComplete() && old.hasPassed()) {
            latest = askAll();
            // From the answer on, so that a slow one is told as long as a quick one.
            latest.onComplete(answered -> old = Deadline.in(TOLD_FOR));
        }
        return latest;
    }

    private Future<Map<String, String>> askAll() {
        List<Future<String>> answers = services.stream().map(this::askOne).toList();
        return Future.join(answers).map(all -> {
            Map<String, String> status = new LinkedHashMap<>();
            for (int i = 0; i < services.size(); i++) {
                status.put(services.get(i), answers.get(i).result());
            }
            return status;
        });
    }

    private Future<String> askOne(String service) {
        return bus.call(Ping.of(service), new Ping(), CallContext.ofService("ready", LIMIT))
                .map("UP")
                .otherwise("DOWN");
    }
}
