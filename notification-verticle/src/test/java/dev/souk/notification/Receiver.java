package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A program of somebody else that is told by webhook. */
final class Receiver {
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private volatile BiConsumer<HttpServerRequest, Post> answer = answering(204);

    /** A message as it came. */
    record Post(String path, Map<String, String> headers, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }

        UUID id() {
            return UUID.fromString(json().getString("id"));
        }

        String orderId() {
            return json().getJsonObject("data").getString("orderId");
        }
    }

    private Receiver(Vertx vertx, int port) {
        server = ServiceFixture.await(
                vertx.createHttpServer().requestHandler(this::receive).listen(port, "127.0.0.1"));
    }

    static Receiver started(Vertx vertx) {
        return new Receiver(vertx, 0);
    }

    static Receiver at(Vertx vertx, int port) {
        return new Receiver(vertx, port);
    }

    static BiConsumer<HttpServerRequest, Post> answering(int status) {
        return (request, post) -> request.response().setStatusCode(status).end();
    }

    void answers(BiConsumer<HttpServerRequest, Post> changed) {
        answer = changed;
    }

    int port() {
        return server.actualPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    void stop() {
        ServiceFixture.await(server.close());
    }

    List<Post> posts() {
        return posts;
    }

    List<UUID> ids() {
        return posts.stream().map(Post::id).toList();
    }

    /** As the page on webhooks tells receivers to check. */
    static void assertSigned(Post post, String secret) throws Exception {
        String[] parts = post.headers().get("souk-signature").split(",");
        String at = parts[0].substring("t=".length());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] expected = mac.doFinal((at + "." + post.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(parts[1]).isEqualTo("v1=" + HexFormat.of().formatHex(expected));
        assertThat(Long.parseLong(at)).isCloseTo(System.currentTimeMillis() / 1_000, within(60L));
    }

    private void receive(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            Map<String, String> headers = new HashMap<>();
            request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
            Post post = new Post(request.path(), headers, body.toString());
            posts.add(post);
            answer.accept(request, post);
        });
    }
}
