package dev.souk.gateway.limit;

/**
 * How much clients may do.
 *
 * @param on whether there are limits at all
 * @param userPerSecond requests of one user
 * @param addressPerSecond requests from one address
 * @param registrationsPerMinute registrations from one address
 * @param failedLogInsPerMinute failed log-ins to one account
 * @param failedLogInsOfAddressPerMinute failed log-ins from one address
 */
public record LimitConfig(
        boolean on,
        int userPerSecond,
        int addressPerSecond,
        int registrationsPerMinute,
        int failedLogInsPerMinute,
        int failedLogInsOfAddressPerMinute) {}
