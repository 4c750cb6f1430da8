package dev.souk.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.GatewayVerticle;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Looks at the shop from outside, through its gateway's HTTP port. */
final class GatewayProbe {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final HttpClient http;
    private final String host;
    private final int port;
    private String last = "nothing";

    private GatewayProbe(String host, int port) {
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        this.host = host;
        this.port = port;
    }

    /** The gateway as it is configured. */
    static GatewayProbe of(Environment environment) {
        Setting<String> host = setting("SOUK_HTTP_HOST");
        Setting<Integer> port = setting("SOUK_HTTP_PORT");
        return new GatewayProbe(environment.get(host), environment.get(port));
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** Where a client on this machine reaches it. */
    URI url() {
        return URI.create("http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port);
    }

    /** Whether a gateway could listen there. */
    boolean isPortFree() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether a gateway of a shop answers. */
    boolean isThere() {
        return ready().isPresent();
    }

    /** Returns when each of these services has answered through the gateway. @throws LaunchException when it is too late */
    void awaitAnswersOf(List<String> services, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        while (!ready().map(answer -> isUp(answer, services)).orElse(false)) {
            if (System.nanoTime() - until > 0) {
                throw new LaunchException("the gateway on " + url() + " did not answer for "
                        + String.join(", ", services) + " within " + limit.toSeconds() + " s; it said: " + last);
            }
            pause();
        }
    }

    private static boolean isUp(JsonNode answer, List<String> services) {
        return services.stream()
                .filter(service -> !service.equals(Services.GATEWAY))
                .allMatch(service ->
                        "UP".equals(answer.path("services").path(service).asText()));
    }

    private Optional<JsonNode> ready() {
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/ready"))
                .timeout(Duration.ofSeconds(3))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            last = response.statusCode() + " " + response.body();
            return response.statusCode() == 200
                    ? Optional.of(WireFormat.mapper().readTree(response.body()))
                    : Optional.empty();
        } catch (IOException e) {
            last = e.toString();
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted");
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException("interrupted");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> Setting<T> setting(String name) {
        return (Setting<T>) GatewayVerticle.DEFINITION.settings().stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
