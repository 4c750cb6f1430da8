package dev.souk.order;

import dev.souk.contracts.Operation;
import dev.souk.contracts.Orders.Reason;
import java.util.function.Function;

/**
 * One step of the checkout: what another service is asked to do, what its answer means, and what undoes it. Each may be
 * taken twice, and undone without ever having been taken: whoever takes over after a crash begins with the step that was
 * under way.
 */
public record Step<Q, R, U>(
        String name,
        Operation<Q, R> operation,
        Function<PlacedOrder, Q> request,
        Function<R, Verdict> verdict,
        Operation<U, ?> undo,
        Function<PlacedOrder, U> undoRequest) {
    public Step {
        requireRepeatable(operation);
        requireRepeatable(undo);
    }

    /** What an answer means for the checkout. */
    public sealed interface Verdict {
        /** Go on with the next step. */
        record Proceed() implements Verdict {}

        /** The order cannot be fulfilled; this step has had no effect and never will. */
        record Refuse(Reason reason) implements Verdict {}

        /** The step was undone before it was taken: somebody else has turned the checkout back. */
        record Overtaken() implements Verdict {}
    }

    static Named step(String name) {
        return new Named(name);
    }

    /** The beginning of a step's declaration. */
    record Named(String name) {
        <Q, R> Called<Q, R> call(
                Operation<Q, R> operation, Function<PlacedOrder, Q> request, Function<R, Verdict> verdict) {
            return new Called<>(name, operation, request, verdict);
        }
    }

    /** A step's declaration before it says how it is undone. */
    record Called<Q, R>(
            String name, Operation<Q, R> operation, Function<PlacedOrder, Q> request, Function<R, Verdict> verdict) {
        <U> Step<Q, R, U> undo(Operation<U, ?> undo, Function<PlacedOrder, U> undoRequest) {
            return new Step<>(name, operation, request, verdict, undo, undoRequest);
        }
    }

    private static void requireRepeatable(Operation<?, ?> operation) {
        if (!operation.idempotent()) {
            throw new IllegalArgumentException(operation.name() + " cannot be a step: it must not be repeated");
        }
    }
}
