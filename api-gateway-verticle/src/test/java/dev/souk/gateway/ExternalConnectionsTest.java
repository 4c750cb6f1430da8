package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.CUSTOMER;
import static dev.souk.kit.bus.OperationHandler.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Registry;
import dev.souk.contracts.Registry.Entries;
import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.Policy;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Connections to an external service that keeps them, whatever happened on them. */
@TestInstance(Lifecycle.PER_CLASS)
class ExternalConnectionsTest {
    private static final String HEADERS = "Host: x\r\nAuthorization: Bearer " + CUSTOMER + "\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final Vertx outside = Vertx.vertx();
    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        HttpServer service = ServiceFixture.await(outside.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(ExternalConnectionsTest::serve)
                .listen());
        Entry entry = new Entry(
                UUID.randomUUID(),
                "kept",
                URI.create("http://127.0.0.1:" + service.actualPort()),
                null,
                1,
                Policy.ROUND_ROBIN,
                Instant.EPOCH);
        gateway = GatewayFixture.start(
                vertx, Map.of("SOUK_EXTERNAL_CONNECTIONS", "2", "SOUK_EXTERNAL_HEALTH_INTERVAL", "100ms"));
        ServiceFixture.await(gateway.context()
                .serve(
                        "registry",
                        Future::succeededFuture,
                        on(Registry.LIST, (asked, call) -> Future.succeededFuture(new Entries(List.of(entry))))));
        Await.until("the service is known", () -> get("/").status() == 200);
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
        ServiceFixture.await(outside.close());
    }

    @Test
    void oneOnWhichARequestWasCutShortIsNotUsedAgain() throws IOException {
        String early = say("POST /api/v1/ext/kept/early HTTP/1.1\r\nContent-Length: 100000\r\n" + HEADERS + "\r\nabc");

        Reply next = gateway.customer().send("POST", "/api/v1/ext/kept/", BodyPublishers.ofString("abc"));

        assertThat(early).startsWith("HTTP/1.1 403").endsWith("early");
        assertThat(next.status()).as(next.body()).isEqualTo(200);
        assertThat(next.body()).isEqualTo("3 bytes");
    }

    @Test
    void requestsThatFollowOneAnotherOnAConnectionGetTheirOwnAnswers() throws IOException {
        String both = say("GET /api/v1/ext/kept/first HTTP/1.1\r\n" + HEADERS
                + "\r\nGET /api/v1/ext/kept/second HTTP/1.1\r\nConnection: close\r\n" + HEADERS + "\r\n");

        assertThat(both.split("HTTP/1.1 200 OK")).hasSize(3);
        assertThat(both.indexOf("/first")).isBetween(1, both.indexOf("/second"));
    }

    @Test
    void aRequestThatItsClientGaveUpFreesItsConnection() throws IOException {
        try (Socket first = new Socket("127.0.0.1", gateway.port());
                Socket second = new Socket("127.0.0.1", gateway.port())) {
            write(first, "GET /api/v1/ext/kept/never HTTP/1.1\r\n" + HEADERS + "\r\n");
            write(second, "GET /api/v1/ext/kept/never HTTP/1.1\r\n" + HEADERS + "\r\n");
            Await.until("all connections are taken", () -> get("/").body().contains("overloaded"));
        }

        Await.until("they are free again", () -> get("/").status() == 200);
    }

    private static void serve(HttpServerRequest request) {
        switch (request.path()) {
            case "/early" -> {
                request.pause();
                request.response().setStatusCode(403).end("early");
            }
            case "/never" -> request.resume();
            case "/" -> request.body().onSuccess(body -> request.response().end(body.length() + " bytes"));
            default -> request.response().putHeader("X-Path", request.path()).end();
        }
    }

    private Reply get(String path) {
        return gateway.customer().get("/api/v1/ext/kept" + path);
    }

    private String say(String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", gateway.port())) {
            socket.setSoTimeout(30_000);
            write(socket, text);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }
}
