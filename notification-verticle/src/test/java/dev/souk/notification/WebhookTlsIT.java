package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.testing.ServiceFixture;
import dev.souk.notification.DeliveryRepository.Claim;
import dev.souk.notification.WebhookSender.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import io.vertx.junit5.VertxExtension;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Webhooks over TLS: by the name that was given, at the address that was checked. */
@ExtendWith(VertxExtension.class)
class WebhookTlsIT {
    private static final String TRUSTED = "javax.net.ssl.trustStore";
    private static final String PASSWORD = "changeit";

    @TempDir
    static Path folder;

    private final Queue<String> names = new ConcurrentLinkedQueue<>();
    private WebhookSender sender;
    private HttpServer server;

    @BeforeAll
    static void makeCertificate() throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "shop",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=Souk",
                        "-ext",
                        "san=dns:shop.invalid",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        store())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
    }

    @BeforeEach
    void prepare(Vertx vertx) {
        server = ServiceFixture.await(vertx.createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setSni(true)
                        .setKeyCertOptions(new PfxOptions().setPath(store()).setPassword(PASSWORD)))
                .requestHandler(request -> {
                    names.add(String.valueOf(request.connection().indicatedServerName()));
                    request.response().end();
                })
                .listen(0, "127.0.0.1"));
        NameLookup here = host -> Future.succeededFuture(List.of(InetAddress.ofLiteral("127.0.0.1")));
        sender = new WebhookSender(vertx, new WebhookTargets(here, true), Duration.ofSeconds(10), Clock.systemUTC());
    }

    @AfterEach
    void trustAsBefore() {
        System.clearProperty(TRUSTED);
        System.clearProperty(TRUSTED + "Password");
    }

    @Test
    void tellsAndChecksTheName() {
        trust();

        Answer answer = send("shop.invalid");

        assertThat(answer).isEqualTo(new Answer(200, null));
        assertThat(names).containsExactly("shop.invalid");
    }

    @Test
    void refusesACertificateOfAnotherName() {
        trust();

        Answer answer = send("other.invalid");

        assertThat(answer).isEqualTo(new Answer(null, "the connection could not be secured"));
        assertThat(names).isEmpty();
    }

    @Test
    void refusesACertificateOfNobody() {
        Answer answer = send("shop.invalid");

        assertThat(answer).isEqualTo(new Answer(null, "the connection could not be secured"));
        assertThat(names).isEmpty();
    }

    private Answer send(String host) {
        URI url = URI.create("https://" + host + ":" + server.actualPort() + "/hook");
        return ServiceFixture.await(
                sender.send(new Claim(UUID.randomUUID(), UUID.randomUUID(), url, "whsec_test", "{}", 1, 0)));
    }

    private static void trust() {
        System.setProperty(TRUSTED, store());
        System.setProperty(TRUSTED + "Password", PASSWORD);
    }

    private static String store() {
        return folder.resolve("store.p12").toString();
    }
}
