package dev.souk.gateway;

import dev.souk.kit.bus.Endpoint;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;

/** The edge of the shop: HTTP, and gRPC where it is asked for. */
public final class GatewayVerticle extends VerticleBase {
    private static final String NAME = "api-gateway";

    public static final ServiceDefinition DEFINITION =
            new ServiceDefinition(NAME, GatewayConfig.SETTINGS, GatewayVerticle::new);

    private final ServiceContext context;
    private final GatewayConfig config;
    private Edge edge;
    private Endpoint endpoint;

    public GatewayVerticle(ServiceContext context) {
        this.context = context;
        this.config = GatewayConfig.from(context.environment());
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(GatewayFiles::load)
                .map(files -> new Edge(NAME, context, config, files))
                .compose(Edge::open)
                .onSuccess(open -> edge = open)
                .compose(open -> context.serve(NAME, open::listening))
                .onSuccess(opened -> endpoint = opened);
    }

    @Override
    public Future<?> stop() {
        return edge.close().eventually(endpoint::close);
    }

    /** The port that HTTP clients reach. */
    int port() {
        return edge.port();
    }

    /** The port that gRPC clients reach, if there is one. */
    Optional<Integer> grpcPort() {
        return edge.grpcPort();
    }
}
