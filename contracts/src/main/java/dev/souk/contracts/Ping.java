package dev.souk.contracts;

import static dev.souk.contracts.Operation.operation;

import java.time.Duration;

/** Asks a service whether it can do its work. Every service serves it. */
public record Ping() {
    /** Succeeds when an instance of the service is up and can reach what it stands on; otherwise {@code UNAVAILABLE}. */
    public static Operation<Ping, Done> of(String service) {
        return operation(service + ".ping", Ping.class, Done.class).repeatable().within(Duration.ofSeconds(1));
    }
}
