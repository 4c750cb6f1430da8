package dev.souk.launcher;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.payment.PaymentVerticle;
import dev.souk.sandbox.Sandbox;
import dev.souk.sandbox.SandboxConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The payment provider of a shop: the one that the operator named, or a sandbox in the data folder, run by the first
 * process that needs it and found there by the others.
 */
final class ShopProvider implements AutoCloseable {
    static final String URL = "SOUK_PAYMENT_PROVIDER_URL";
    private static final int LIMIT_SECONDS = 15;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Sandbox sandbox;
    private final URI address;

    private ShopProvider(Vertx vertx, Sandbox sandbox, URI address) {
        this.vertx = vertx;
        this.sandbox = sandbox;
        this.address = address;
    }

    /** Whether the operator left the choice to us. */
    static boolean isEmbedded(Environment environment) {
        return environment.find(setting()).isEmpty();
    }

    /**
     * Starts the sandbox of the folder, or finds the one that runs there already.
     *
     * @throws ConfigurationException if it cannot be started
     */
    static ShopProvider open(Environment environment, DataDirectory folder) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            Optional<URI> running = lastAddress(folder.sandbox()).filter(ShopProvider::answers);
            if (running.isPresent()) {
                return new ShopProvider(null, null, running.get());
            }
            try {
                return start(environment, folder);
            } catch (ConfigurationException e) {
                // Another process may be starting it at this moment.
                if (System.nanoTime() - until > 0 || !isHeldByAnother(e)) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static ShopProvider start(Environment environment, DataDirectory folder) {
        Vertx vertx = Vertx.vertx(
                new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(2));
        try {
            Sandbox sandbox = await(listen(vertx, environment, folder));
            URI address = URI.create("http://127.0.0.1:" + sandbox.port());
            Files.writeString(folder.sandbox().resolve("url"), address.toString());
            return new ShopProvider(vertx, sandbox, address);
        } catch (IOException e) {
            vertx.close();
            throw new LaunchException("the payment sandbox cannot write into the data folder: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            vertx.close();
            throw e;
        }
    }

    /** The environment with the address of the sandbox that runs in this folder, if it needs one and there is one. */
    static Environment join(Environment environment, DataDirectory folder) {
        return lastAddress(folder.sandbox())
                .map(address -> environment.withFallbacks(Map.of(URL, address.toString()), "payment sandbox"))
                .orElse(environment);
    }

    /** Where the provider is. @throws ConfigurationException if there is none */
    static URI url(Environment environment) {
        return environment.get(setting());
    }

    /** The environment with the address of this provider. */
    Environment addedTo(Environment environment) {
        return environment.withFallbacks(Map.of(URL, address.toString()), "payment sandbox");
    }

    /** Whether this process runs it. */
    boolean isOurs() {
        return sandbox != null;
    }

    /** In words for the operator. */
    String summary() {
        return "sandbox " + (sandbox == null ? "of another process" : "started") + " on " + address;
    }

    @Override
    public void close() {
        if (sandbox == null) {
            return;
        }
        try {
            sandbox.close().await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new LaunchException("the payment sandbox does not stop", e);
        } finally {
            vertx.close();
        }
    }

    /** The last port is taken again where any will do: other processes may still know it. */
    private static Future<Sandbox> listen(Vertx vertx, Environment environment, DataDirectory folder) {
        SandboxConfig config = SandboxConfig.from(environment, folder.path());
        SandboxConfig anywhere = new SandboxConfig(config.host(), 0, config.folder());
        if (config.port() == 0) {
            return lastAddress(config.folder())
                    .map(last -> new SandboxConfig(config.host(), last.getPort(), config.folder()))
                    .map(again -> Sandbox.start(vertx, again).recover(taken -> Sandbox.start(vertx, anywhere)))
                    .orElseGet(() -> Sandbox.start(vertx, anywhere));
        }
        boolean isChosen = environment.setNames("SOUK_SANDBOX_PORT").size() == 1;
        return isChosen
                ? Sandbox.start(vertx, config)
                : Sandbox.start(vertx, config).recover(taken -> Sandbox.start(vertx, anywhere));
    }

    private static boolean isHeldByAnother(ConfigurationException failure) {
        return failure.getMessage().contains("in use");
    }

    private static boolean answers(URI address) {
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PROBE_LIMIT)
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(address.resolve("/health"))
                    .timeout(PROBE_LIMIT)
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted", e);
        }
    }

    private static Optional<URI> lastAddress(Path place) {
        try {
            return Optional.of(URI.create(Files.readString(place.resolve("url")).strip()));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new LaunchException("the payment sandbox did not start within " + LIMIT_SECONDS + " s", e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Setting<URI> setting() {
        return (Setting<URI>) PaymentVerticle.DEFINITION.settings().stream()
                .filter(setting -> setting.name().equals(URL))
                .findFirst()
                .orElseThrow();
    }
}
