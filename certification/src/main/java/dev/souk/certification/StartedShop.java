package dev.souk.certification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A shop as {@code ./souk up} starts it, in a folder that is thrown away, but with the optimizing compiler, which a shop that
 * serves for long earns.
 */
final class StartedShop implements AutoCloseable {
    private static final String ADMIN = "admin@example.com";
    private static final String PASSWORD = "correct horse battery staple";
    private static final int PRODUCTS = 100;
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final Process process;
    private final int port;

    private StartedShop(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /** @param prefix what the command begins with */
    static StartedShop start(List<String> prefix) throws IOException {
        Path folder = Files.createTempDirectory("souk-overload");
        int port = freePort();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(System.getProperty("souk.home") + "/souk", "up"));
        ProcessBuilder souk = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        souk.environment()
                .putAll(Map.of(
                        "SOUK_DATA_DIR",
                        folder.resolve("data").toString(),
                        "SOUK_HTTP_PORT",
                        Integer.toString(port),
                        "SOUK_MANAGEMENT_PORT",
                        Integer.toString(freePort()),
                        "SOUK_SANDBOX_PORT",
                        "0",
                        "SOUK_JVM_FLAGS",
                        "-XX:TieredStopAtLevel=4 -XX:ReservedCodeCacheSize=128m",
                        "SOUK_RATE_LIMIT",
                        "off",
                        "SOUK_ACCESS_TOKEN_TTL",
                        "2h",
                        "SOUK_ADMIN_EMAIL",
                        ADMIN,
                        "SOUK_ADMIN_PASSWORD",
                        PASSWORD));
        StartedShop shop = new StartedShop(folder, souk.start(), port);
        try {
            shop.awaitReady();
            return shop;
        } catch (IOException | RuntimeException e) {
            shop.close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    /** Clients with an account of their own and plenty of every product. */
    HttpLoad load() throws IOException {
        String admin = token(ADMIN);
        List<String> products = new ArrayList<>();
        for (int number = 0; number < PRODUCTS; number++) {
            String body = """
                    {"sku": "sku-%d", "name": "Product", "price": {"amount": 100, "currency": "USD"}, "stock": 100000000}
                    """.formatted(number);
            products.add(post("/api/v1/products", body, admin).path("id").asText());
        }
        String customer = "{\"name\": \"Ada\", \"email\": \"ada@example.com\", \"password\": \"" + PASSWORD + "\"}";
        post("/api/v1/users", customer, "");
        return new HttpLoad(port, token("ada@example.com"), products);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private String token(String email) throws IOException {
        String body = "{\"email\": \"" + email + "\", \"password\": \"" + PASSWORD + "\"}";
        return post("/api/v1/auth/token", body, "").path("accessToken").asText();
    }

    private JsonNode post(String path, String body, String token) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> answer = send(request.build());
        if (answer.statusCode() / 100 != 2) {
            throw new IllegalStateException(path + " was answered with " + answer.statusCode() + " " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/ready"))
                .build();
        while (System.nanoTime() - deadline < 0 && process.isAlive()) {
            try {
                if (send(ready).statusCode() == 200) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(200);
            } catch (IOException e) {
                // Not listening yet.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        throw new IllegalStateException("the shop did not start: " + Files.readString(folder.resolve("log")));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
