package dev.souk.launcher;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Ping;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.node.Node;
import dev.souk.kit.node.NodeConfig;
import dev.souk.kit.node.ServiceDefinition;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Some or all services in this JVM, from the data folder to the last answer, and back. */
final class Shop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shop.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration LAST_PING = Duration.ofSeconds(5);
    private static final Duration PING_PAUSE = Duration.ofMillis(100);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(25);

    private final Terminal terminal;
    private final Environment environment;
    private final List<ServiceDefinition> services;
    private final List<String> names;
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private Shop(Terminal terminal, Environment environment, List<ServiceDefinition> services) {
        this.terminal = terminal;
        this.environment = environment;
        this.services = services;
        this.names = services.stream().map(ServiceDefinition::name).toList();
    }

    /**
     * Starts the services and returns when each has answered; through the gateway, if that is one of them.
     *
     * @param wholeShop whether these are all services, which only the owner of the data folder may start
     * @throws LaunchException with one line that says what is in the way; what was started is stopped again
     */
    static Shop start(Terminal terminal, Environment environment, List<ServiceDefinition> services, boolean wholeShop) {
        Shop shop = new Shop(terminal, environment, services);
        Thread stopper = new Thread(shop::closeOnSignal, "stop");
        Runtime.getRuntime().addShutdownHook(stopper);
        try {
            shop.start(wholeShop);
            return shop;
        } catch (LaunchException | ConfigurationException e) {
            shop.close();
            throw e;
        } catch (RuntimeException e) {
            LOG.error("the start failed", e);
            shop.close();
            throw new LaunchException(reason(e), e);
        }
    }

    /** Stops what was started, in reverse. May be called twice. */
    @Override
    public synchronized void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                LOG.warn("something did not stop cleanly", e);
            }
        }
    }

    private void start(boolean wholeShop) {
        requireFreePort();
        DataDirectory folder = opened(DataDirectory.at(environment.get(LauncherConfig.DATA_DIR)));
        ShopDatabase database = opened(database(folder, wholeShop));
        terminal.fact("database", database.summary());

        Environment configured = withProvider(database.environment(), folder);

        NodeConfig config = NodeConfig.from(configured);
        Node node = await(Node.start(config, configured, terminal::line));
        opened(() -> stop(node));
        terminal.fact(
                "node",
                node.name()
                        + config.cluster()
                                .map(cluster -> " in cluster " + cluster.name())
                                .orElse(", alone"));

        await(node.deploy(services));
        long until = System.nanoTime() + START_LIMIT.toNanos();
        names.forEach(name -> awaitAnswer(node, name, until));
        terminal.fact("services", String.join(", ", names));
        if (names.contains(Services.GATEWAY)) {
            GatewayProbe.of(environment).awaitAnswersOf(names, START_LIMIT);
        }
        terminal.fact("management", "http://" + config.managementHost() + ":" + node.managementPort() + "/ready");
    }

    private Environment withProvider(Environment known, DataDirectory folder) {
        if (!names.contains(Services.PAYMENT) || !ShopProvider.isEmbedded(known)) {
            return known;
        }
        ShopProvider provider = opened(ShopProvider.open(known, folder));
        terminal.fact("payments", provider.summary());
        return provider.addedTo(known);
    }

    private ShopDatabase database(DataDirectory folder, boolean wholeShop) {
        if (!ShopDatabase.isEmbeddedFor(environment, names)) {
            return ShopDatabase.external(environment);
        }
        if (folder.own()) {
            return ShopDatabase.own(environment, folder, terminal);
        }
        if (wholeShop) {
            throw new LaunchException("a shop runs on " + folder.path() + " already (process "
                    + folder.owner().orElse(0L) + "); stop it, or choose another folder with SOUK_DATA_DIR");
        }
        return ShopDatabase.join(environment, folder);
    }

    private void requireFreePort() {
        if (!names.contains(Services.GATEWAY)) {
            return;
        }
        GatewayProbe gateway = GatewayProbe.of(environment);
        if (!gateway.isPortFree()) {
            throw new LaunchException("port " + gateway.port() + " on " + gateway.host()
                    + " is taken; stop what listens there, or choose another with SOUK_HTTP_PORT");
        }
    }

    private static void awaitAnswer(Node node, String service, long until) {
        try {
            // A little longer than the last ping may take, which tells what is wrong.
            await(ping(node, service, until));
        } catch (Fault failure) {
            throw new LaunchException("the " + service + " service does not answer: " + failure.getMessage(), failure);
        }
    }

    /** A machine that is busy with other things may not answer the first one in time. */
    private static Future<?> ping(Node node, String service, long until) {
        return node.context()
                .bus()
                .call(Ping.of(service), new Ping(), CallContext.ofService("start", START_LIMIT))
                .recover(failure -> System.nanoTime() - until > 0
                        ? Future.failedFuture(failure)
                        : node.context()
                                .vertx()
                                .timer(PING_PAUSE.toMillis(), TimeUnit.MILLISECONDS)
                                .compose(waited -> ping(node, service, until).mapEmpty()));
    }

    private static void stop(Node node) {
        try {
            node.stop().await(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.warn("the services did not stop within {}", STOP_LIMIT);
        }
    }

    private synchronized <T extends AutoCloseable> T opened(T part) {
        started.push(part);
        return part;
    }

    private void closeOnSignal() {
        if (!started.isEmpty()) {
            terminal.line("stopping ...");
            close();
            terminal.line("stopped");
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(START_LIMIT.plus(LAST_PING).toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new LaunchException("the services did not start within " + START_LIMIT.toSeconds() + " s", e);
        }
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        return message.lines().findFirst().orElse("unknown") + " (the log says more)";
    }
}
