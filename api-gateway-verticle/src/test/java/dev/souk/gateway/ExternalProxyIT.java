package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.CUSTOMER;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes between a client and an external service, and what does not. */
@TestInstance(Lifecycle.PER_CLASS)
class ExternalProxyIT {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final String EXT = "/api/v1/ext/python";
    private static final int MIB = 1024 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger ticks = new AtomicInteger();
    private ExternalShop shop;
    private PythonService python;

    @BeforeAll
    void start() {
        PythonService.assumePython();
        // Its number is 0, as is that of a timer that nobody has set.
        assertThat(vertx.setPeriodic(10, id -> ticks.incrementAndGet())).isZero();
        shop = ExternalShop.start(vertx, POSTGRES.provision().url());
        python = shop.python("python");
        shop.register("python", python, ",\"healthPath\":\"/health\"");
    }

    @AfterAll
    void stop() {
        if (shop != null) {
            shop.close();
        }
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void passesEveryMethodOnBelowTheRegisteredPath(String method) {
        Reply reply = shop.customer().send(method, EXT + "/echo;v=1/a%20b/echo?q=%2F..&q=&x", BodyPublishers.noBody());

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.json().path("method").asText()).isEqualTo(method);
        assertThat(reply.json().path("path").asText()).isEqualTo("/v1/echo;v=1/a%20b/echo?q=%2F..&q=&x");
        assertThat(reply.header("X-From")).hasValue("python");
    }

    @Test
    void tellsTheServiceWhoAsksAndNothingThatTheClientClaims() {
        Reply reply = shop.customer()
                .with(
                        "X-Souk-User", "someone-else",
                        "X-Souk-Role", "admin",
                        "X-User-Id", "1",
                        "X-Forwarded-For", "6.6.6.6",
                        "X-Forwarded-Anything", "x",
                        "Forwarded", "for=6.6.6.6",
                        "X-Real-IP", "6.6.6.6",
                        "Cookie", "session=1",
                        "X-Request-Id", "request-1",
                        "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                        "X-Custom", "kept")
                .get(EXT + "/echo");

        JsonNode headers = reply.json().path("headers");
        assertThat(headers.path("x-souk-user")).hasToString("[\"" + USER + "\"]");
        assertThat(headers.path("x-souk-role")).hasToString("[\"customer\"]");
        assertThat(headers.path("x-forwarded-for")).hasToString("[\"127.0.0.1\"]");
        assertThat(headers.path("x-forwarded-proto")).hasToString("[\"http\"]");
        assertThat(headers.path("x-forwarded-host"))
                .hasToString("[\"127.0.0.1:" + shop.gateway().port() + "\"]");
        assertThat(headers.path("x-request-id")).hasToString("[\"request-1\"]");
        assertThat(headers.path("x-souk-remaining-ms").path(0).asInt()).isPositive();
        assertThat(headers.path("traceparent").path(0).asText()).contains("0af7651916cd43dd8448eb211c80319c");
        assertThat(headers.path("x-custom")).hasToString("[\"kept\"]");
        assertThat(headers.path("host"))
                .hasToString("[\"" + URI.create(python.url()).getAuthority() + "\"]");
        assertThat(headers.has("authorization")).isFalse();
        assertThat(headers.has("cookie")).isFalse();
        assertThat(headers.has("forwarded")).isFalse();
        assertThat(headers.has("x-real-ip")).isFalse();
        assertThat(headers.has("x-user-id")).isFalse();
        assertThat(headers.has("x-forwarded-anything")).isFalse();
    }

    @Test
    void passesTheServicesHeadersOnButNoRulesForTheShop() {
        Reply reply = shop.customer().with("X-Request-Id", "request-2").get(EXT + "/rules");

        assertThat(reply.status()).isEqualTo(418);
        assertThat(reply.header("ETag")).hasValue("\"7\"");
        assertThat(reply.header("Cache-Control")).hasValue("max-age=60");
        assertThat(reply.headers().allValues("X-Request-Id")).containsExactly("request-2");
        assertThat(reply.headers().allValues("Content-Security-Policy"))
                .containsExactly("default-src 'none'; frame-ancestors 'none'");
        assertThat(reply.header("Location")).hasValue(EXT + "/elsewhere");
        assertThat(reply.header("Set-Cookie")).isEmpty();
        assertThat(reply.header("Access-Control-Allow-Origin")).isEmpty();
        assertThat(reply.header("X-Hop")).isEmpty();
    }

    @Test
    void headersThatAClientCallsHopByHopGoNoFurther() throws IOException {
        String heard = say(
                "GET " + EXT + "/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + CUSTOMER
                        + "\r\nConnection: X-Mine\r\nConnection: close\r\nX-Mine: 1\r\nKeep-Alive: 9\r\nUpgrade: h2c\r\nTE: trailers\r\n\r\n");

        assertThat(heard)
                .startsWith("HTTP/1.1 200")
                .doesNotContain("x-mine")
                .doesNotContain("\"keep-alive\"")
                .doesNotContain("\"upgrade\"")
                .doesNotContain("\"te\"");
    }

    @Test
    void answersWithoutABodyHaveNone() {
        Reply nothing = shop.customer().get(EXT + "/nothing");
        Reply head = shop.customer().send("HEAD", EXT + "/echo", BodyPublishers.noBody());

        assertThat(nothing.status()).isEqualTo(204);
        assertThat(nothing.header("Transfer-Encoding")).isEmpty();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("Content-Length")).isPresent();
    }

