package dev.souk.kit.discovery;

import java.time.Instant;
import java.util.Objects;

/**
 * One running instance of a service.
 *
 * @param id unique over all instances that ever ran
 * @param service the service's name, {@code product}
 * @param node the name of the node that it runs on
 * @param version the version of its code
 * @param since when it started to serve
 */
public record Instance(String id, String service, String node, String version, Instant since) {
    public Instance {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(since, "since");
    }

    /** Its own address on the bus: one consumer per address, so that the bus never chooses for us. */
    public String address() {
        return "souk." + service + "." + id;
    }
}
