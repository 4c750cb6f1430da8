package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.ORDER;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Orders;
import dev.souk.contracts.Users;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.RawSocket.Heard;
import dev.souk.gateway.contract.AnswerSchemas;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every answer owes to browsers, caches and slow lines. */
@TestInstance(Lifecycle.PER_CLASS)
class HygieneIT {
    private final Vertx vertx = Vertx.vertx();
    private GatewayFixture gateway;
    private SmallServer small;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start(vertx, Map.of());
        small = SmallServer.patient(vertx);
    }

    @BeforeEach
    void reset() {
        gateway.services().reset();
        gateway.services().answer(Users.GET, GatewayFixture.user());
        gateway.services().answer(Orders.GET, view(Orders.Status.CONFIRMED));
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @CsvSource({"getMe, /api/v1/users/me", "getUser, /api/v1/users/%s", "getOrder, /api/v1/orders/%s"})
    void whoHoldsItAlreadyIsNotSentItAgain(String operation, String template) {
        String path = template.formatted(operation.equals("getOrder") ? ORDER : USER);
        Reply first = gateway.customer().get(path);
        String tag = first.header("ETag").orElseThrow();

        Reply held = gateway.customer().with("If-None-Match", tag).get(path);
        Reply other = gateway.customer().with("If-None-Match", "\"other\"").get(path);

        assertThat(AnswerSchemas.check(operation, 200, first.json())).isEmpty();
        assertThat(tag).matches("\"[A-Za-z0-9_-]+\"");
        assertThat(first.header("Cache-Control")).hasValue("private, no-cache");
        assertThat(held.status()).isEqualTo(304);
        assertThat(held.body()).isEmpty();
        assertThat(held.header("ETag")).hasValue(tag);
        assertThat(held.header("Cache-Control")).hasValue("private, no-cache");
        assertThat(other.status()).isEqualTo(200);
    }

    @Test
    void whatHasChangedHasAnotherTag() {
        String path = "/api/v1/orders/" + ORDER;
        String tag = gateway.customer().get(path).header("ETag").orElseThrow();
        gateway.services().answer(Orders.GET, view(Orders.Status.SHIPPED));

        Reply shipped = gateway.customer().with("If-None-Match", tag).get(path);

        assertThat(shipped.status()).isEqualTo(200);
        assertThat(shipped.header("ETag").orElseThrow()).isNotEqualTo(tag);
    }

    @Test
    void aLongAnswerIsCompressedForThoseWhoCanReadIt() throws Exception {
        HttpResponse<byte[]> packed = get("/large", "gzip");
        HttpResponse<byte[]> plain = get("/large", "identity");

        assertThat(packed.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(packed.headers().allValues("Vary")).contains("accept-encoding");
        assertThat(packed.body().length).isLessThan(SmallServer.LARGE.length() / 10);
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(unpacked.readAllBytes()).isEqualTo(SmallServer.LARGE.getBytes());
        }
        assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(plain.headers().allValues("Vary")).contains("accept-encoding");
        assertThat(plain.body()).hasSize(SmallServer.LARGE.length());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, deflate, br", "*"})
    void aShortAnswerStaysAsItIs(String accepted) throws Exception {
        HttpResponse<byte[]> reply = get("/small", accepted);

        assertThat(reply.headers().firstValue("Content-Encoding")).isEmpty();
        assertThat(reply.body()).isEqualTo(SmallServer.SMALL.getBytes());
    }

    @Test
    void aStreamIsNotHeldBackToBeCompressed() throws IOException {
        Orders.Entry rejected = new Orders.Entry(1, "ORDER_REJECTED", Instant.EPOCH, "souk-1", null, Map.of());
        gateway.services().answer(Orders.TIMELINE, new Orders.Timeline(List.of(rejected)));

        Heard heard = RawSocket.say(
                gateway.port(),
                "GET /api/v1/orders/" + ORDER + "/events HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n"
                        + "Connection: close\r\nAuthorization: Bearer " + GatewayFixture.CUSTOMER + "\r\n\r\n");

        assertThat(heard.text()).startsWith("HTTP/1.1 200").contains("event: ORDER_REJECTED");
        assertThat(heard.text().toLowerCase(Locale.ROOT)).doesNotContain("content-encoding");
    }

    @Test
    void whatWillGoSaysSo() throws Exception {
        HttpResponse<byte[]> old = get("/old", "identity");
        HttpResponse<byte[]> young = get("/small", "identity");

        assertThat(old.headers().firstValue("Sunset")).hasValue("Sat, 01 May 2027 00:00:00 GMT");
        assertThat(old.headers().firstValue("Deprecation")).hasValue("@1777593600");
        assertThat(young.headers().map()).doesNotContainKeys("sunset", "deprecation");
    }

    @Test
    void clearTextPromisesNoTls() throws Exception {
        HttpResponse<byte[]> reply = get("/small", "identity");

        assertThat(reply.headers().firstValue("Strict-Transport-Security")).isEmpty();
        assertThat(reply.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    private HttpResponse<byte[]> get(String path, String accepted) throws IOException, InterruptedException {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + small.port() + path))
                            .header("Accept-Encoding", accepted)
                            .build(),
                    BodyHandlers.ofByteArray());
        }
    }

    private static Orders.OrderView view(Orders.Status status) {
        return new Orders.OrderView(GatewayFixture.order(status, null), null, List.of(), Set.of());
    }
}
