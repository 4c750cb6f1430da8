package dev.souk.gateway.external;

import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.Policy;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The instances of one name, and whose turn it is. Used from one event loop. */
final class ExternalService {
    private List<ExternalInstance> instances = List.of();
    private List<Entry> inTurn = List.of();
    private ServerSelector turns = () -> -1;

    /** From now on these, at least one. */
    void use(List<ExternalInstance> known) {
        instances = List.copyOf(known);
    }

    /** Who is to be asked, by the service's policy; empty if nobody is well. */
    Optional<ExternalInstance> pick() {
        List<ExternalInstance> able = able();
        List<Entry> entries = able.stream().map(ExternalInstance::entry).toList();
        if (!entries.equals(inTurn)) {
            inTurn = entries;
            turns = selector(able);
        }
        int chosen = turns.select();
        return chosen < 0 ? Optional.empty() : Optional.of(able.get(chosen));
    }

    /** Who is asked after these could not be reached: the least busy of the others. */
    Optional<ExternalInstance> pickOther(Set<ExternalInstance> tried) {
        return able().stream()
                .filter(instance -> !tried.contains(instance))
                .min(Comparator.comparingInt(ExternalInstance::inFlight));
    }

    /** Whether an instance is well, but has all that it can do. */
    boolean isBusy() {
        return instances.stream().anyMatch(ExternalInstance::isWell);
    }

    private List<ExternalInstance> able() {
        return instances.stream().filter(ExternalInstance::isAble).toList();
    }

    private static ServerSelector selector(List<ExternalInstance> able) {
        Policy policy =
                able.isEmpty() ? Policy.ROUND_ROBIN : able.getFirst().entry().policy();
        return balancer(policy).selector(able);
    }

    private static LoadBalancer balancer(Policy policy) {
        return switch (policy) {
            case ROUND_ROBIN -> LoadBalancer.ROUND_ROBIN;
            case LEAST_REQUESTS -> LoadBalancer.LEAST_REQUESTS;
            case POWER_OF_TWO -> LoadBalancer.POWER_OF_TWO_CHOICES;
            case WEIGHTED -> ExternalService::weighted;
        };
    }

    private static ServerSelector weighted(List<? extends ServerEndpoint> endpoints) {
        return new WeightedSelector(endpoints.stream()
                .map(endpoint -> ((Entry) endpoint.unwrap()).weight())
                .toList());
    }
}
