package dev.souk.payment;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.CircuitBreakerState;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Spares a provider who does not answer, and those who would wait for him: after a few failures in a row nothing is sent
 * for a while, then one request at a time until one is answered. Only a failed future counts as a failure.
 */
final class ProviderBreaker {
    private static final Logger LOG = LoggerFactory.getLogger(ProviderBreaker.class);
    private static final Duration GRACE = Duration.ofMillis(250);

    private final CircuitBreaker breaker;
    private final MeterRegistry meters;
    private final Gauge gauge;
    private boolean open;

    ProviderBreaker(Vertx vertx, ProviderConfig config, MeterRegistry meters) {
        // Its own timeout cancels nothing: it is there for a request whose end is never told, and comes after the
        // request's.
        CircuitBreakerOptions options = new CircuitBreakerOptions()
                .setMaxFailures(config.breakerFailures())
                .setTimeout(config.timeout().plus(GRACE).toMillis())
                .setResetTimeout(config.breakerReset().toMillis());
        this.breaker = CircuitBreaker.create("payment-provider", vertx, options)
                .openHandler(opened -> opened(config))
                .closeHandler(closed -> closed(config));
        this.meters = meters;
        this.gauge = Gauge.builder("souk.payment.provider.breaker", breaker, ProviderBreaker::level)
                .description("the circuit breaker of the payment provider: 0 closed, 1 half open, 2 open")
                .register(meters);
    }

    /** Runs the request, unless the breaker is open: then the future fails at once. */
    <T> Future<T> run(Supplier<Future<T>> request) {
        return breaker.execute(request);
    }

    boolean isOpen() {
        return breaker.state() == CircuitBreakerState.OPEN;
    }

    void close() {
        meters.remove(gauge);
        breaker.close();
    }

    /** A probe that fails opens it again, which is no news. */
    private void opened(ProviderConfig config) {
        if (!open) {
            open = true;
            LOG.warn("the payment provider {} does not answer: the circuit breaker opens", config.name());
        }
    }

    private void closed(ProviderConfig config) {
        if (open) {
            open = false;
            LOG.info("the payment provider {} answers again: the circuit breaker closes", config.name());
        }
    }

    private static double level(CircuitBreaker breaker) {
        return switch (breaker.state()) {
            case CLOSED -> 0;
            case HALF_OPEN -> 1;
            case OPEN -> 2;
        };
    }
}
