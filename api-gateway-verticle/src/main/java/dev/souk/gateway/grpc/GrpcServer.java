package dev.souk.gateway.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import dev.souk.contracts.Caller;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiHandler;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.http.GatewayServer;
import dev.souk.gateway.http.RequestIds;
import dev.souk.gateway.http.Stations;
import dev.souk.gateway.problem.ProblemCatalogue;
import dev.souk.gateway.stream.Follower;
import dev.souk.gateway.stream.Following;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.config.ConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.grpc.server.GrpcProtocol;
import io.vertx.grpc.server.GrpcServerOptions;
import io.vertx.grpc.server.GrpcServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gRPC edge, on a port of its own. A call is led through the same stations to the same handlers as the request of the HTTP
 * contract that its method stands for; only its form differs.
 */
public final class GrpcServer {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
    private static final Duration SHUTDOWN_LIMIT = Duration.ofSeconds(10);
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_STREAMS = 100;
    private static final String REPLAYED = "Idempotency-Replayed";

    private final Vertx vertx;
    private final GrpcConfig config;
    private final RequestIds ids;
    private final ProblemCatalogue catalogue;
    private final Stations stations;
    private final Map<String, Consumer<GrpcCall>> methods = new HashMap<>();
    private final Optional<HttpServer> server;
    private boolean listening;

    /**
     * @param ids makes the ids of calls that bring none
     * @param handlers by operationId
     * @throws IllegalStateException naming a method whose operation is not in the contract
     */
    public GrpcServer(
            Vertx vertx,
            GrpcConfig config,
            Supplier<UUID> ids,
            Contract contract,
            ProblemCatalogue catalogue,
            Stations stations,
            Map<String, ApiHandler> handlers,
            Following following) {
        this.vertx = vertx;
        this.config = config;
        this.ids = new RequestIds(ids);
        this.catalogue = catalogue;
        this.stations = stations;
        bind(contract, handlers, following);
        io.vertx.grpc.server.GrpcServer grpc =
                io.vertx.grpc.server.GrpcServer.server(vertx, protocol()).callHandler(this::accept);
        this.server = config.port()
                .map(port -> vertx.createHttpServer(options(config.host(), port))
                        .connectionHandler(stations::connected)
                        .requestHandler(request -> accept(request, grpc)));
    }

    /** Does nothing without a port. Fails with a {@link ConfigurationException} if the address cannot be used. */
    public Future<Void> listen() {
        return server.map(HttpServer::listen)
                .map(open -> open.<Void>mapEmpty().onSuccess(done -> listening = true))
                .orElseGet(Future::succeededFuture)
                .recover(failure -> Future.failedFuture(
                        new ConfigurationException("SOUK_GRPC_PORT: cannot listen on " + config.host() + ":"
                                + config.port().orElseThrow() + " (" + GatewayServer.reason(failure) + ")")));
    }

    /** Takes no new calls and waits a bounded time for those that run. */
    public Future<Void> shutdown() {
        listening = false;
        return server.map(open -> open.shutdown(SHUTDOWN_LIMIT.toSeconds(), TimeUnit.SECONDS))
                .orElseGet(Future::succeededFuture);
    }

    /** Succeeds while calls are taken, or where none are to be. */
    public Future<Void> listening() {
        return listening || server.isEmpty() ? Future.succeededFuture() : Future.failedFuture("not listening");
    }

    /** The port it listens on, which tells what was chosen when any was asked for; empty without one. */
    public Optional<Integer> port() {
        return server.map(HttpServer::actualPort);
    }

    private void bind(Contract contract, Map<String, ApiHandler> handlers, Following following) {
        Map<String, ContractOperation> operations =
                contract.operations().stream().collect(Collectors.toMap(ContractOperation::id, Function.identity()));
        for (GrpcMethod method : GrpcMethods.ALL) {
            ContractOperation operation = operation(operations, method);
            ApiHandler handler = handlers.get(method.operationId());
            methods.put(
                    method.name(),
                    method.streams()
                            ? call -> follow(call, method, operation, following)
                            : call -> answer(call, method, operation, handler));
        }
    }

