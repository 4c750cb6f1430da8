package dev.souk.kit.bus;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Signal;
import dev.souk.kit.crash.CrashPoint;
import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.Instance;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls operations of services, wherever they run. A message can be lost, and a dead peer does not answer: every call
 * has a timeout, and one that may be repeated is asked once more of another instance.
 */
public final class Bus {
    private static final Logger LOG = LoggerFactory.getLogger(Bus.class);

    private static final String CALL = "call";

    private final Vertx vertx;
    private final Discovery discovery;
    private final InstancePicker picker;
    private final String node;
    private final RetryBudget retries = new RetryBudget();

    /** @param node the name of this node, whose own instances are asked first */
    public Bus(Vertx vertx, Discovery discovery, String node) {
        this.vertx = vertx;
        this.discovery = discovery;
        this.node = node;
        this.picker = new InstancePicker(discovery, node);
        Local.allow(vertx);
    }

    /**
     * Asks an instance of the operation's service. The future fails with a {@link Fault} and nothing else:
     * {@code UNAVAILABLE} at once if no instance is known, {@code TIMEOUT} if none answered in time (the effect is then
     * unknown), or what the service refused with.
     */
    public <Q, R> Future<R> call(Operation<Q, R> operation, Q request, CallContext context) {
        retries.deposit();
        return Future.succeededFuture(request)
                .compose(asked -> ask(operation, asked, context))
                .map(reply -> Local.read(reply, operation.reply()))
                .recover(failure -> Future.failedFuture(toFault(operation, context, failure)));
    }

    /** Whether an instance did not answer a call lately and is asked only if there is no other. */
    public boolean leavesAside(Instance instance) {
        return !picker.isTrusted(instance);
    }

    /** Tells every node that listens, as far as the message comes through. Never fails. */
    public <T> void signal(Signal<T> signal, T value) {
        try {
            vertx.eventBus()
                    .publish(address(signal), vertx.isClustered() ? WireFormat.encode(value) : new Local(value));
        } catch (IllegalStateException | RejectedExecutionException e) {
            // The bus is closing: whoever signals has done its work already, and must not hear of a failure.
            LOG.debug("{} was not signalled: {}", signal.name(), e.getMessage());
        }
    }

    /** Listens to what any node signals, on the calling event loop. */
    public <T> Future<MessageConsumer<Object>> listen(Signal<T> signal, Consumer<T> listener) {
        MessageConsumer<Object> consumer = vertx.eventBus()
                .consumer(address(signal), message -> listener.accept(Local.read(message.body(), signal.type())));
        return consumer.completion().map(consumer);
    }

    private static String address(Signal<?> signal) {
        return "souk.signal." + signal.name();
    }

    private Future<Object> ask(Operation<?, ?> operation, Object request, CallContext context) {
        return picker.pick(operation.service())
                .map(instance -> attempt(operation, request, context, instance, true))
                .orElseGet(() -> Future.failedFuture(absent(operation)));
    }

    private Future<Object> attempt(
            Operation<?, ?> operation, Object request, CallContext context, Instance instance, boolean mayRetry) {
        return send(operation, request, context, instance).recover(failure -> {
            if (!isLost(failure)) {
                return Future.failedFuture(failure);
            }
            picker.setAside(instance);
            return mayRetry && mayRepeat(operation, failure)
                    ? retryElsewhere(operation, request, context, instance, failure)
                    : Future.failedFuture(failure);
        });
    }

    private Future<Object> retryElsewhere(
            Operation<?, ?> operation, Object request, CallContext context, Instance failed, Throwable failure) {
        Optional<Instance> other = picker.pickOther(operation.service(), failed);
        if (other.isEmpty() || context.deadline().hasPassed() || !retries.withdraw()) {
            return Future.failedFuture(failure);
        }
        return attempt(operation, request, context, other.get(), false);
    }

    private Future<Object> send(Operation<?, ?> operation, Object request, CallContext context, Instance instance) {
        Duration remaining = context.deadline().remaining();
        if (remaining.toMillis() < 1) {
            return Future.failedFuture(timeout(operation));
        }
        boolean isHere = instance.node().equals(node);
        Duration limit = remaining.compareTo(operation.timeout()) < 0 ? remaining : operation.timeout();
        DeliveryOptions options = new DeliveryOptions()
                .setHeaders(ContextHeaders.write(operation.name(), context.within(limit)))
                .setSendTimeout(limit.toMillis())
                .setLocalOnly(isHere);
        CrashPoint.pass(CALL, operation.name(), "before");
        return vertx.eventBus()
                .request(instance.address(), isHere ? new Local(request) : WireFormat.encode(request), options)
                .onSuccess(reply -> CrashPoint.pass(CALL, operation.name(), "after"))
                .onSuccess(reply -> discovery.answered(instance))
                .map(Message::body);
    }

    /** Whether the instance did not answer, in contrast to one that refused. */
    private static boolean isLost(Throwable failure) {
        return failure instanceof ReplyException reply && reply.failureType() != ReplyFailure.RECIPIENT_FAILURE;
    }

    /** What never reached a handler may always be sent again; what timed out only if it is idempotent. */
    private static boolean mayRepeat(Operation<?, ?> operation, Throwable failure) {
        return operation.idempotent()
                || failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    private static Fault toFault(Operation<?, ?> operation, CallContext context, Throwable failure) {
        return switch (failure) {
            case Fault fault -> fault;
            case ReplyException reply -> FaultFormat.read(operation.name(), reply);
            default -> unreadable(operation, context, failure);
        };
    }

    private static Fault unreadable(Operation<?, ?> operation, CallContext context, Throwable failure) {
        LOG.atError()
                .addKeyValue("requestId", context.requestId())
                .setCause(failure)
                .log("the call of {} or its answer is not of its form", operation.name());
        return Fault.of(Fault.Code.INTERNAL, "The answer to " + operation.name() + " could not be read.");
    }

    private static Fault absent(Operation<?, ?> operation) {
        return Fault.of(Fault.Code.UNAVAILABLE, "The " + operation.service() + " service is not there at the moment.");
    }

    private static Fault timeout(Operation<?, ?> operation) {
        return Fault.of(Fault.Code.TIMEOUT, "No time was left for " + operation.name() + ".");
    }
}
