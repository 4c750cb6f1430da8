package dev.souk.kit.bus;

import dev.souk.contracts.Operation;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.function.BiFunction;

/** An operation and the method that serves it: one line of a verticle's table. */
public record OperationHandler<Q, R>(Operation<Q, R> operation, BiFunction<Q, CallContext, Future<R>> method) {

    public OperationHandler {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(method, "method");
    }

    /** Serves the operation with the method. */
    public static <Q, R> OperationHandler<Q, R> on(
            Operation<Q, R> operation, BiFunction<Q, CallContext, Future<R>> method) {
        return new OperationHandler<>(operation, method);
    }

    Q decode(Object body) {
        return Local.read(body, operation.request());
    }

    Future<R> invoke(Q request, CallContext context) {
        Future<R> answer = method.apply(request, context);
        return Objects.requireNonNull(answer, () -> operation.name() + " returned no future")
                .map(reply -> Objects.requireNonNull(reply, () -> operation.name() + " answered with null"));
    }
}
