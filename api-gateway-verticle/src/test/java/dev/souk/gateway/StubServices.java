package dev.souk.gateway;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.gateway.token.TokenMint;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.bus.OperationHandler;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Small services on the real bus that answer what a test tells them to, and remember what they were asked. */
final class StubServices {
    private final ServiceContext context;
    private final Map<String, BiFunction<Object, CallContext, Future<?>>> answers = new ConcurrentHashMap<>();
    private final Map<String, Object> requests = new ConcurrentHashMap<>();
    private final Map<String, CallContext> contexts = new ConcurrentHashMap<>();
    private final Map<String, Endpoint> endpoints = new HashMap<>();

    private final AtomicInteger pings = new AtomicInteger();
    private final TokenMint mint;

    StubServices(ServiceContext context, TokenMint mint) {
        this.context = context;
        this.mint = mint;
    }

    /** Serves everything with no answers but the keys, as if nothing had been asked before. */
    void reset() {
        answers.clear();
        requests.clear();
        contexts.clear();
        pings.set(0);
        answer(Users.KEYS, mint.keys());
        answer(Products.ARCHIVE, Done.DONE);
        answer(Users.LOG_OUT, Done.DONE);
        serve(
                "user",
                Users.REGISTER,
                Users.LOG_IN,
                Users.REFRESH,
                Users.LOG_OUT,
                Users.CHANGE,
                Users.GET,
                Users.LIST,
                Users.KEYS);
        serve(
                "product",
                Products.LIST,
                Products.GET,
                Products.CREATE,
                Products.CHANGE,
                Products.ARCHIVE,
                Products.ADJUST_STOCK,
                Products.GET_STOCK);
        answer(Notifications.DELETE_WEBHOOK, Done.DONE);
        serve(
                "order",
                Orders.PLACE,
                Orders.GET,
                Orders.LIST,
                Orders.TIMELINE,
                Orders.CANCEL,
                Orders.SHIP,
                Orders.DELIVER);
        serve("payment", Payments.LIST);
        serve(
                "notification",
                Notifications.LIST,
                Notifications.CREATE_WEBHOOK,
                Notifications.LIST_WEBHOOKS,
                Notifications.DELETE_WEBHOOK,
                Notifications.LIST_DELIVERIES,
                Notifications.REDELIVER);
    }

    private void serve(String service, Operation<?, ?>... operations) {
        OperationHandler<?, ?>[] handlers =
                Stream.of(operations).map(this::handler).toArray(OperationHandler<?, ?>[]::new);
        endpoints.computeIfAbsent(service, name -> ServiceFixture.await(context.serve(name, this::pinged, handlers)));
    }

    void stop(String service) {
        ServiceFixture.await(endpoints.remove(service).close());
    }

    <R> void answer(Operation<?, R> operation, R reply) {
        answerLater(operation, Future.succeededFuture(reply));
    }

    <R> void answerLater(Operation<?, R> operation, Future<R> reply) {
        answers.put(operation.name(), (request, call) -> reply);
    }

    <Q, R> void answerBy(Operation<Q, R> operation, Function<Q, R> reply) {
        answers.put(
                operation.name(),
                (request, call) ->
                        Future.succeededFuture(reply.apply(operation.request().cast(request))));
    }

    void refuse(Operation<?, ?> operation, Fault fault) {
        answers.put(operation.name(), (request, call) -> Future.failedFuture(fault));
    }

    /** What an operation was last asked; null if it was not. */
    <Q> Q asked(Operation<Q, ?> operation) {
        return operation.request().cast(requests.get(operation.name()));
    }

    CallContext context(Operation<?, ?> operation) {
        return contexts.get(operation.name());
    }

    /** What was asked, keys aside. */
    Set<String> asked() {
        return requests.keySet().stream()
                .filter(name -> !name.equals(Users.KEYS.name()))
                .collect(Collectors.toSet());
    }

    int pings() {
        return pings.get();
    }

    private Future<?> pinged() {
        pings.incrementAndGet();
        return Future.succeededFuture();
    }

    private <Q, R> OperationHandler<Q, R> handler(Operation<Q, R> operation) {
        return on(operation, (request, call) -> {
            requests.put(operation.name(), request);
            contexts.put(operation.name(), call);
            return answers.getOrDefault(operation.name(), StubServices::nothing)
                    .apply(request, call)
                    .map(operation.reply()::cast);
        });
    }

    private static Future<?> nothing(Object request, CallContext call) {
        return Future.failedFuture(new IllegalStateException("secret: the test gave no answer to this"));
    }
}
