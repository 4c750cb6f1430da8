package dev.souk.kit.testing;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.config.Environment;
import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.LeasedDiscovery;
import dev.souk.kit.node.Readiness;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Real services on a Vert.x that the test owns, for tests that call them over the bus. The calls block the test's own
 * thread, so that a test reads arrange, call, assert.
 */
public final class ServiceFixture {
    private static final Duration LIMIT = Duration.ofSeconds(40);

    private final ServiceContext context;
    private final List<String> announcements;

    private ServiceFixture(ServiceContext context, List<String> announcements) {
        this.context = context;
        this.announcements = announcements;
    }

    /** Deploys the services, configured by these variables. */
    public static ServiceFixture deploy(Vertx vertx, Map<String, String> variables, ServiceDefinition... services) {
        List<String> announcements = new CopyOnWriteArrayList<>();
        Discovery discovery = await(LeasedDiscovery.open(vertx, "test"));
        ServiceContext context = new ServiceContext(
                vertx,
                "test",
                Environment.of(variables),
                new Bus(vertx, discovery, "test"),
                discovery,
                new Readiness(vertx),
                new SimpleMeterRegistry(),
                Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)),
                UuidCreator::getTimeOrderedEpoch,
                new Random(42),
                announcements::add);
        for (ServiceDefinition service : services) {
            await(vertx.deployVerticle(service.verticle().apply(context)));
        }
        return new ServiceFixture(context, announcements);
    }

    /** What the services are given. */
    public ServiceContext context() {
        return context;
    }

    /** What the services told the operator. */
    public List<String> announcements() {
        return List.copyOf(announcements);
    }

    /** Calls as nobody. */
    public <Q, R> R call(Operation<Q, R> operation, Q request) {
        return await(start(operation, request, Optional.empty()));
    }

    /** Calls as a user. */
    public <Q, R> R call(Operation<Q, R> operation, Q request, Caller caller) {
        return await(start(operation, request, Optional.of(caller)));
    }

    /** Begins a call without waiting for its answer. */
    public <Q, R> Future<R> start(Operation<Q, R> operation, Q request, Optional<Caller> caller) {
        CallContext call = new CallContext(UUID.randomUUID().toString(), caller, Deadline.in(Duration.ofSeconds(30)));
        return context.bus().call(operation, request, call);
    }

    public static Caller customer() {
        return new Caller(UuidCreator.getTimeOrderedEpoch(), Caller.Role.CUSTOMER);
    }

    public static Caller admin() {
        return new Caller(UuidCreator.getTimeOrderedEpoch(), Caller.Role.ADMIN);
    }

    /** The result of a future, waited for on the test's thread; a fault is thrown as it is. */
    public static <T> T await(Future<T> future) {
        try {
            return future.await(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within " + LIMIT, e);
        }
    }

    /** The fault's code that a call ends with; fails if it succeeds. */
    public static Fault.Code refusal(Runnable call) {
        try {
            call.run();
        } catch (Fault fault) {
            return fault.code();
        }
        throw new AssertionError("was not refused");
    }
}
