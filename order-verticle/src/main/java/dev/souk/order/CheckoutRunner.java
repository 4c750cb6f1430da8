package dev.souk.order;

import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.order.SagaRepository.Lease;
import dev.souk.order.SagaRepository.LeaseLost;
import dev.souk.order.Step.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes checkouts from step to step. All state is in the database: this object can die between any two lines, and
 * another instance goes on from the step that was under way. Before each command the lease is renewed by compare-and-set,
 * so an instance that slept too long does nothing.
 */
final class CheckoutRunner {
    private static final Logger LOG = LoggerFactory.getLogger(CheckoutRunner.class);
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(4);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int TAKEN_AT_ONCE = 64;

    private final Vertx vertx;
    private final Bus bus;
    private final OrderStore store;
    private final OrderRepository orders;
    private final SagaRepository sagas;
    private final OrderEnds ends;
    private final Clock clock;
    private final RandomGenerator random;
    private long sweep;
    private boolean sweeping;

    CheckoutRunner(
            Vertx vertx,
            Bus bus,
            OrderStore store,
            OrderRepository orders,
            SagaRepository sagas,
            OrderEnds ends,
            Clock clock,
            RandomGenerator random) {
        this.vertx = vertx;
        this.bus = bus;
        this.store = store;
        this.orders = orders;
        this.sagas = sagas;
        this.ends = ends;
        this.clock = clock;
        this.random = random;
    }

    /** From now on also takes over what others left behind. */
    void start(Duration interval) {
        sweep = vertx.setPeriodic(interval.toMillis(), id -> sweep());
    }

    /** Takes over nothing more and gives up what it holds. */
    Future<Void> stop() {
        vertx.cancelTimer(sweep);
        return sagas.releaseAll();
    }

    /** Works on a checkout until it ends, must wait, or belongs to another. Never fails: what is left is swept up. */
    Future<Void> run(PlacedOrder order, Lease lease) {
        return take(order, lease).recover(failure -> giveUp(lease, failure));
    }

    private Future<Void> take(PlacedOrder order, Lease lease) {
        return switch (Checkout.named(lease.step())) {
            case Step.Command<?, ?> command -> command(command, order, lease);
            case Step.Transition transition -> transition(transition, order, lease);
        };
    }

    private <Q, R> Future<Void> command(Step.Command<Q, R> command, PlacedOrder order, Lease lease) {
        CallContext context = CallContext.ofService(order.claim().requestId(), COMMAND_LIMIT);
        return bus.call(command.operation(), command.request().apply(order), context)
                .map(command.verdict())
                .compose(verdict -> switch (verdict) {
                    case Verdict.Proceed go -> proceed(command, order, lease);
                    case Verdict.Refuse refusal -> reject(order.reject(refusal.reason(), clock.instant()), lease);
                });
    }

    private Future<Void> proceed(Step step, PlacedOrder order, Lease lease) {
        return Checkout.after(step)
                .map(next -> sagas.advance(lease, next).compose(renewed -> run(order, renewed)))
                .orElseGet(() -> sagas.end(lease));
    }

    private Future<Void> transition(Step.Transition transition, PlacedOrder order, Lease lease) {
        PlacedOrder changed = transition.change().apply(order, clock.instant());
        Step next = Checkout.after(transition).orElseThrow();
        return store.end(changed, lease, next)
                .onSuccess(renewed -> ends.ended(changed))
                .compose(renewed -> run(changed, renewed));
    }

    private Future<Void> reject(PlacedOrder rejected, Lease lease) {
        return store.end(rejected, lease).onSuccess(ended -> ends.ended(rejected));
    }

    /** The step's outcome may be unknown. It stays where it is, to be taken again after a pause. */
    private Future<Void> giveUp(Lease lease, Throwable failure) {
        if (failure instanceof LeaseLost) {
            LOG.debug("{}", failure.getMessage());
            return Future.succeededFuture();
        }
        if (isPassing(failure)) {
            LOG.atInfo()
                    .addKeyValue("orderId", lease.orderId())
                    .log("step {} must wait: {}", lease.step(), failure.getMessage());
        } else {
            LOG.atError()
                    .addKeyValue("orderId", lease.orderId())
                    .setCause(failure)
                    .log("step {} failed and is tried again", lease.step());
        }
        return sagas.park(lease, pause(lease.attempts()))
                .onFailure(unreachable -> LOG.debug("the lease of {} must run out", lease.orderId(), unreachable))
                .otherwiseEmpty();
    }

    private static boolean isPassing(Throwable failure) {
        return failure instanceof Fault fault
                && switch (fault.code()) {
                    case UNAVAILABLE, TIMEOUT, OVERLOADED -> true;
                    default -> false;
                };
    }

    private Duration pause(int attempts) {
        long millis = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempts, 10));
        return Duration.ofMillis(millis / 2 + random.nextLong(millis));
    }

    private void sweep() {
        if (sweeping) {
            return;
        }
        sweeping = true;
        sagas.takeOver(TAKEN_AT_ONCE)
                .compose(leases -> Future.all(leases.stream().map(this::resume).toList()))
                .onFailure(failure -> LOG.warn("could not look for checkouts to take over: {}", failure.getMessage()))
                .onComplete(done -> sweeping = false);
    }

    private Future<Void> resume(Lease lease) {
        return orders.find(lease.orderId())
                .map(Optional::orElseThrow)
                .compose(order -> run(order, lease))
                .recover(failure -> giveUp(lease, failure));
    }
}
