package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What the registry of external services can be asked: HTTP services, in any language, that the gateway leads to. */
public interface Registry {
    /**
     * Makes an instance of a service known, for admins. One that is known by its name and URL stays the same entry and takes
     * what is said of it now. {@code INVALID_REQUEST}.
     */
    Operation<Register, Entry> REGISTER =
            operation("registry.register", Register.class, Entry.class).repeatable();

    /** Forgets an instance, for admins. {@code NOT_FOUND} for one that never was; done again, it is done. */
    Operation<Remove, Done> REMOVE =
            operation("registry.remove", Remove.class, Done.class).repeatable();

    /** Everything that is registered, the oldest first. */
    Operation<FindAll, Entries> LIST =
            operation("registry.list", FindAll.class, Entries.class).repeatable();

    /** What is registered may have changed. */
    Signal<Changed> CHANGED = new Signal<>("registry.changed", Changed.class);

    /** How requests are spread over the instances of a service. */
    enum Policy {
        @JsonProperty("round-robin")
        ROUND_ROBIN,
        @JsonProperty("least-requests")
        LEAST_REQUESTS,
        @JsonProperty("power-of-two")
        POWER_OF_TWO,
        @JsonProperty("weighted")
        WEIGHTED
    }

    /**
     * An instance to be.
     *
     * @param name the service's; several instances may have it
     * @param url where the instance's paths begin
     * @param healthPath below the URL, answered with 2xx or 3xx while the instance is well; null to see whether it can be
     *     connected to
     * @param weight its share where the policy goes by weights, 1..100; null for 1
     * @param policy of the whole service from now on; null to leave it as it is, round robin at first
     */
    record Register(String name, URI url, String healthPath, Integer weight, Policy policy) {}

    record Remove(UUID id) {}

    record FindAll() {}

    /**
     * A registered instance.
     *
     * @param healthPath null if it is only connected to
     */
    record Entry(UUID id, String name, URI url, String healthPath, int weight, Policy policy, Instant createdAt) {}

    record Entries(List<Entry> items) {
        public Entries {
            items = List.copyOf(items);
        }
    }

    record Changed(UUID id) {}
}