    @Test
    void bodiesAreStreamedUpWithAndWithoutALength() throws Exception {
        byte[] body = new byte[9 * MIB];
        new Random(42).nextBytes(body);

        for (HttpRequest.BodyPublisher publisher : new HttpRequest.BodyPublisher[] {
            BodyPublishers.ofByteArray(body), BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
        }) {
            Reply reply = shop.customer()
                    .with("Content-Type", "application/octet-stream")
                    .send("POST", EXT + "/echo", publisher);

            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.json().path("length").asInt()).isEqualTo(body.length);
            assertThat(reply.json().path("sha256").asText()).isEqualTo(sha256(body));
        }
    }

    @Test
    void tooLargeABodyIsRefusedHoweverItComes() throws Exception {
        int before = seen("sink");
        HttpResponse<String> chunked = http.send(
                request(EXT + "/sink")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[11 * MIB])))
                        .build(),
                BodyHandlers.ofString());
        String announced = say("POST " + EXT + "/sink HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + CUSTOMER
                + "\r\nContent-Length: " + 11 * MIB + "\r\n\r\n");

        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(announced).startsWith("HTTP/1.1 413").contains("payload-too-large");
        // What was announced never left; what was not broke off.
        assertThat(seen("sink")).isLessThanOrEqualTo(before + 1);
        assertThat(shop.customer().get(EXT + "/work").status()).isEqualTo(200);
    }

    @Test
    void noTimerOfTheNodeIsStopped() {
        assertThat(shop.customer().get(EXT + "/work").status()).isEqualTo(200);

        int before = ticks.get();
        Await.until("the node's first timer goes on", () -> ticks.get() > before + 1);
    }

    @Test
    void answersAreStreamedDown() throws Exception {
        HttpResponse<InputStream> response =
                http.send(request(EXT + "/halves").GET().build(), BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            byte[] first = body.readNBytes(5);
            python.direct().get("/v1/mode?go=1");
            byte[] last = body.readAllBytes();

            assertThat(new String(first, StandardCharsets.US_ASCII)).isEqualTo("first");
            assertThat(new String(last, StandardCharsets.US_ASCII)).isEqualTo("-last");
        }
    }

    @Test
    void longAnswersArriveWhole() throws Exception {
        long size = 64L * MIB;

        HttpResponse<InputStream> response =
                http.send(request(EXT + "/big?bytes=" + size).GET().build(), BodyHandlers.ofInputStream());

        assertThat(response.statusCode()).isEqualTo(200);
        try (InputStream body = response.body()) {
            assertThat(length(body)).isEqualTo(size);
        }
    }

    @Test
    void anAnswerThatBreaksOffIsNotTakenForWhole() {
        assertThatThrownBy(() -> http.send(request(EXT + "/broken").GET().build(), BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
        assertThat(shop.customer().get(EXT + "/work").status()).isEqualTo(200);
    }

    @Test
    void anAnswerThatComesBeforeTheBodyWasReadGetsThrough() throws IOException {
        String heard = say("POST " + EXT + "/early HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + CUSTOMER
                + "\r\nContent-Length: 1000000\r\n\r\nonly the beginning");

        assertThat(heard).startsWith("HTTP/1.1 403").contains("python");
    }

    /** Who goes away while it is being answered is nothing to hold against the service, and holds nothing up. */
    @Test
    void clientsThatGoAwayDoNoHarm() throws IOException {
        String id = shop.admin().get("/api/v1/services").json().path("items").findParents("url").stream()
                .filter(item -> item.path("name").asText().equals("python"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
        for (int i = 0; i < 70; i++) {
            try (Socket socket = open()) {
                write(
                        socket,
                        "GET " + EXT + "/" + (i % 2 == 0 ? "slow?seconds=9" : "big?bytes=" + 600L * MIB)
                                + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + CUSTOMER + "\r\n\r\n");
                if (i % 2 == 1) {
                    socket.getInputStream().readNBytes(1_000);
                }
            }
        }

        Await.until(
                "the service is asked again",
                Duration.ofSeconds(30),
                () -> shop.customer().get(EXT + "/work").status() == 200);
        assertThat(ExternalShop.listed(shop.gateway(), id)
                        .orElseThrow()
                        .path("breaker")
                        .asText())
                .isEqualTo("closed");
    }

    @Test
    void whoWaitsForLeaveToSendTheBodyGetsIt() throws IOException {
        try (Socket socket = open()) {
            write(
                    socket,
                    "POST " + EXT + "/echo HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                            + CUSTOMER + "\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            String first = new String(socket.getInputStream().readNBytes(25), StandardCharsets.US_ASCII);
            write(socket, "12345");

            assertThat(first).startsWith("HTTP/1.1 100 Continue");
            assertThat(rest(socket)).contains("HTTP/1.1 200").contains("\"length\": 5");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%2e%2e/work",
                "/a/%2E%2E/%2e%2e/work",
                "/..%2fwork",
                "/..%5cwork",
                "/%252e%252e/work",
                "/..;/work",
                "//work",
                "/a/..\\..\\work"
            })
    void noPathLeadsOutOfTheRegisteredOne(String path) throws IOException {
        int before = seen("work");

        String heard = say("GET " + EXT + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                + CUSTOMER + "\r\n\r\n");

        assertThat(heard).matches("(?s)HTTP/1\\.1 40[04] .*");
        assertThat(seen("work")).isEqualTo(before);
    }

    @Test
    void pathsThatOnlyLookAlikeAreNotLedAnywhere() throws IOException {
        int before = seen("work");

        for (String path : new String[] {"/api/v1/ext/python/../../ext/python/work", "/api//v1/ext/python/work"}) {
            String heard = say("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer "
                    + CUSTOMER + "\r\n\r\n");
            assertThat(heard).matches("(?s)HTTP/1\\.1 40[04] .*");
        }
        assertThat(seen("work")).isEqualTo(before);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + shop.gateway().port() + path))
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + CUSTOMER);
    }

    private int seen(String name) {
        return python.direct().get("/v1/seen").json().path(name).asInt();
    }

    private String say(String text) throws IOException {
        try (Socket socket = open()) {
            write(socket, text);
            return rest(socket);
        }
    }

    private Socket open() throws IOException {
        Socket socket = new Socket("127.0.0.1", shop.gateway().port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Until the gateway closes the connection. */
    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static long length(InputStream body) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long length = 0;
        for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
            length += read;
        }
        return length;
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
