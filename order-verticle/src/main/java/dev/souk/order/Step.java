package dev.souk.order;

import dev.souk.contracts.Operation;
import dev.souk.contracts.Orders.Reason;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;

/** One step of the checkout. Each may be taken twice: whoever takes over after a crash begins with the step that was under way. */
sealed interface Step {
    String name();

    /** Something another service is asked to do, and what its answer means. */
    record Command<Q, R>(
            String name, Operation<Q, R> operation, Function<PlacedOrder, Q> request, Function<R, Verdict> verdict)
            implements Step {
        public Command {
            if (!operation.idempotent()) {
                throw new IllegalArgumentException(operation.name() + " cannot be a step: it must not be repeated");
            }
        }
    }

    /** A transition of the order itself, in one transaction with the saga's own progress. */
    record Transition(String name, BiFunction<PlacedOrder, Instant, PlacedOrder> change) implements Step {}

    /** What an answer means for the checkout. */
    sealed interface Verdict {
        /** Go on with the next step. */
        record Proceed() implements Verdict {}

        /** The order cannot be fulfilled. */
        record Refuse(Reason reason) implements Verdict {}
    }

    static Named step(String name) {
        return new Named(name);
    }

    /** The beginning of a step's declaration. */
    record Named(String name) {
        <Q, R> Step call(Operation<Q, R> operation, Function<PlacedOrder, Q> request, Function<R, Verdict> verdict) {
            return new Command<>(name, operation, request, verdict);
        }

        Step local(BiFunction<PlacedOrder, Instant, PlacedOrder> change) {
            return new Transition(name, change);
        }
    }
}
