package dev.souk.gateway.external;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Registry;
import dev.souk.contracts.Registry.Entry;
import dev.souk.gateway.problem.Problem;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The external services as this gateway sees them: read from the registry every other second and whenever it says that
 * something changed, and looked after all the time. While the registry is away, what was known stays. Used from one event
 * loop.
 */
final class ExternalServices {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalServices.class);
    private static final Duration REFRESH = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Bus bus;
    private final ExternalConfig config;
    private final HealthProbe probe;
    private final Map<UUID, ExternalInstance> instances = new LinkedHashMap<>();
    private final Map<String, ExternalService> services = new HashMap<>();
    private Future<Void> refreshing = Future.succeededFuture();
    private Optional<Promise<Void>> next = Optional.empty();
    private Optional<MessageConsumer<?>> changes = Optional.empty();
    private boolean loaded;
    private boolean closed;

    ExternalServices(Vertx vertx, Bus bus, ExternalConfig config) {
        this.vertx = vertx;
        this.bus = bus;
        this.config = config;
        this.probe = new HealthProbe(vertx, config.allowLinkLocal());
    }

    /** Begins to follow the registry, which need not be there yet. */
    Future<Void> open() {
        refreshSometime();
        return bus.listen(Registry.CHANGED, changed -> refresh())
                .onSuccess(listening -> changes = Optional.of(listening))
                .mapEmpty();
    }

    Future<Void> close() {
        closed = true;
        instances.values().forEach(ExternalInstance::close);
        instances.clear();
        return changes.<Future<?>>map(MessageConsumer::unregister)
                .orElseGet(Future::succeededFuture)
                .transform(done -> probe.close());
    }

    /** The service of a name. @throws RuntimeException that tells that there is none, or that it is not known yet */
    ExternalService find(String name) {
        ExternalService service = services.get(name);
        if (service == null && !loaded) {
            throw Fault.of(Fault.Code.UNAVAILABLE, "The registry of external services has not answered yet.");
        }
        if (service == null) {
            throw Problem.of("service-not-found", "No external service has this name.")
                    .refusal();
        }
        return service;
    }

    Optional<ExternalInstance> find(UUID id) {
        return Optional.ofNullable(instances.get(id));
    }

    /** All instances, by name. */
    List<ExternalInstance> all() {
        return List.copyOf(instances.values());
    }

    /** Reads the registry: what was changed before this call is known here when its future succeeds. */
    Future<Void> refresh() {
        if (!refreshing.isComplete()) {
            // What is being read may have been read before the change.
            if (next.isEmpty()) {
                next = Optional.of(Promise.promise());
            }
            return next.get().future();
        }
        refreshing = load();
        return refreshing.onComplete(done -> {
            Optional<Promise<Void>> waiting = next;
            next = Optional.empty();
            waiting.ifPresent(promise -> refresh().onComplete(promise));
        });
    }

    private void refreshSometime() {
        refresh().onComplete(done -> {
            if (!closed) {
                vertx.setTimer(REFRESH.toMillis(), id -> refreshSometime());
            }
        });
    }

    private Future<Void> load() {
        return bus.call(Registry.LIST, new Registry.FindAll(), CallContext.ofService("external-services", LIMIT))
                .onSuccess(read -> replace(read.items()))
                .onFailure(failure -> LOG.debug("the registry does not answer: {}", failure.getMessage()))
                .mapEmpty();
    }

    private void replace(List<Entry> entries) {
        if (closed) {
            return;
        }
        loaded = true;
        Map<UUID, Entry> now = entries.stream().collect(Collectors.toMap(Entry::id, entry -> entry));
        instances.values().removeIf(instance -> {
            boolean gone = !now.containsKey(instance.entry().id());
            if (gone) {
                instance.close();
            }
            return gone;
        });
        entries.forEach(this::learn);
        Map<String, List<ExternalInstance>> byName = instances.values().stream()
                .collect(Collectors.groupingBy(instance -> instance.entry().name()));
        services.keySet().retainAll(byName.keySet());
        byName.forEach((name, known) ->
                services.computeIfAbsent(name, unknown -> new ExternalService()).use(known));
    }

    private void learn(Entry entry) {
        ExternalInstance known = instances.get(entry.id());
        if (known == null) {
            ExternalInstance added = new ExternalInstance(vertx, config, entry);
            instances.put(entry.id(), added);
            watch(added);
        } else {
            known.is(entry);
        }
    }

    private void watch(ExternalInstance instance) {
        if (instances.get(instance.entry().id()) == instance) {
            probe.look(instance)
                    .onComplete(looked -> vertx.setTimer(config.healthInterval().toMillis(), id -> watch(instance)));
        }
    }
}
