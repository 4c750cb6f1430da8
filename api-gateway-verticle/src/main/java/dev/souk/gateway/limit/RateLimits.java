package dev.souk.gateway.limit;

import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.Refusal;
import dev.souk.kit.node.ServiceContext;
import io.github.bucket4j.TimeMeter;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.UUID;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * How much one client may do. Nothing is asked of anyone but this process; each gateway gives out its part of a limit, by
 * how many gateways there are.
 */
public final class RateLimits {
    private static final String REQUESTS = "default";

    private final boolean on;
    private final Buckets addresses;
    private final Buckets users;
    private final Buckets registrations;
    private final LogInThrottle logIns;

    /** Those of a gateway that shares them with all that discovery sees under its name. */
    public static RateLimits of(LimitConfig config, String gateway, ServiceContext context) {
        if (!config.on()) {
            context.announce()
                    .accept("SOUK_RATE_LIMIT is off: anyone may ask, register and guess passwords without end");
        }
        return new RateLimits(
                config, () -> context.discovery().instances(gateway).size(), TimeMeter.SYSTEM_NANOTIME);
    }

    /** @param gateways how many there are at this moment, this one among them; asked at every request */
    public RateLimits(LimitConfig config, IntSupplier gateways, TimeMeter time) {
        this.on = config.on();
        this.addresses = new Buckets(Quota.aSecond(REQUESTS, config.addressPerSecond()), gateways, time);
        this.users = new Buckets(Quota.aSecond(REQUESTS, config.userPerSecond()), gateways, time);
        this.registrations =
                new Buckets(Quota.aMinute("registrations", config.registrationsPerMinute()), gateways, time);
        this.logIns = new LogInThrottle(
                new Buckets(Quota.aMinute("failed-log-ins", config.failedLogInsPerMinute()), gateways, time),
                new Buckets(Quota.aMinute("failed-log-ins", config.failedLogInsOfAddressPerMinute()), gateways, time),
                time);
    }

    /** Counts a request from an address and tells what is left; the problem to answer with if it is one too many. */
    public Optional<Problem> request(String client, MultiMap headers) {
        return on ? taken(addresses, client, headers, "Too many requests come from your address.") : Optional.empty();
    }

    /** Counts a request of a user and tells what is left instead. @throws Refusal if it is one too many */
    public void request(UUID user, MultiMap headers) {
        if (on) {
            taken(users, user.toString(), headers, "You send too many requests.")
                    .ifPresent(problem -> {
                        throw problem.refusal();
                    });
        }
    }

    /** Counts a registration. @throws Refusal if it is one too many from this address */
    public void registration(String client) {
        Allowance allowance = on ? registrations.take(client) : null;
        if (allowance != null && !allowance.granted()) {
            throw allowance
                    .refused("Too many accounts are registered from your address.")
                    .refusal();
        }
    }

    /**
     * Lets someone try a password if not too many were wrong lately; see {@link LogInThrottle}. Fails with a
     * {@link Refusal} otherwise, without having tried it.
     *
     * @param account its mail, or its id where that is what is known
     */
    public <T> Future<T> password(String account, String client, Supplier<Future<T>> attempt) {
        return on ? logIns.allow(account, client, attempt) : attempt.get();
    }

    private static Optional<Problem> taken(Buckets buckets, String client, MultiMap headers, String otherwise) {
        Allowance allowance = buckets.take(client);
        allowance.tell(headers);
        return allowance.granted() ? Optional.empty() : Optional.of(allowance.refused(otherwise));
    }
}
