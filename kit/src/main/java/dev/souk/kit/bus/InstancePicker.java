package dev.souk.kit.bus;

import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Chooses who is asked: instances of this node first, otherwise in turn; one that did not answer is left aside for a
 * while, unless there is no other.
 */
final class InstancePicker {
    private static final Duration ASIDE = Duration.ofSeconds(5);

    private final Discovery discovery;
    private final String node;
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, Deadline> asideUntil = new ConcurrentHashMap<>();

    InstancePicker(Discovery discovery, String node) {
        this.discovery = discovery;
        this.node = node;
    }

    Optional<Instance> pick(String service) {
        List<Instance> known = discovery.instances(service);
        return choose(known, instance -> isTrusted(instance) && instance.node().equals(node))
                .or(() -> choose(known, this::isTrusted))
                .or(() -> choose(known, any -> true));
    }

    /** Another instance than the one that failed, if there is one that is not itself set aside. */
    Optional<Instance> pickOther(String service, Instance failed) {
        return choose(
                discovery.instances(service),
                instance -> isTrusted(instance) && !instance.id().equals(failed.id()));
    }

    void setAside(Instance instance) {
        asideUntil.values().removeIf(Deadline::hasPassed);
        asideUntil.put(instance.id(), Deadline.in(ASIDE));
    }

    boolean isTrusted(Instance instance) {
        Deadline until = asideUntil.get(instance.id());
        return until == null || until.hasPassed();
    }

    private Optional<Instance> choose(List<Instance> known, Predicate<Instance> wanted) {
        List<Instance> candidates = known.stream().filter(wanted).toList();
        return candidates.isEmpty()
                ? Optional.empty()
                : Optional.of(candidates.get(Math.floorMod(turn.getAndIncrement(), candidates.size())));
    }
}
