package dev.souk.kit.node;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.souk.kit.bus.Bus;
import dev.souk.kit.config.Environment;
import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.LeasedDiscovery;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running JVM of the shop: Vert.x, alone or in a cluster, the management port, and the services deployed into it.
 */
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    private final String name;
    private final Vertx vertx;
    private final Discovery discovery;
    private final Readiness readiness;
    private final HttpServer management;
    private final ServiceContext context;
    /** The deployments of the services, by name, in the order in which they were asked for. */
    private final SequencedMap<String, Future<String>> deployments = new LinkedHashMap<>();

    private Node(
            NodeConfig config,
            Environment environment,
            Vertx vertx,
            Discovery discovery,
            Readiness readiness,
            HttpServer management,
            PrometheusMeterRegistry meters,
            Consumer<String> announce) {
        this.name = config.name();
        this.vertx = vertx;
        this.discovery = discovery;
        this.readiness = readiness;
        this.management = management;
        this.context = new ServiceContext(
                vertx,
                config.name(),
                environment,
                new Bus(vertx, discovery, config.name()),
                discovery,
                readiness,
                meters,
                Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000)),
                UuidCreator::getTimeOrderedEpoch,
                new SecureRandom(),
                announce);
    }

    /**
     * Starts a node without services. If anything fails, what was started is stopped again.
     *
     * @param announce shows a line to the operator
     */
    public static Future<Node> start(NodeConfig config, Environment environment, Consumer<String> announce) {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Optional<Cluster> cluster = config.cluster().map(Cluster::configured);
        Promise<Node> started = Promise.promise();
        vertx(config, cluster, meters)
                .onFailure(started::fail)
                .onSuccess(vertx -> assemble(vertx, config, environment, cluster, meters, announce)
                        .onSuccess(started::complete)
                        .onFailure(failure -> closed(vertx).onComplete(done -> started.fail(failure))));
        return started.future();
    }

    private static Future<Node> assemble(
            Vertx vertx,
            NodeConfig config,
            Environment environment,
            Optional<Cluster> cluster,
            PrometheusMeterRegistry meters,
            Consumer<String> announce) {
        Readiness readiness = new Readiness(vertx);
        return LeasedDiscovery.open(vertx, cluster.map(Cluster::member).orElse(config.name()))
                .onSuccess(discovery -> cluster.ifPresent(joined ->
                        joined.onMemberLeft(member -> vertx.runOnContext(left -> discovery.memberLeft(member)))))
                .compose(discovery -> ManagementServer.start(vertx, config, readiness, meters)
                        .map(management -> new Node(
                                config, environment, vertx, discovery, readiness, management, meters, announce)));
    }

    /**
     * Deploys services side by side; the future succeeds when all of them serve. Those that others stand on come first: they
     * are stopped last.
     */
    public Future<Void> deploy(List<ServiceDefinition> services) {
        return Future.all(services.stream().map(this::deploy).toList()).mapEmpty();
    }

    /**
     * Stops cleanly: not ready, then the services from the last deployed to the first (each withdraws, drains and closes
     * its pool), then the rest.
     */
    public Future<Void> stop() {
        readiness.drain();
        Promise<Void> drained = Promise.promise();
        undeployAll().eventually(management::close).eventually(discovery::close).onComplete(drained);
        return drained.future().transform(done -> closed(vertx));
    }

    public String name() {
        return name;
    }

    public int managementPort() {
        return management.actualPort();
    }

    /** What services of this node are given; for those who call the shop from within. */
    public ServiceContext context() {
        return context;
    }

    private Future<String> deploy(ServiceDefinition service) {
        Future<String> deployment = vertx.deployVerticle(service.verticle().apply(context))
                .onSuccess(id -> LOG.info("{} serves on node {}", service.name(), name));
        deployments.put(service.name(), deployment);
        return deployment;
    }

    private Future<Void> undeployAll() {
        Map.Entry<String, Future<String>> last = deployments.pollLastEntry();
        if (last == null) {
            return Future.succeededFuture();
        }
        return last.getValue()
                .transform(deployed ->
                        deployed.succeeded() ? undeploy(last.getKey(), deployed.result()) : Future.succeededFuture())
                .transform(stopped -> undeployAll());
    }

    private Future<Void> undeploy(String service, String deployment) {
        return vertx.undeploy(deployment).onFailure(failure -> LOG.warn("{} did not stop cleanly", service, failure));
    }

    /** Vert.x closed. The future belongs to no event loop: when Vert.x has closed there is none left to tell anybody. */
    private static Future<Void> closed(Vertx vertx) {
        Promise<Void> closed = Promise.promise();
        vertx.close().onComplete(closed);
        return closed.future();
    }

    private static Future<Vertx> vertx(NodeConfig config, Optional<Cluster> cluster, PrometheusMeterRegistry meters) {
        VertxOptions options = new VertxOptions()
                .setPreferNativeTransport(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false))
                .setMetricsOptions(new MicrometerMetricsOptions()
                        .setEnabled(true)
                        .setJvmMetricsEnabled(true)
                        .setLabels(EnumSet.of(
                                Label.EB_ADDRESS,
                                Label.EB_FAILURE,
                                Label.HTTP_ROUTE,
                                Label.HTTP_METHOD,
                                Label.HTTP_CODE,
                                Label.POOL_NAME,
                                Label.POOL_TYPE)));
        VertxBuilder builder = Vertx.builder().withMetrics(new MicrometerMetricsFactory(meters));
        if (cluster.isEmpty()) {
            return Future.succeededFuture(builder.with(options).build());
        }
        options.setEventBusOptions(new EventBusOptions()
                .setHost(config.cluster().orElseThrow().host())
                .setConnectTimeout(2_000)
                .setClusterPingInterval(5_000)
                .setClusterPingReplyInterval(5_000));
        return builder.with(options).withClusterManager(cluster.get().manager()).buildClustered();
    }
}
