package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.PRODUCT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Product;
import dev.souk.contracts.Users;
import dev.souk.gateway.RawSocket.Heard;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of which two readers could disagree where they end: nothing behind them is taken for a request. */
@TestInstance(Lifecycle.PER_CLASS)
class DesynchronisationIT {
    private static final String SMUGGLED = "GET /api/v1/products/" + PRODUCT + " HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String POST =
            "POST /api/v1/auth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start(vertx, Map.of());
    }

    @BeforeEach
    void reset() {
        gateway.services().reset();
        gateway.services().answer(Products.GET, GatewayFixture.product());
        gateway.services().answer(Users.LOG_IN, new Users.Token("a", "r", "Bearer", 1));
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "Content-Length: 3\r\nContent-Length: 0\r\n\r\nabc",
                "Content-Length: 0\r\nContent-Length: 3\r\n\r\nabc",
                "Content-Length: 3, 3\r\n\r\nabc",
                "Content-Length: +3\r\n\r\nabc",
                "Content-Length: 0x3\r\n\r\nabc",
                "Content-Length: 3;\r\n\r\nabc",
                "Content-Length: 1 3\r\n\r\nabc",
                "Content-Length: 3\u0000\r\n\r\nabc",
                "Content-Length : 3\r\n\r\nabc",
                "Content-Length: 18446744073709551619\r\n\r\nabc",
                "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
                "Transfer\u0000-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Name: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Name: a\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Name: a\r\n\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "Name\r\n\r\n",
                ": a\r\n\r\n"
            })
    void anEndThatIsInDoubtIsTheEndOfTheConnection(String rest) throws IOException {
        assertNothingBehindIsServed(POST + rest + SMUGGLED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1\r\nabc\r\n0\r\n\r\n",
                "+3\r\nabc\r\n0\r\n\r\n",
                "0x3\r\nabc\r\n0\r\n\r\n",
                "3 3\r\nabc\r\n0\r\n\r\n",
                "g\r\nabc\r\n0\r\n\r\n",
                "\r\nabc\r\n0\r\n\r\n",
                "80000000\r\nabc\r\n0\r\n\r\n",
                "100000003\r\nabc\r\n0\r\n\r\n",
                "10000000000000003\r\nabc\r\n0\r\n\r\n",
                "ffffffffffffffff\r\nabc\r\n0\r\n\r\n",
                "3\nabc\r\n0\r\n\r\n",
                "3;a\nabc\r\n0\r\n\r\n",
                "3\r\nabcd\r\n0\r\n\r\n",
                "3\r\nabc0\r\n\r\n",
                "3\r\nabc\n0\r\n\r\n",
                "0\r\nName\r\n\r\n",
                "0\r\nName: \u0000\r\n\r\n"
            })
    void aChunkThatIsInDoubtIsTheEndOfTheConnection(String chunks) throws IOException {
        assertNothingBehindIsServed(CHUNKED + chunks + SMUGGLED);
    }

    @Test
    void anEndlessChunkExtensionIsTheEndOfTheConnection() throws IOException {
        assertNothingBehindIsServed(CHUNKED + "3;" + "a".repeat(100_000) + "\r\nabc\r\n0\r\n\r\n" + SMUGGLED);
    }

    @Test
    void endlessTrailersAreTheEndOfTheConnection() throws IOException {
        assertNothingBehindIsServed(
                CHUNKED + "2\r\n{}\r\n0\r\n" + "Name: value\r\n".repeat(10_000) + "\r\n" + SMUGGLED);
    }

    @Test
    void tooManyHeadersAreTheEndOfTheConnection() throws IOException {
        Heard heard = assertNothingBehindIsServed(
                "GET /health HTTP/1.1\r\nHost: x\r\n" + "a:\r\n".repeat(1_000) + "\r\n" + SMUGGLED);

        heard.assertProblem(431, "headers-too-large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET x/health HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET *  HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1 \r\nHost: x\r\n\r\n",
                "GET /he\u0000alth HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /health HTTP/1.1\nHost: x\n\n",
                "GET\u0000 /health HTTP/1.1\r\nHost: x\r\n\r\n"
            })
    void aTargetThatLeadsNowhereLeadsNowhere(String request) throws IOException {
        Heard heard = RawSocket.say(gateway.port(), request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));

        assertThat(heard.text()).doesNotContain("UP").matches("(?s)(HTTP/1\\.[01] [45].*)?");
        assertThat(heard.closed()).isTrue();
    }

    /** A folded line may be taken for one with a space (RFC 9112, 5.2), if everybody behind sees it that way. */
    @Test
    void aFoldedLineHidesNothing() throws IOException {
        String body = "{\"email\":\"a@b\",\"password\":\"x\"}";

        Heard heard = RawSocket.say(
                gateway.port(),
                POST + "Name: a\r\n Transfer-Encoding: chunked\r\nConnection: close\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body);

        assertThat(heard.answers()).isEqualTo(1);
        assertThat(heard.text()).containsPattern("^HTTP/1\\.1 (200|400) ");
    }

    @Test
    void aBombIsNotUnpacked() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream packer = new GZIPOutputStream(bomb)) {
            packer.write(new byte[40 * 1024 * 1024]);
        }

        Heard heard = assertNothingBehindIsServed(POST + "Content-Encoding: gzip\r\nContent-Length: " + bomb.size()
                + "\r\n\r\n" + bomb.toString(StandardCharsets.ISO_8859_1) + SMUGGLED);

        heard.assertProblem(415, "unsupported-media-type");
    }

    @Test
    void aRefusedRequestDoesNotShiftTheAnswersOfThoseBehindIt() throws IOException {
        gateway.services().answerBy(Products.GET, get -> product(get.productId()));
        UUID[] ids = IntStream.range(0, 20)
                .mapToObj(i -> new UUID(0x019a2b3c5a007b11L, 0x9c22000000000000L + i))
                .toArray(UUID[]::new);
        String requests = Arrays.stream(ids)
                .map(id -> "GET /nowhere/" + id + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: no-" + id + "\r\n\r\n"
                        + "GET /api/v1/products/" + id + " HTTP/1.1\r\nHost: x\r\nX-Request-Id: yes-" + id + "\r\n\r\n")
                .collect(Collectors.joining());

        Heard heard = RawSocket.say(
                gateway.port(), requests + "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(heard.answers()).isEqualTo(2 * ids.length + 1);
        String[] told = Arrays.stream(ids)
                .flatMap(id -> Arrays.stream(new String[] {"404", "no-" + id, "200", "yes-" + id, "\"id\":\"" + id}))
                .toArray(String[]::new);
        assertThat(heard.text()).containsSubsequence(told);
    }

    @Test
    void whatOneConnectionBeganAnotherDoesNotEnd() throws IOException {
        try (Socket begun = RawSocket.connect(gateway.port())) {
            RawSocket.write(begun, CHUNKED + "5\r\n{\"ema");
            Heard other = RawSocket.say(gateway.port(), "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            assertThat(other.text()).startsWith("HTTP/1.1 200").endsWith("{\"status\":\"UP\"}");
        }
    }

    private Heard assertNothingBehindIsServed(String request) throws IOException {
        Heard heard = RawSocket.say(gateway.port(), request);

        assertThat(heard.closed()).as("closed after %s", heard.text()).isTrue();
        assertThat(heard.answers()).as(heard.text()).isLessThanOrEqualTo(1);
        assertThat(heard.text()).matches("(?s)(HTTP/1\\.1 4.*)?");
        assertThat(gateway.services().asked()).isEmpty();
        return heard;
    }

    private static Product product(UUID id) {
        Product one = GatewayFixture.product();
        return new Product(
                id,
                one.sku(),
                one.name(),
                one.description(),
                one.attributes(),
                one.price(),
                one.available(),
                one.version(),
                one.createdAt(),
                one.updatedAt());
    }
}
