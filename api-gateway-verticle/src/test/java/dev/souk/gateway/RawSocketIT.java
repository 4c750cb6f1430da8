package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Orders;
import dev.souk.contracts.Users;
import dev.souk.gateway.RawSocket.Heard;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no well-behaved client sends. */
@TestInstance(Lifecycle.PER_CLASS)
class RawSocketIT {
    private static final String LOG_IN =
            "POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String CREDENTIALS = "{\"email\":\"a@b\",\"password\":\"x\"}";

    private final Vertx vertx = Vertx.vertx();
    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start(vertx, Map.of());
    }

    @BeforeEach
    void reset() {
        gateway.services().reset();
        gateway.services().answer(Users.LOG_IN, new Users.Token("a", "r", "Bearer", 1));
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "NONSENSE\r\n\r\n",
                "GET\r\n\r\n",
                "GET  HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /health\r\n\r\n",
                "GET /health HTTP/x\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nName : x\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: x\r\nName: a\u0000b\r\n\r\n",
                "POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
                "POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                "POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"
            })
    void whatIsNotHttpIsA400AndTheEnd(String request) throws IOException {
        Heard heard = say(request);

        assertProblem(heard, 400, "invalid-request");
        assertThat(heard.closed()).isTrue();
        assertThat(heard.answers()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /%zz HTTP/1.1\r\nHost: x\r\n",
                "GET /%4 HTTP/1.1\r\nHost: x\r\n",
                "GET /%00 HTTP/1.1\r\nHost: x\r\n",
                "GET /%C0%AF HTTP/1.1\r\nHost: x\r\n",
                "GET /api/v1/products?q=% HTTP/1.1\r\nHost: x\r\n",
                "GET health HTTP/1.1\r\nHost: x\r\n",
                "GET /health HTTP/1.1\r\n",
                "GET /health HTTP/1.1\r\nHost: a b\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n",
                "CONNECT x:80 HTTP/1.1\r\nHost: x\r\n"
            })
    void whatLeadsNowhereIsA400(String request) throws IOException {
        assertProblem(say(request + "Connection: close\r\n\r\n"), 400, "invalid-request");
    }

    /** Vert.x answers these itself, before anyone is asked. */
    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /health HTTP/9.9\r\nHost: x\r\n\r\n"})
    void whatIsAnotherVersionIsA501AndTheEnd(String request) throws IOException {
        Heard heard = say(request);

        assertThat(heard.text()).contains(" 501 ");
        assertThat(heard.closed()).isTrue();
    }

    @Test
    void anIdempotencyKeyOfOtherCharactersIsRefused() throws IOException {
        Heard heard = say(
                "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nConnection: close\r\nIdempotency-Key: \u00f6\r\nAuthorization: Bearer "
                        + GatewayFixture.CUSTOMER + "\r\n\r\n");

        assertProblem(heard, 400, "invalid-request");
        assertThat(heard.text()).contains("Idempotency-Key\",\"detail");
    }

    @Test
    void anEndlessRequestLineIsA414() throws IOException {
        Heard heard = say("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProblem(heard, 414, "uri-too-long");
        assertThat(heard.closed()).isTrue();
    }

    @Test
    void endlessHeadersAreA431() throws IOException {
        Heard heard = say("GET /health HTTP/1.1\r\nHost: x\r\nName: " + "a".repeat(20_000) + "\r\n\r\n");

        assertProblem(heard, 431, "headers-too-large");
        assertThat(heard.closed()).isTrue();
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotWaitedFor() throws IOException {
        Heard heard = say(LOG_IN + "Content-Length: 1000000000000\r\n\r\n{");

        assertProblem(heard, 413, "payload-too-large");
        assertThat(heard.closed()).isTrue();
    }

    @Test
    void aBodyThatNeverEndsIsCutOff() throws IOException {
        try (Socket socket = RawSocket.connect(gateway.port())) {
            RawSocket.write(socket, LOG_IN + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "1000\r\n" + "x".repeat(0x1000) + "\r\n";
            long limit = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            boolean cut = false;
            while (!cut && System.nanoTime() - limit < 0) {
                cut = !RawSocket.tryWrite(socket, chunk);
            }

            assertThat(cut).isTrue();
        }
    }

    @Test
    void whoIsCutOffIsToldWhy() throws IOException {
        Heard heard = say(
                LOG_IN + "Transfer-Encoding: chunked\r\n\r\n" + ("1000\r\n" + "x".repeat(0x1000) + "\r\n").repeat(17));

        assertProblem(heard, 413, "payload-too-large");
        assertThat(heard.closed()).isTrue();
    }

    @Test
    void aBrokenChunkEndsTheConnection() throws IOException {
        Heard heard = say(LOG_IN + "Transfer-Encoding: chunked\r\n\r\nzz\r\n" + CREDENTIALS + "\r\n0\r\n\r\n");

        assertThat(heard.closed()).isTrue();
        assertThat(gateway.services().asked()).isEmpty();
    }

    @Test
    void aBodyIsAskedForOnlyWhenItIsWanted() throws IOException {
        Heard wanted = say(LOG_IN + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: "
                + CREDENTIALS.length() + "\r\n\r\n" + CREDENTIALS);
        Heard tooLarge = say(LOG_IN + "Expect: 100-continue\r\nContent-Length: 70000\r\n\r\n");
        Heard unknown =
                say("POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n");

        assertThat(wanted.text()).startsWith("HTTP/1.1 100 Continue").contains("HTTP/1.1 200 OK");
        assertProblem(tooLarge, 413, "payload-too-large");
        assertProblem(unknown, 401, "unauthenticated");
    }

    @Test
    void requestsOneBehindTheOtherAreAnsweredInTurn() throws IOException {
        Heard heard = say("GET /health HTTP/1.1\r\nHost: x\r\nX-Request-Id: one\r\n\r\n"
                + LOG_IN + "X-Request-Id: two\r\nContent-Length: " + CREDENTIALS.length() + "\r\n\r\n" + CREDENTIALS
                + "GET /nowhere HTTP/1.1\r\nHost: x\r\nX-Request-Id: three\r\nConnection: close\r\n\r\n");

        assertThat(heard.answers()).isEqualTo(3);
        assertThat(heard.text()).containsSubsequence("Id: one", "Id: two", "Id: three");
    }

    @Test
    void whatFollowsAnUnreadBodyIsNeverServed() throws IOException {
        Heard heard = say("POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                + "GET /health HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProblem(heard, 401, "unauthenticated");
        assertThat(heard.closed()).isTrue();
        assertThat(heard.answers()).isEqualTo(1);
    }

    @Test
    void aSmuggledRequestIsNotServed() throws IOException {
        Heard heard = say(LOG_IN + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                + "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProblem(heard, 400, "invalid-request");
        assertThat(heard.closed()).isTrue();
        assertThat(heard.answers()).isEqualTo(1);
    }

    @Test
    void anUnknownTransferEncodingIsNotGuessedAt() throws IOException {
        Heard heard =
                say(LOG_IN + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n");

        assertProblem(heard, 400, "invalid-request");
        assertThat(heard.closed()).isTrue();
        assertThat(heard.answers()).isEqualTo(1);
    }

    @Test
    void anUpgradeToHttp2IsPassedOver() throws IOException {
        Heard heard = say(
                "GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nConnection: close\r\nUpgrade: h2c\r\n"
                        + "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n");

        assertThat(heard.text()).startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void olderAndAbsoluteFormsAreServed() throws IOException {
        assertThat(say("GET /health HTTP/1.0\r\n\r\n").text()).startsWith("HTTP/1.0 200 OK");
        assertThat(say("GET http://x/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                        .text())
                .startsWith("HTTP/1.1 200 OK");
    }

    @Test
    void anOlderClientFollowsAnOrderUntilTheConnectionEnds() throws IOException {
        Orders.Entry rejected = new Orders.Entry(1, "ORDER_REJECTED", Instant.EPOCH, "souk-1", null, Map.of());
        gateway.services().answer(Orders.TIMELINE, new Orders.Timeline(List.of(rejected)));

        Heard heard = say("GET /api/v1/orders/" + GatewayFixture.ORDER + "/events HTTP/1.0\r\nAuthorization: Bearer "
                + GatewayFixture.CUSTOMER + "\r\n\r\n");

        assertThat(heard.text())
                .startsWith("HTTP/1.0 200 OK")
                .contains("\r\n\r\n:\n\nid: 1\nevent: ORDER_REJECTED\ndata: {\"seq\":1,")
                .endsWith("}\n\n");
        assertThat(heard.closed()).isTrue();
    }

    private static void assertProblem(Heard heard, int status, String slug) {
        heard.assertProblem(status, slug);
    }

    private Heard say(String request) throws IOException {
        return RawSocket.say(gateway.port(), request);
    }
}
