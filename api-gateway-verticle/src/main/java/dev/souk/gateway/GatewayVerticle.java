package dev.souk.gateway;

import dev.souk.contracts.Notifications;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Products;
import dev.souk.contracts.Registry;
import dev.souk.contracts.Users;
import dev.souk.gateway.external.ExternalServicesHandler;
import dev.souk.gateway.http.Authenticator;
import dev.souk.gateway.http.GatewayServer;
import dev.souk.gateway.limit.RateLimits;
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

/** The HTTP edge of the shop. */
public final class GatewayVerticle extends VerticleBase {
    private static final String NAME = "api-gateway";
    private static final List<String> SERVICES = List.of(
            Users.GET.service(),
            Products.GET.service(),
            Orders.GET.service(),
            Payments.LIST.service(),
            Notifications.LIST.service(),
            Registry.LIST.service());
    private static final Duration KEYS_LIMIT = Duration.ofSeconds(2);

    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(NAME, GatewayConfig.SETTINGS, GatewayVerticle::new);

    private final ServiceContext context;
    private final GatewayConfig config;
    private SigningKeys keys;
    private OrderEventStreams events;
    private ExternalServicesHandler external;
    private GatewayServer server;
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
                .compose(heard -> external.open())
                .compose(open -> server.listen())
                .onSuccess(listening -> keys.open())
                .compose(listening -> context.serve(NAME, server::listening))
                .onSuccess(opened -> endpoint = opened);
    }

    /** What runs is answered first; what would run for ever is ended. */
    @Override
    public Future<?> stop() {
        keys.close();
        events.close();
        return server.shutdown().eventually(external::close).eventually(endpoint::close);
    }

    /** The port that clients reach. */
    int port() {
        return server.port();
    }

    private GatewayServer wire(GatewayFiles files) {
        Bus bus = context.bus();
        keys = new SigningKeys(
                vertx, () -> bus.call(Users.KEYS, new Users.GetKeys(), CallContext.ofService(NAME, KEYS_LIMIT)));
        events = new OrderEventStreams(vertx, bus, config.events());
        RateLimits limits = RateLimits.of(config.limits(), NAME, context);
        ServiceStatus services = new ServiceStatus(bus, SERVICES);
        external = new ExternalServicesHandler(vertx, bus, context.discovery(), config.external(), services::ask);
        server = new GatewayServer(
                vertx,
                config.server(),
                context.ids(),
                files.contract(),
                files.problems(),
                context.random(),
                new Authenticator(new TokenVerifier(keys, context.clock())),
                limits,
                Handlers.table(
                        bus,
                        config,
                        files,
                        limits,
                        events,
                        external,
                        new OperationsHandler(context.readiness(), services)));
        context.readiness().register("http", server::listening);
        context.readiness().register("signing-keys", keys::loaded);
        return server;
    }
}
