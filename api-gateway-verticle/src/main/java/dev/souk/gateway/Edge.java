package dev.souk.gateway;

import dev.souk.contracts.Notifications;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products;
import dev.souk.contracts.Registry;
import dev.souk.contracts.Users;
import dev.souk.gateway.external.ExternalServicesHandler;
import dev.souk.gateway.grpc.GrpcServer;
import dev.souk.gateway.http.ApiHandler;
import dev.souk.gateway.http.Authenticator;
import dev.souk.gateway.http.GatewayServer;
import dev.souk.gateway.http.Stations;
import dev.souk.gateway.limit.RateLimits;
import dev.souk.gateway.overload.Admission;
import dev.souk.gateway.token.SigningKeys;
import dev.souk.gateway.token.TokenVerifier;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.node.ServiceContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The servers that clients reach, HTTP and, where it is asked for, gRPC, and what they share. */
final class Edge {
    private static final List<String> SERVICES = List.of(
            Users.GET.service(),
            Products.GET.service(),
            Orders.GET.service(),
            Payments.LIST.service(),
            Notifications.LIST.service(),
            Registry.LIST.service());
    private static final Duration KEYS_LIMIT = Duration.ofSeconds(2);

    private final SigningKeys keys;
    private final OrderEventStreams events;
    private final ExternalServicesHandler external;
    private final GatewayServer http;
    private final GrpcServer grpc;

    /** @param name who asks when the gateway asks on its own */
    Edge(String name, ServiceContext context, GatewayConfig config, GatewayFiles files) {
        Vertx vertx = context.vertx();
        Bus bus = context.bus();
        keys = new SigningKeys(
                vertx, () -> bus.call(Users.KEYS, new Users.GetKeys(), CallContext.ofService(name, KEYS_LIMIT)));
        events = new OrderEventStreams(vertx, bus, config.events());
        RateLimits limits = RateLimits.of(config.limits(), name, context);
        Stations stations = new Stations(
                config.server(),
                limits,
                new Admission(context.random()),
                new Authenticator(new TokenVerifier(keys, context.clock())));
        ServiceStatus services = new ServiceStatus(bus, SERVICES);
        external = new ExternalServicesHandler(vertx, bus, context.discovery(), config.external(), services::ask);
        Map<String, ApiHandler> handlers = Handlers.table(
                bus, config, files, limits, events, external, new OperationsHandler(context.readiness(), services));
        http = new GatewayServer(
                vertx,
                config.server(),
                context.ids(),
                files.contract(),
                files.problems(),
                context.random(),
                stations,
                handlers);
        grpc = new GrpcServer(
                vertx,
                config.grpc(),
                context.ids(),
                files.contract(),
                files.problems(),
                stations,
                handlers,
                events::begin);
        context.readiness().register("http", http::listening);
        config.grpc().port().ifPresent(port -> context.readiness().register("grpc", grpc::listening));
        context.readiness().register("signing-keys", keys::loaded);
    }

    /** Fails if an address cannot be used. */
    Future<Edge> open() {
        return events.listen()
                .compose(heard -> external.open())
                .compose(open -> http.listen())
                .compose(listening -> grpc.listen())
                .onSuccess(listening -> keys.open())
                .map(this);
    }

    /** What runs is answered first; what would run for ever is ended. */
    Future<?> close() {
        keys.close();
        events.close();
        return Future.join(http.shutdown(), grpc.shutdown()).eventually(external::close);
    }

    /** Succeeds while requests are taken. */
    Future<?> listening() {
        return Future.all(http.listening(), grpc.listening());
    }

    /** The port that HTTP clients reach. */
    int port() {
        return http.port();
    }

    /** The port that gRPC clients reach, if there is one. */
    Optional<Integer> grpcPort() {
        return grpc.port();
    }
}
