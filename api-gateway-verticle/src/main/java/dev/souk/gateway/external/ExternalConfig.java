package dev.souk.gateway.external;

import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.net.ClosedAddresses;
import java.time.Duration;
import java.util.List;

/**
 * How external services are reached.
 *
 * @param timeout how long an answer may take to begin once a request has been sent
 * @param maxBody the largest request body, in bytes
 * @param connections to one instance at most, and so the requests that it is given at a time
 * @param healthInterval how often each instance is asked whether it is well
 * @param breakerFailures after so many failures in a row an instance is spared
 * @param breakerReset for so long, then one request is let through
 * @param allowLinkLocal whether an instance may be at a link-local or metadata address
 */
public record ExternalConfig(
        Duration timeout,
        int maxBody,
        int connections,
        Duration healthInterval,
        int breakerFailures,
        Duration breakerReset,
        boolean allowLinkLocal) {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final Setting<Duration> TIMEOUT = Setting.duration(
            "SOUK_EXTERNAL_TIMEOUT", "10s", "how long an external service may take to begin its answer");
    private static final Setting<Integer> MAX_BODY = Setting.integer(
            "SOUK_EXTERNAL_MAX_BODY",
            10 * 1024 * 1024,
            0,
            Integer.MAX_VALUE,
            "bytes that a body sent to an external service may have");
    private static final Setting<Integer> CONNECTIONS = Setting.integer(
            "SOUK_EXTERNAL_CONNECTIONS", 64, 1, 10_000, "connections to one instance of an external service at most");
    private static final Setting<Duration> HEALTH_INTERVAL = Setting.duration(
            "SOUK_EXTERNAL_HEALTH_INTERVAL", "2s", "how often an external service is asked whether it is well");
    private static final Setting<Integer> BREAKER_FAILURES = Setting.integer(
            "SOUK_EXTERNAL_BREAKER_FAILURES",
            5,
            1,
            1_000,
            "failures in a row after which an instance of an external service is spared");
    private static final Setting<Duration> BREAKER_RESET =
            Setting.duration("SOUK_EXTERNAL_BREAKER_RESET", "5s", "for how long it is spared before it is tried again");

    public static final List<Setting<?>> SETTINGS = List.of(
            TIMEOUT, MAX_BODY, CONNECTIONS, HEALTH_INTERVAL, BREAKER_FAILURES, BREAKER_RESET, ClosedAddresses.ALLOWED);

    /** How long a connection may take. */
    Duration connectTimeout() {
        return CONNECT_TIMEOUT;
    }

    /** @throws dev.souk.kit.config.ConfigurationException naming the setting that is wrong */
    public static ExternalConfig from(Environment environment) {
        return new ExternalConfig(
                environment.get(TIMEOUT),
                environment.get(MAX_BODY),
                environment.get(CONNECTIONS),
                environment.get(HEALTH_INTERVAL),
                environment.get(BREAKER_FAILURES),
                environment.get(BREAKER_RESET),
                environment.get(ClosedAddresses.ALLOWED));
    }
}
