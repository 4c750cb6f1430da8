package dev.souk.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.souk.contracts.Caller;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.contract.OperationInput;
import dev.souk.gateway.problem.Problem;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Leads every request through the same stations: route, admit, authenticate, authorize, limit, validate, handle, answer.
 * Which routes there are is the contract's to say.
 */
final class ApiRouter {
    private final Stations stations;
    private final ServerConfig config;
    private final Responder responder;
    private final Problems problems;

    ApiRouter(Stations stations, ServerConfig config, Responder responder, Problems problems) {
        this.stations = stations;
        this.config = config;
        this.responder = responder;
        this.problems = problems;
    }

    /**
     * Binds each operation of the contract to its handler.
     *
     * @throws IllegalStateException naming an operation without a handler, or a handler without an operation
     */
    Router bind(Vertx vertx, Contract contract, Map<String, ApiHandler> handlers) {
        Set<String> unbound = new HashSet<>(handlers.keySet());
        Map<String, Set<HttpMethod>> methods = new LinkedHashMap<>();
        Router router = Router.router(vertx);
        for (ContractOperation operation : specificFirst(contract.operations())) {
            unbound.remove(operation.id());
            methods.computeIfAbsent(operation.route(), path -> new TreeSet<>(Comparator.comparing(HttpMethod::name)))
                    .addAll(bind(router, operation, handlers));
        }
        if (!unbound.isEmpty()) {
            throw new IllegalStateException("openapi.yaml has no operation for the handlers " + unbound);
        }
        methods.forEach((path, allowed) -> router.route(path).handler(routing -> refuseMethod(routing, allowed)));
        return tellingProblems(router);
    }

    /** A path without parameters goes before one that would match it too. */
    private static List<ContractOperation> specificFirst(List<ContractOperation> operations) {
        return operations.stream()
                .sorted(Comparator.comparing(ContractOperation::hasPathParameters))
                .toList();
    }

    private Set<HttpMethod> bind(Router router, ContractOperation operation, Map<String, ApiHandler> handlers) {
        ApiHandler handler = handlers.get(operation.id());
        if (handler == null) {
            throw new IllegalStateException("openapi.yaml: the operation " + operation.id() + " has no handler");
        }
        Set<HttpMethod> methods = operation.method() == HttpMethod.GET
                ? Set.of(HttpMethod.GET, HttpMethod.HEAD)
                : Set.of(operation.method());
        Route route = router.route(operation.route()).handler(routing -> serve(operation, handler, routing));
        methods.forEach(route::method);
        operation.produces().forEach(route::produces);
        return methods;
    }

    private void serve(ContractOperation operation, ApiHandler handler, RoutingContext routing) {
        long arrived = System.nanoTime();
        HttpServerRequest request = routing.request();
        operation
                .retirement()
                .ifPresent(planned -> planned.tell(request.response().headers()));
        stations.lead(
                        operation,
                        request.headers(),
                        request.response().headers(),
                        caller -> validated(operation, routing, caller)
                                .map(valid -> Patience.of(request.headers())
                                        .map(patience -> valid.until(new Deadline(arrived + patience.toNanos())))
                                        .orElse(valid)),
                        handler::handle)
                .onSuccess(answer -> responder.send(request, answer))
                .onFailure(failure -> problems.tell(request, failure));
    }

    private Future<ApiRequest> validated(ContractOperation operation, RoutingContext routing, Optional<Caller> caller) {
        HttpServerRequest request = routing.request();
        if (operation.proxied()) {
            return Future.succeededFuture(ApiRequest.proxied(
                    request,
                    () -> stations.client(request.connection(), request.headers()),
                    caller,
                    config.requestDeadline()));
        }
        Map<String, JsonNode> parameters =
                operation.input().checkParameters(routing.pathParams(), request.query(), request.headers());
        return body(operation.input(), routing)
                .map(document -> new ApiRequest(
                        RequestIds.of(request),
                        () -> stations.client(request.connection(), request.headers()),
                        caller,
                        config.requestDeadline(),
                        accepted(routing),
                        parameters,
                        document));
    }

    private Future<JsonNode> body(OperationInput input, RoutingContext routing) {
        HttpServerRequest request = routing.request();
        return input.requiresBody() || input.takesBody() && RequestBody.isSent(request)
                ? RequestBody.read(
                                request, routing.vertx(), config.connections().bodyDeadline())
                        .map(input::checkBody)
                : Future.succeededFuture(MissingNode.getInstance());
    }

    private static String accepted(RoutingContext routing) {
        return Optional.ofNullable(routing.getAcceptableContentType()).orElse("");
    }

    private void refuseMethod(RoutingContext routing, Set<HttpMethod> allowed) {
        HttpServerRequest request = routing.request();
        if (allowed.contains(request.method())) {
            problems.tell(
                    request, Problem.of("not-acceptable", "This call does not answer in any form that is accepted."));
            return;
        }
        List<String> names = allowed.stream().map(HttpMethod::name).toList();
        problems.tell(
                request,
                Problem.of("method-not-allowed", "This path does not have the method " + request.method() + ".")
                        .withHeader("Allow", String.join(", ", names)));
    }

    /** What the router itself refuses. */
    private Router tellingProblems(Router router) {
        return router.errorHandler(
                        404,
                        routing -> problems.tell(
                                routing.request(), Problem.of("not-found", "There is nothing at this path.")))
                .errorHandler(
                        400,
                        routing -> problems.tell(
                                routing.request(), Problem.of("invalid-request", "The path or a header is malformed.")))
                .errorHandler(500, routing -> problems.tell(routing.request(), routing.failure()));
    }
}
