package dev.souk.order;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Timers;
import dev.souk.order.Checkout.Move;
import dev.souk.order.Checkout.Progress;
import dev.souk.order.SagaRepository.Lease;
import dev.souk.order.SagaRepository.LeaseLost;
import dev.souk.order.Step.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(6);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int TAKEN_AT_ONCE = 64;

    private final Vertx vertx;
    private final Bus bus;
    private final EndingStore endings;
    private final OrderRepository orders;
    private final SagaRepository sagas;
    private final OrderEnds ends;
    private final Clock clock;
    private final RandomGenerator random;
    private long sweep = Timers.NONE;
    private boolean sweeping;
    private boolean stopping;
    private int resuming;

    CheckoutRunner(
            Vertx vertx,
            Bus bus,
            EndingStore endings,
            OrderRepository orders,
            SagaRepository sagas,
            OrderEnds ends,
            Clock clock,
            RandomGenerator random) {
        this.vertx = vertx;
        this.bus = bus;
        this.endings = endings;
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
        stopping = true;
        vertx.cancelTimer(sweep);
        return sagas.releaseAll();
    }

    /** Takes the first step of an order that this instance has just stored, and the others. Never fails. */
    Future<Void> begin(PlacedOrder order) {
        return run(order, Lease.first(order.id(), sagas.owner()));
    }

    /** Works on a checkout until it ends, must wait, or belongs to another. Never fails: what is left is swept up. */
    Future<Void> run(PlacedOrder order, Lease lease) {
        return Future.succeededFuture(lease)
                .compose(held -> take(order, held))
                .recover(failure -> giveUp(lease, failure));
    }

    private Future<Void> take(PlacedOrder order, Lease lease) {
        Progress at = lease.progress();
        Step<?, ?, ?> step = Checkout.stepOf(at);
        return (at.isTurned() ? undo(step, order, at) : ask(step, order, at)).compose(move -> go(move, order, lease));
    }

    private <Q, R> Future<Move> ask(Step<Q, R, ?> step, PlacedOrder order, Progress at) {
        return bus.call(step.operation(), step.request().apply(order), context(order))
                .map(step.verdict())
                .compose(verdict -> verdict instanceof Verdict.Overtaken
                        ? Future.failedFuture(new Overtaken(order.id(), step.name()))
                        : Future.succeededFuture(Checkout.taken(at, verdict)));
    }

    private <U> Future<Move> undo(Step<?, ?, U> step, PlacedOrder order, Progress at) {
        return bus.call(step.undo(), step.undoRequest().apply(order), context(order))
                .map(undone -> Checkout.undone(at));
    }

    private Future<Void> go(Move move, PlacedOrder order, Lease lease) {
        return switch (move) {
            case Move.Go next -> sagas.advance(lease, next.to()).compose(renewed -> run(order, renewed));
            case Move.End end -> leave(order.leave(end.ending(), clock.instant()), lease);
        };
    }

    private Future<Void> leave(PlacedOrder order, Lease lease) {
        return endings.leave(order, lease).onSuccess(left -> {
            ends.ended(order);
            bus.signal(Orders.CHANGED, new Orders.Changed(order.id()));
        });
    }

    private static CallContext context(PlacedOrder order) {
        return CallContext.ofService(order.claim().requestId(), COMMAND_LIMIT);
    }

    /** A step was undone by somebody else while this instance was taking it. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken(UUID orderId, String step) {
            super("step " + step + " of order " + orderId + " was undone before it was taken", null, false, false);
        }
    }

    /** The step's outcome may be unknown. It stays where it is, to be taken again after a pause. */
    private Future<Void> giveUp(Lease lease, Throwable failure) {
        if (failure instanceof LeaseLost) {
            LOG.debug("{}", failure.getMessage());
            return Future.succeededFuture();
        }
        return sagas.park(lease, pause(lease.attempts()))
                .onSuccess(parked -> tell(lease, failure, parked))
                .onFailure(unreachable -> LOG.debug("the lease of {} must run out", lease.orderId(), unreachable))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private static void tell(Lease lease, Throwable failure, boolean isHeld) {
        if (!isHeld) {
            LOG.debug("the checkout of {} belongs to another instance now", lease.orderId());
        } else if (isPassing(failure)) {
            LOG.atInfo()
                    .addKeyValue("orderId", lease.orderId())
                    .log("step {} must wait: {}", lease.progress().step(), failure.getMessage());
        } else {
            LOG.atError()
                    .addKeyValue("orderId", lease.orderId())
                    .setCause(failure)
                    .log("step {} failed and is tried again", lease.progress().step());
        }
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

    /** One that hangs takes up its own place only. */
    private void sweep() {
        int room = TAKEN_AT_ONCE - resuming;
        if (sweeping || stopping || room == 0) {
            return;
        }
        sweeping = true;
        sagas.takeOver(room)
                .onComplete(taken -> sweeping = false)
                .onSuccess(leases -> resume(leases, leases.size() == room))
                .onFailure(failure -> LOG.warn("could not look for checkouts to take over: {}", failure.getMessage()));
    }

    /** @param isFull whether more may be waiting */
    private void resume(List<Lease> leases, boolean isFull) {
        resuming += leases.size();
        leases.forEach(lease -> resume(lease).onComplete(done -> {
            resuming--;
            if (isFull) {
                sweepWhenHalfEmpty();
            }
        }));
    }

    private void sweepWhenHalfEmpty() {
        if (resuming <= TAKEN_AT_ONCE / 2) {
            sweep();
        }
    }

    private Future<Void> resume(Lease lease) {
        return orders.find(lease.orderId())
                .map(Optional::orElseThrow)
                .compose(order -> run(order, lease))
                .recover(failure -> giveUp(lease, failure));
    }
}
