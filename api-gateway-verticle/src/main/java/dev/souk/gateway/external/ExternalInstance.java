package dev.souk.gateway.external;

import dev.souk.contracts.Registry.Entry;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.endpoint.DefaultInteractionMetric;
import io.vertx.core.net.endpoint.DefaultInteractionMetrics;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerInteraction;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A registered instance as this gateway knows it: how it does, what it has to do, and the circuit breaker before it. Used
 * from one event loop.
 */
final class ExternalInstance implements ServerEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalInstance.class);

    private final CircuitBreaker breaker;
    private final int mostInFlight;
    private final DefaultInteractionMetrics metrics = new DefaultInteractionMetrics();
    private final Health health = new Health();
    private Entry entry;
    private Optional<SocketAddress> address = Optional.empty();

    ExternalInstance(Vertx vertx, ExternalConfig config, Entry entry) {
        this.entry = entry;
        this.mostInFlight = config.connections();
        // Every request has limits of its own: the breaker needs none.
        this.breaker = CircuitBreaker.create(
                        "external-" + entry.id(),
                        vertx,
                        new CircuitBreakerOptions()
                                .setMaxFailures(config.breakerFailures())
                                .setTimeout(-1)
                                .setResetTimeout(config.breakerReset().toMillis()))
                .openHandler(opened -> LOG.warn("{} fails: its circuit breaker is open", this))
                .closeHandler(closed -> LOG.info("{} answers again: its circuit breaker is closed", this));
    }

    Entry entry() {
        return entry;
    }

    /** The same instance, registered with something else said of it. */
    void is(Entry now) {
        entry = now;
    }

    Health health() {
        return health;
    }

    CircuitBreakerState breaker() {
        return breaker.state();
    }

    /** Where its name led when it was last found well. */
    void leadsTo(SocketAddress found) {
        address = Optional.of(found);
    }

    void passed() {
        if (health.passed()) {
            LOG.info("{} is well", this);
        }
    }

    /** @param words what is wrong, for the admin */
    void failed(String words) {
        if (health.failed(words)) {
            LOG.warn("{} is not well: {}", this, words);
        }
    }

    /** Whether it could be asked at this moment, if it had nothing else to do. */
    boolean isWell() {
        return health.state() == Health.State.UP && address.isPresent() && breaker.state() != CircuitBreakerState.OPEN;
    }

    /** Whether it is well and takes one more. */
    boolean isAble() {
        return isWell() && inFlight() < mostInFlight;
    }

    int inFlight() {
        return metrics.numberOfInflightRequests();
    }

    /** Runs a request, unless the breaker is open. Only a failed future counts against the instance. */
    <T> Future<T> run(Supplier<Future<T>> request) {
        return breaker.execute(request);
    }

    void close() {
        breaker.close();
    }

    @Override
    public String key() {
        return entry.id().toString();
    }

    @Override
    public SocketAddress address() {
        return address.orElseThrow();
    }

    @Override
    public DefaultInteractionMetrics metrics() {
        return metrics;
    }

    @Override
    public Object unwrap() {
        return entry;
    }

    @Override
    public ServerInteraction newInteraction() {
        return new Interaction(metrics, metrics.initiateRequest());
    }

    @Override
    public String toString() {
        return "external service " + entry.name() + " at " + entry.url();
    }

    private record Interaction(DefaultInteractionMetrics metrics, DefaultInteractionMetric metric)
            implements ServerInteraction {
        @Override
        public void reportRequestBegin() {
            metrics.reportRequestBegin(metric);
        }

        @Override
        public void reportRequestEnd() {
            metrics.reportRequestEnd(metric);
        }

        @Override
        public void reportResponseBegin() {
            metrics.reportResponseBegin(metric);
        }

        @Override
        public void reportResponseEnd() {
            metrics.reportResponseEnd(metric);
        }

        @Override
        public void reportFailure(Throwable failure) {
            metrics.reportFailure(metric, failure);
        }
    }
}
