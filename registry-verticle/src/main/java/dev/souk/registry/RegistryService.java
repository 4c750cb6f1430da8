package dev.souk.registry;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Registry;
import dev.souk.contracts.Registry.Changed;
import dev.souk.contracts.Registry.Entries;
import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.FindAll;
import dev.souk.contracts.Registry.Policy;
import dev.souk.contracts.Registry.Register;
import dev.souk.contracts.Registry.Remove;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what is registered. */
final class RegistryService {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryService.class);
    private static final int USUAL_WEIGHT = 1;

    private final ExternalServiceRepository services;
    private final RegistrationRules rules;
    private final Bus bus;
    private final Clock clock;
    private final Supplier<UUID> ids;

    RegistryService(
            ExternalServiceRepository services, RegistrationRules rules, Bus bus, Clock clock, Supplier<UUID> ids) {
        this.services = services;
        this.rules = rules;
        this.bus = bus;
        this.clock = clock;
        this.ids = ids;
    }

    Future<Entry> register(Register asked, CallContext call) {
        Caller admin = call.requireAdmin();
        rules.check(asked);
        Entry wanted = new Entry(
                ids.get(),
                asked.name(),
                asked.url(),
                asked.healthPath(),
                Objects.requireNonNullElse(asked.weight(), USUAL_WEIGHT),
                Objects.requireNonNullElse(asked.policy(), Policy.ROUND_ROBIN),
                clock.instant());
        return services.register(wanted, Optional.ofNullable(asked.policy())).onSuccess(entry -> {
            LOG.info("{} at {} was registered by {}", entry.name(), entry.url(), admin.userId());
            bus.signal(Registry.CHANGED, new Changed(entry.id()));
        });
    }

    Future<Done> remove(Remove asked, CallContext call) {
        Caller admin = call.requireAdmin();
        return services.remove(asked.id(), clock.instant()).map(known -> {
            if (!known) {
                throw Fault.notFound("external service");
            }
            LOG.info("the external service {} was removed by {}", asked.id(), admin.userId());
            bus.signal(Registry.CHANGED, new Changed(asked.id()));
            return Done.DONE;
        });
    }

    Future<Entries> list(FindAll asked, CallContext call) {
        return services.findAll().map(Entries::new);
    }
}
