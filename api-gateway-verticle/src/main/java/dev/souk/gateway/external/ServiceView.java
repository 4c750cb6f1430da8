package dev.souk.gateway.external;

import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.Policy;
import dev.souk.kit.discovery.Instance;
import io.vertx.circuitbreaker.CircuitBreakerState;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/**
 * An instance as an admin sees it.
 *
 * @param kind {@code internal} for one of the shop, {@code external} for one that was registered
 * @param node where one of the shop runs
 * @param address of one of the shop, on the bus
 * @param reason why it is not well
 * @param breaker of an external one its circuit breaker; one of the shop counts as open while it is left aside
 */
record ServiceView(
        String kind,
        String id,
        String name,
        String node,
        String version,
        String address,
        URI url,
        String healthPath,
        Integer weight,
        Policy policy,
        Instant since,
        String health,
        String reason,
        String breaker) {

    static ServiceView of(Instance instance, Map<String, String> healthByName, boolean isLeftAside) {
        // Who is not asked after is who answers this.
        String health = healthByName.getOrDefault(instance.service(), "UP");
        return new ServiceView(
                "internal",
                instance.id(),
                instance.service(),
                instance.node(),
                instance.version(),
                instance.address(),
                null,
                null,
                null,
                null,
                instance.since(),
                small(health),
                null,
                small(isLeftAside ? CircuitBreakerState.OPEN.name() : CircuitBreakerState.CLOSED.name()));
    }

    static ServiceView of(ExternalInstance instance) {
        return of(
                instance.entry(),
                instance.health().state(),
                instance.health().reason().orElse(null),
                instance.breaker());
    }

    /** One that is not looked after here yet. */
    static ServiceView of(Entry entry) {
        return of(entry, Health.State.UNKNOWN, null, CircuitBreakerState.CLOSED);
    }

    private static ServiceView of(Entry entry, Health.State health, String reason, CircuitBreakerState breaker) {
        return new ServiceView(
                "external",
                entry.id().toString(),
                entry.name(),
                null,
                null,
                null,
                entry.url(),
                entry.healthPath(),
                entry.weight(),
                entry.policy(),
                entry.createdAt(),
                small(health.name()),
                reason,
                small(breaker.name()));
    }

    private static String small(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
