package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.gateway.http.ConnectionConfig;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gateway under TLS, and with it HTTP/2. */
@TestInstance(Lifecycle.PER_CLASS)
class TlsIT {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    static Path folder;

    private final Vertx vertx = Vertx.vertx();
    private TestCertificate certificate;
    private SmallServer server;

    @BeforeAll
    void start() throws Exception {
        certificate = TestCertificate.make(folder);
        server = SmallServer.start(
                vertx, new ConnectionConfig(100, 100, SHORT, LONG, LONG), Optional.of(certificate.config()));
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void bothVersionsAreSpoken(Version version) throws Exception {
        try (HttpClient client = client(version)) {
            HttpResponse<byte[]> reply = client.send(request("/small").build(), BodyHandlers.ofByteArray());

            assertThat(reply.version()).isEqualTo(version);
            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.body()).isEqualTo(SmallServer.SMALL.getBytes());
            assertThat(reply.headers().firstValue("Strict-Transport-Security")).hasValue("max-age=31536000");
            assertThat(reply.headers().firstValue("Content-Encoding")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void bothVersionsCompress(Version version) throws Exception {
        try (HttpClient client = client(version)) {
            HttpRequest packed =
                    request("/large").header("Accept-Encoding", "gzip").build();
            HttpRequest plain =
                    request("/small").header("Accept-Encoding", "gzip").build();
            HttpResponse<byte[]> large = client.send(packed, BodyHandlers.ofByteArray());
            HttpResponse<byte[]> small = client.send(plain, BodyHandlers.ofByteArray());

            assertThat(large.headers().firstValue("Content-Encoding")).hasValue("gzip");
            try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(large.body()))) {
                assertThat(unpacked.readAllBytes()).isEqualTo(SmallServer.LARGE.getBytes());
            }
            assertThat(small.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(small.body()).isEqualTo(SmallServer.SMALL.getBytes());
        }
    }

    @Test
    void aBodyThatIsTooLargeLeavesTheOtherStreamsAlone() throws Exception {
        try (HttpClient client = client(Version.HTTP_2)) {
            client.send(request("/small").build(), BodyHandlers.discarding());
            HttpResponse<String> refused = client.send(
                    request("/body")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(" ".repeat(70_000)))
                            .build(),
                    BodyHandlers.ofString());
            HttpResponse<String> next = client.send(request("/small").build(), BodyHandlers.ofString());

            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(next.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aConnectionOfManyPingsAndNoRequestIsCutOff() throws Exception {
        try (SSLSocket socket =
                (SSLSocket) certificate.trusting().getSocketFactory().createSocket("127.0.0.1", server.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0});
            out.flush();

            assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
            assertThat(isCutWhilePinging(socket)).isTrue();
        }
    }

    @Test
    void oneFileWithoutTheOtherStopsTheStart() {
        Map<String, String> settings =
                Map.of("SOUK_HTTP_TLS_CERT", certificate.config().certificate().toString());

        assertThatThrownBy(() -> GatewayFixture.startWithoutServices(vertx, settings))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_HTTP_TLS_KEY");
    }

    @Test
    void aFileThatIsNoneStopsTheStart() throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.pem"), "not a certificate");
        Map<String, String> missing = Map.of("SOUK_HTTP_TLS_CERT", "/nowhere.pem", "SOUK_HTTP_TLS_KEY", "/nowhere.pem");
        Map<String, String> wrong = Map.of(
                "SOUK_HTTP_TLS_CERT",
                broken.toString(),
                "SOUK_HTTP_TLS_KEY",
                certificate.config().key().toString());

        assertThatThrownBy(() -> GatewayFixture.startWithoutServices(vertx, missing))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_HTTP_TLS_CERT: cannot read /nowhere.pem");
        assertThatThrownBy(() -> GatewayFixture.startWithoutServices(vertx, wrong))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("SOUK_HTTP_TLS_CERT");
    }

    private static boolean isCutWhilePinging(SSLSocket socket) throws IOException {
        byte[] ping = {0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
        socket.setSoTimeout(200);
        long limit = System.nanoTime() + SOON.toNanos();
        while (System.nanoTime() - limit < 0) {
            try {
                socket.getOutputStream().write(ping);
                while (socket.getInputStream().read() >= 0) {
                    // settings, and answers to pings
                }
                return true;
            } catch (SocketTimeoutException nothing) {
                // another ping
            } catch (SocketException | SSLException cut) {
                return true;
            }
        }
        return false;
    }

    private HttpClient client(Version version) throws Exception {
        SSLContext context = certificate.trusting();
        return HttpClient.newBuilder().sslContext(context).version(version).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + server.port() + path))
                .timeout(SOON);
    }
}
