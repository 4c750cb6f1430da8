package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.souk.kit.bus.WireFormat;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A mail server and a webhook's receiver that are away: each gets everything later, in order per order. */
class DeadReceiversIT {
    private static final Duration CATCHES_UP_WITHIN = Duration.ofSeconds(90);
    private static final int ORDERS = 20;

    /** Who is told by webhook, and writes down what. */
    private static final class Receiver {
        private final int port = ShopProcess.freePort();
        private final List<JsonNode> events = Collections.synchronizedList(new ArrayList<>());
        private HttpServer server;

        void start() throws IOException {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                JsonNode event = WireFormat.mapper().readTree(exchange.getRequestBody());
                assertThat(exchange.getRequestHeaders().getFirst("Souk-Event-Id"))
                        .isEqualTo(event.path("id").asText());
                events.add(event);
                exchange.sendResponseHeaders(204, -1);
                exchange.close();
            });
            server.start();
        }

        void stop() {
            server.stop(0);
        }

        /** The types of the events of an order in the order of their first coming. */
        List<String> typesOf(String order) {
            HashSet<String> seen = new HashSet<>();
            synchronized (events) {
                return events.stream()
                        .filter(event -> event.at("/data/orderId").asText().equals(order))
                        .filter(event -> seen.add(event.path("id").asText()))
                        .map(event -> event.path("type").asText())
                        .toList();
            }
        }
    }

    @Test
    void missNothingOfAFewSeconds() throws Exception {
        missNothing("receivers-5", Duration.ofSeconds(5));
    }

    @Test
    @Tag("long")
    void missNothingOfAMinute() throws Exception {
        missNothing("receivers-60", Duration.ofSeconds(60));
    }

    private static void missNothing(String name, Duration outage) throws Exception {
        int smtpPort = ShopProcess.freePort();
        GreenMail mail = mailServer(smtpPort);
        Receiver receiver = new Receiver();
        Map<String, String> settings = ShopProcess.settings(name);
        settings.put("SOUK_SMTP_URL", "smtp://127.0.0.1:" + smtpPort);
        settings.put("SOUK_WEBHOOK_ALLOW_PRIVATE", "true");
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            ShopClient client = new ShopClient(ShopProcess.url(settings));
            String admin = client.admin();
            String customer = client.customer();
            String product = client.product(admin, 1_000);
            client.post("/api/v1/webhooks", ShopClient.bearer(admin), """
                            {"url": "http://127.0.0.1:%d/hook",
                             "events": ["ORDER_PLACED", "ORDER_CONFIRMED", "ORDER_SHIPPED", "ORDER_DELIVERED"]}
                            """.formatted(receiver.port))
                    .require(201);

            // given
            long until = System.nanoTime() + outage.toNanos();
            List<String> orders = IntStream.range(0, ORDERS)
                    .mapToObj(number -> delivered(client, admin, customer, product))
                    .toList();
            ShopProcess.await("the outage to last", outage.plusSeconds(5), () -> System.nanoTime() - until > 0);

            // when
            mail.start();
            receiver.start();

            // then
            List<String> whole = List.of("ORDER_PLACED", "ORDER_CONFIRMED", "ORDER_SHIPPED", "ORDER_DELIVERED");
            for (String order : orders) {
                ShopProcess.await(
                        "the events of " + order,
                        CATCHES_UP_WITHIN,
                        () -> receiver.typesOf(order).size() == whole.size());
                assertThat(receiver.typesOf(order)).isEqualTo(whole);
            }
            // Confirmed and shipped for each order, and a welcome to each of the two users.
            ShopProcess.await(
                    "the mails", CATCHES_UP_WITHIN, () -> mail.getReceivedMessages().length >= 2 * ORDERS + 2);
            assertMailsInOrder(mail, orders);
            Verdict.assertNothingWrong(settings, Duration.ofSeconds(30));
            System.out.println(name + ": " + receiver.events.size() + " webhook requests, "
                    + mail.getReceivedMessages().length + " mails after an outage of " + outage.toSeconds() + " s");
            assertThat(shop.isAlive()).isTrue();
        } finally {
            mail.stop();
            receiver.stop();
        }
    }

    /** At least once each, with an id that stays, and of each order the confirmation before the shipping. */
    private static void assertMailsInOrder(GreenMail mail, List<String> orders) throws Exception {
        Map<String, List<String>> subjects = new HashMap<>();
        HashSet<String> ids = new HashSet<>();
        for (var message : mail.getReceivedMessages()) {
            if (ids.add(message.getMessageID())) {
                String text = String.valueOf(message.getContent());
                orders.stream()
                        .filter(text::contains)
                        .forEach(order -> subjects.computeIfAbsent(order, id -> new ArrayList<>())
                                .add(subject(message)));
            }
        }
        assertThat(ids).hasSize(2 * ORDERS + 2);
        for (String order : orders) {
            assertThat(subjects.get(order)).hasSize(2);
            assertThat(subjects.get(order).getFirst()).containsIgnoringCase("confirmed");
        }
    }

    private static String subject(jakarta.mail.Message message) {
        try {
            return message.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new AssertionError(e);
        }
    }

    private static String delivered(ShopClient client, String admin, String customer, String product) {
        String order = client.order(customer, UUID.randomUUID().toString(), product, 1)
                .join()
                .require(201)
                .json()
                .path("id")
                .asText();
        client.post("/api/v1/orders/" + order + "/ship", ShopClient.bearer(admin), "{}")
                .require(200);
        client.post("/api/v1/orders/" + order + "/deliver", ShopClient.bearer(admin), "{}")
                .require(200);
        return order;
    }

    private static GreenMail mailServer(int port) {
        return new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    }
}
