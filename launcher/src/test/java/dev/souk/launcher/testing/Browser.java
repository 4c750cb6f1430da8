package dev.souk.launcher.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.souk.kit.bus.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A real browser without a window, told what to do over its DevTools protocol. */
public final class Browser implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    private final Process process;
    private final Path folder;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();

    private Browser(Process process, Path folder) {
        this.process = process;
        this.folder = folder;
        HttpClient http = HttpClient.newHttpClient();
        this.socket = http.newWebSocketBuilder()
                .connectTimeout(LIMIT)
                .buildAsync(tab(http, port()), new Listener())
                .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .join();
        ask("Runtime.enable", WireFormat.mapper().createObjectNode());
        ask("Log.enable", WireFormat.mapper().createObjectNode());
        ask("Page.enable", WireFormat.mapper().createObjectNode());
    }

    /** Whether there is one on this machine. */
    public static boolean isInstalled() {
        return command().isPresent();
    }

    public static Browser start() {
        Path folder = Path.of("target", "browser-" + ProcessHandle.current().pid() + "-" + System.nanoTime())
                .toAbsolutePath();
        try {
            Files.createDirectories(folder);
            Process process = new ProcessBuilder(
                            command().orElseThrow().toString(),
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + folder,
                            "about:blank")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("output.txt").toFile())
                    .start();
            return new Browser(process, folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void open(URI page) {
        ask("Page.navigate", WireFormat.mapper().createObjectNode().put("url", page.toString()));
    }

    /** What an expression of JavaScript comes to; a promise is waited for. */
    public JsonNode evaluate(String expression) {
        JsonNode reply = ask(
                "Runtime.evaluate",
                WireFormat.mapper()
                        .createObjectNode()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (reply.has("exceptionDetails")) {
            throw new AssertionError(reply.path("exceptionDetails").toString());
        }
        return reply.path("result").path("value");
    }

    /** What the browser refused, or what went wrong in the page. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private JsonNode ask(String method, ObjectNode parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        asked.put(id, reply);
        ObjectNode message =
                WireFormat.mapper().createObjectNode().put("id", id).put("method", method);
        message.set("params", parameters);
        socket.sendText(message.toString(), true);
        return reply.orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void hear(JsonNode message) {
        if (message.has("id")) {
            asked.remove(message.path("id").asInt()).complete(message.path("result"));
            return;
        }
        JsonNode parameters = message.path("params");
        switch (message.path("method").asText()) {
            case "Runtime.exceptionThrown" -> complaints.add(parameters.toString());
            case "Log.entryAdded" -> {
                if (parameters.at("/entry/level").asText().equals("error")) {
                    complaints.add(parameters.at("/entry/text").asText() + " "
                            + parameters.at("/entry/url").asText());
                }
            }
            default -> {}
        }
    }

    private int port() {
        Path file = folder.resolve("DevToolsActivePort");
        ShopProcess.await(
                "the browser", LIMIT, () -> Files.exists(file) && !lines(file).isEmpty());
        return Integer.parseInt(lines(file).getFirst());
    }

    private static URI tab(HttpClient http, int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
                .PUT(BodyPublishers.noBody())
                .timeout(LIMIT)
                .build();
        try {
            String tab = http.sendAsync(request, BodyHandlers.ofString())
                    .thenApply(answer -> answer.body())
                    .join();
            return URI.create(WireFormat.mapper()
                    .readTree(tab)
                    .path("webSocketDebuggerUrl")
                    .asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> command() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .flatMap(place -> NAMES.stream().map(name -> Path.of(place, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Puts the parts of messages together. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    hear(WireFormat.mapper().readTree(text.toString()));
                } catch (JsonProcessingException e) {
                    complaints.add(e.getMessage());
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }
    }
}