    private static ContractOperation operation(Map<String, ContractOperation> operations, GrpcMethod method) {
        return Optional.ofNullable(operations.get(method.operationId()))
                .orElseThrow(() -> new IllegalStateException(
                        "openapi.yaml has no " + method.operationId() + " for " + method.name()));
    }

    private static void accept(HttpServerRequest request, io.vertx.grpc.server.GrpcServer grpc) {
        if (request.version() == HttpVersion.HTTP_2) {
            grpc.handle(request);
            return;
        }
        request.response()
                .setStatusCode(505)
                .putHeader("Connection", "close")
                .end()
                .otherwiseEmpty();
        request.connection().close().otherwiseEmpty();
    }

    private void accept(GrpcServerRequest<Buffer, Buffer> request) {
        GrpcCall call = new GrpcCall(request, ids.choose(request.headers().get("x-request-id")));
        stations.limited(request.connection(), call.metadata(), call.untold())
                .ifPresentOrElse(
                        problem -> fail(call, problem.refusal()),
                        () -> methods.getOrDefault(request.fullMethodName(), GrpcCall::refuse)
                                .accept(call));
    }

    private void answer(GrpcCall call, GrpcMethod method, ContractOperation operation, ApiHandler handler) {
        stations.lead(
                        operation,
                        call.metadata(),
                        call.untold(),
                        caller -> validated(call, method, operation, caller),
                        handler::handle)
                .map(answer -> reply(call, method, answer))
                .onSuccess(reply -> logged(call.reply(reply)))
                .onFailure(failure -> fail(call, failure));
    }

    private void follow(GrpcCall call, GrpcMethod method, ContractOperation operation, Following following) {
        stations.lead(
                        operation,
                        call.metadata(),
                        call.untold(),
                        caller -> validated(call, method, operation, caller),
                        following::begin)
                .onSuccess(begun -> begun.ifPresentOrElse(open -> open(call, open), () -> logged(call.end())))
                .onFailure(failure -> fail(call, failure));
    }

    private void open(GrpcCall call, Consumer<Follower> open) {
        if (!call.isOver()) {
            open.accept(new OrderFollower(vertx, call, failure -> GrpcProblem.of(failure, catalogue, call.id())));
        }
    }

    private Future<ApiRequest> validated(
            GrpcCall call, GrpcMethod method, ContractOperation operation, Optional<Caller> caller) {
        return call.message(vertx, config.requestDeadline(), method.request())
                .map(message -> method.places().apply(new OperationFields(message, call.metadata())))
                .map(fields -> fields.request(
                        operation.input(),
                        call.id(),
                        () -> stations.client(call.connection(), call.metadata()),
                        caller,
                        config.requestDeadline()))
                .map(request -> call.deadline().map(request::until).orElse(request));
    }

    private static Message reply(GrpcCall call, GrpcMethod method, Answer answer) {
        Optional.ofNullable(answer.headers().get(REPLAYED))
                .ifPresent(replayed -> call.tell("idempotency-replayed", replayed));
        return answer.body() instanceof Answer.Body.Whole(Buffer content)
                ? JsonMessages.read(json(content), method.reply())
                : method.reply();
    }

    private void fail(GrpcCall call, Throwable failure) {
        logged(call.fail(GrpcProblem.of(failure, catalogue, call.id())));
    }

    private static JsonNode json(Buffer content) {
        try {
            return WireFormat.mapper().readTree(content.getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("an answer is no JSON", e);
        }
    }

    private static void logged(Future<Void> sent) {
        sent.onFailure(failure -> LOG.debug("an answer did not reach its client: {}", failure.toString()));
    }

    private static GrpcServerOptions protocol() {
        return new GrpcServerOptions()
                .setMaxMessageSize(CallMessage.MAX_BYTES)
                .removeEnabledProtocol(GrpcProtocol.WEB)
                .removeEnabledProtocol(GrpcProtocol.WEB_TEXT)
                .removeEnabledProtocol(GrpcProtocol.TRANSCODING);
    }

    private static HttpServerOptions options(String host, int port) {
        return new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setIdleTimeout((int) GatewayServer.IDLE_LIMIT.toSeconds())
                .setMaxHeaderSize(MAX_HEADER_BYTES)
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(MAX_STREAMS)
                        .setMaxHeaderListSize(MAX_HEADER_BYTES));
    }
}
