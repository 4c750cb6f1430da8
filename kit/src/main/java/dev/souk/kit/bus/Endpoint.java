package dev.souk.kit.bus;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Ping;
import dev.souk.kit.crash.CrashPoint;
import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.Instance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of a service on the bus: the only place that decodes requests, invokes the service, replies, and turns
 * every failure into an answer. A Vert.x consumer that throws does not answer at all; this one always does.
 */
public final class Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final String SERVE = "serve";
    private static final int MAX_IN_FLIGHT = 4_096;
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(8);

    private final Vertx vertx;
    private final Discovery discovery;
    private final Instance instance;
    private final Map<String, OperationHandler<?, ?>> handlers = new HashMap<>();
    private final MessageConsumer<Object> consumer;
    private final Promise<Void> drained = Promise.promise();
    private int inFlight;
    private boolean closing;

    private Endpoint(Vertx vertx, Discovery discovery, Instance instance, List<OperationHandler<?, ?>> served) {
        this.vertx = vertx;
        this.discovery = discovery;
        this.instance = instance;
        for (OperationHandler<?, ?> handler : served) {
            add(handler);
        }
        this.consumer = vertx.eventBus().consumer(instance.address(), this::receive);
    }

    /**
     * Serves these operations from the calling event loop and publishes the instance once the bus knows it.
     *
     * @param ready whether the service can do its work; it answers pings
     * @throws IllegalArgumentException if an operation is of another service or is served twice
     */
    public static Future<Endpoint> open(
            Vertx vertx,
            Discovery discovery,
            Instance instance,
            Supplier<Future<?>> ready,
            List<OperationHandler<?, ?>> operations) {
        Endpoint endpoint = new Endpoint(vertx, discovery, instance, operations);
        endpoint.add(
                on(Ping.of(instance.service()), (ping, context) -> ready.get().map(Done.DONE)));
        return endpoint.consumer
                .completion()
                .compose(registered -> discovery.publish(instance))
                .map(endpoint);
    }

    /** Not found any more, takes no new requests, and waits a bounded time for those that run. */
    public Future<Void> close() {
        closing = true;
        return discovery.withdraw(instance).eventually(consumer::unregister).eventually(this::drain);
    }

    private void add(OperationHandler<?, ?> handler) {
        String name = handler.operation().name();
        if (!handler.operation().service().equals(instance.service())) {
            throw new IllegalArgumentException(name + " is not an operation of " + instance.service());
        }
        if (handlers.putIfAbsent(name, handler) != null) {
            throw new IllegalArgumentException(name + " is served twice");
        }
    }

    private void receive(Message<?> message) {
        String operation = message.headers().get(ContextHeaders.OPERATION);
        if (inFlight >= MAX_IN_FLIGHT) {
            fail(message, Fault.of(Fault.Code.OVERLOADED, "The " + instance.service() + " service is overloaded."));
            return;
        }
        inFlight++;
        Future.succeededFuture(operation).compose(name -> answer(name, message)).onComplete(answer -> {
            finished();
            if (answer.succeeded()) {
                CrashPoint.pass(SERVE, operation, "after");
                message.reply(answer.result());
            } else {
                fail(message, toFault(operation, message, answer.cause()));
            }
        });
    }

    private Future<Object> answer(String operation, Message<?> message) {
        OperationHandler<?, ?> handler = handlers.get(operation);
        if (handler == null) {
            throw Fault.of(Fault.Code.UNAVAILABLE, "This version does not serve " + operation + ".");
        }
        CrashPoint.pass(SERVE, operation, "before");
        CallContext context = ContextHeaders.read(message.headers());
        if (context.deadline().hasPassed()) {
            throw Fault.of(Fault.Code.TIMEOUT, "The time for " + operation + " was over before it began.");
        }
        return decodeAndInvoke(handler, message.body(), context);
    }

    private static <Q> Future<Object> decodeAndInvoke(
            OperationHandler<Q, ?> handler, Object body, CallContext context) {
        Q request;
        try {
            request = handler.decode(body);
        } catch (IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("requestId", context.requestId())
                    .setCause(e)
                    .log(
                            "{} got a request that it cannot read",
                            handler.operation().name());
            throw Fault.of(Fault.Code.INVALID_REQUEST, "The request could not be read.");
        }
        return handler.invoke(request, context)
                .map(reply -> body instanceof Local ? new Local(reply) : WireFormat.encode(reply));
    }

    private static Fault toFault(String operation, Message<?> message, Throwable cause) {
        if (cause instanceof Fault fault) {
            return fault;
        }
        LOG.atError()
                .addKeyValue("requestId", message.headers().get("request-id"))
                .setCause(cause)
                .log("{} failed", operation);
        return Fault.of(Fault.Code.INTERNAL, "Something went wrong on our side.");
    }

    private static void fail(Message<?> message, Fault fault) {
        message.fail(fault.code().number(), FaultFormat.message(fault));
    }

    private void finished() {
        inFlight--;
        if (closing && inFlight == 0) {
            drained.tryComplete();
        }
    }

    private Future<Void> drain() {
        if (inFlight == 0) {
            drained.tryComplete();
        }
        long limit = vertx.setTimer(DRAIN_LIMIT.toMillis(), id -> {
            if (drained.tryComplete()) {
                LOG.warn("{} stops with {} requests unanswered", instance.service(), inFlight);
            }
        });
        return drained.future().onComplete(done -> vertx.cancelTimer(limit));
    }
}
