package dev.souk.gateway;

import dev.souk.contracts.Notifications;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.gateway.grpc.GrpcServer;
import dev.souk.gateway.http.ApiHandler;
import dev.souk.gateway.http.Authenticator;
import dev.souk.gateway.http.GatewayServer;
import dev.souk.gateway.http.Stations;
import dev.souk.gateway.overload.Admission;
import dev.souk.gateway.token.SigningKeys;
import dev.souk.gateway.token.TokenVerifier;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The edge of the shop: HTTP, and gRPC where it is asked for. */
public final class GatewayVerticle extends VerticleBase {
    private static final String NAME = "api-gateway";
    private static final List<String> SERVICES = List.of(
            Users.GET.service(),
            Products.GET.service(),
            Orders.GET.service(),
            Payments.LIST.service(),
            Notifications.LIST.service());
    private static final Duration KEYS_LIMIT = Duration.ofSeconds(2);

    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(NAME, GatewayConfig.SETTINGS, GatewayVerticle::new);

    private final ServiceContext context;
    private final GatewayConfig config;
    private SigningKeys keys;
    private OrderEventStreams events;
    private GatewayServer server;
    private GrpcServer grpc;
    private Endpoint endpoint;

    public GatewayVerticle(ServiceContext context) {
        this.context = context;
        this.config = GatewayConfig.from(context.environment());
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(GatewayFiles::load)
                .map(this::wire)
                .compose(wired -> events.listen())
                .compose(heard -> server.listen())
                .compose(listening -> grpc.listen())
                .onSuccess(listening -> keys.open())
                .compose(listening -> context.serve(NAME, server::listening))
                .onSuccess(opened -> endpoint = opened);
    }

    /** What runs is answered first; what would run for ever is ended. */
    @Override
    public Future<?> stop() {
        keys.close();
        events.close();
        return Future.join(server.shutdown(), grpc.shutdown()).eventually(endpoint::close);
    }

    /** The port that clients reach. */
    int port() {
        return server.port();
    }

    /** The port that gRPC clients reach, if there is one. */
    Optional<Integer> grpcPort() {
        return grpc.port();
    }

    private GatewayServer wire(GatewayFiles files) {
        Bus bus = context.bus();
        keys = new SigningKeys(
                vertx, () -> bus.call(Users.KEYS, new Users.GetKeys(), CallContext.ofService(NAME, KEYS_LIMIT)));
        events = new OrderEventStreams(vertx, bus, config.events());
        Stations stations = new Stations(
                new Admission(context.random()), new Authenticator(new TokenVerifier(keys, context.clock())));
        Map<String, ApiHandler> handlers = Handlers.table(
                bus,
                config,
                files,
                events,
                new OperationsHandler(context.readiness(), new ServiceStatus(bus, SERVICES)));
        server = new GatewayServer(
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
        context.readiness().register("http", server::listening);
        context.readiness().register("grpc", grpc::listening);
        context.readiness().register("signing-keys", keys::loaded);
        return server;
    }
}
