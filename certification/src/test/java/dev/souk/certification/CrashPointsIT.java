package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills the shop at its crash points, one after the other: each time a real JVM ends on the spot, is started again, settles,
 * and all invariants are checked, in the databases and at the payment provider.
 */
class CrashPointsIT {
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);
    private static final int SAMPLE = 12;
    private static final List<String> NOT_OF_THE_CHECKOUT = List.of(
            ".registry.",
            ".ping.",
            ".user.keys.",
            ".user.log-in.",
            ".user.register.",
            "commit.user.",
            ".product.create",
            ".fill-catalogue.",
            ".order.timeline.",
            ".order.get.",
            ".payment.list.",
            ".lead-relay.",
            ".resign-relay.",
            ".trim-",
            ".take-over-checkouts.",
            ".release-checkouts.",
            "create-webhook");

    private final Map<String, String> settings = ShopProcess.settings("crash-points");
    private final Path points = Path.of(settings.get("SOUK_DATA_DIR") + "-points");
    private GreenMail mail;
    private HttpServer webhook;

    @BeforeEach
    void configure() throws IOException {
        webhook = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        webhook.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        webhook.start();
        mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mail.start();
        settings.put("SOUK_SMTP_URL", "smtp://127.0.0.1:" + mail.getSmtp().getPort());
        settings.put("SOUK_CRASH_POINTS", points.toAbsolutePath().toString());
        settings.put("SOUK_CLUSTERED", "false");
        settings.put("SOUK_WEBHOOK_ALLOW_PRIVATE", "true");
        // What a dead process held is taken over soon: safety does not hang on the length of a lease.
        settings.put("SOUK_CHECKOUT_LEASE", "2s");
        settings.put("SOUK_CHECKOUT_SWEEP", "200ms");
    }

    @AfterEach
    void stopReceivers() {
        mail.stop();
        webhook.stop(0);
    }

    /** So that what is listed for the other tests stays what there is: a new effect must be listed, and be reached. */
    @Test
    void everyCrashPointOfTheCheckoutIsListed() throws IOException {
        try (ShopProcess _ = start()) {
            CheckoutStory story = new CheckoutStory(settings);
            story.tell();
            Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
            story.askAgain();
            ShopProcess.await("the last of them", () -> passed().containsAll(listed()));
        }

        assertThat(passed().stream().filter(CrashPointsIT::isOfTheCheckout)).containsExactlyElementsOf(listed());
    }

    /** Spread over the list, always the same. */
    @Test
    void survivesASampleOfThem() throws IOException {
        List<String> all = listed();
        List<String> sample = Stream.iterate(0, number -> number < SAMPLE, number -> number + 1)
                .map(number -> all.get(number * all.size() / SAMPLE))
                .toList();

        assertThat(killedAt(sample)).isEqualTo(sample);
    }

    @Test
    @Tag("long")
    void survivesEachOfThem() throws IOException {
        assertThat(killedAt(listed())).isEqualTo(listed());
    }

    /** Where the shop was killed; each time it came back with nothing wrong. */
    private List<String> killedAt(List<String> names) throws IOException {
        List<String> killed = new ArrayList<>();
        ShopProcess shop = start();
        for (String point : names) {
            arm(point);
            CheckoutStory story = new CheckoutStory(settings);
            if (!diesDuring(story, shop)) {
                throw new AssertionError("the shop did not die at " + point);
            }
            killed.add(point);
            shop = ShopProcess.souk(settings, "up").awaitReady();
            try {
                Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
                story.askAgain();
                Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
            } catch (AssertionError e) {
                shop.close();
                throw new AssertionError("after a crash at " + point, e);
            }
        }
        shop.close();
        return killed;
    }

    /** A shop that tells every event of an order to a webhook. */
    private ShopProcess start() {
        ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady();
        ShopClient client = new ShopClient(ShopProcess.url(settings));
        client.post("/api/v1/webhooks", ShopClient.bearer(client.admin()), """
                        {"url": "http://127.0.0.1:%d/", "events": ["ORDER_PLACED", "ORDER_CONFIRMED", "ORDER_REJECTED",
                         "ORDER_CANCELLED", "ORDER_SHIPPED", "ORDER_DELIVERED"]}
                        """.formatted(
                                webhook.getAddress().getPort()))
                .require(201);
        return shop;
    }

    private static boolean diesDuring(CheckoutStory story, ShopProcess shop) {
        try {
            story.tell();
        } catch (RuntimeException | AssertionError _) {
            // The connection broke, or what would have answered was gone.
        }
        ShopProcess.await("the shop to die", Duration.ofSeconds(20), () -> !shop.isAlive());
        return shop.exitStatus() == 137;
    }

    private void arm(String point) throws IOException {
        Files.createDirectories(points.resolve("armed"));
        Files.writeString(points.resolve("armed").resolve(point), "");
    }

    private List<String> passed() {
        try (Stream<Path> files = Files.list(points.resolve("passed"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> listed() {
        try (var file = CrashPointsIT.class.getResourceAsStream("/crash-points.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All but what processes do when they start or stop, accounts, the catalogue, and reading. */
    private static boolean isOfTheCheckout(String point) {
        return NOT_OF_THE_CHECKOUT.stream().noneMatch(point::contains);
    }
}
