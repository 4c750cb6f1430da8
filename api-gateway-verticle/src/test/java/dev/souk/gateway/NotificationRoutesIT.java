package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.ORDER;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications;
import dev.souk.contracts.Notifications.Channel;
import dev.souk.contracts.Notifications.Delivery;
import dev.souk.contracts.Notifications.DeliveryPage;
import dev.souk.contracts.Notifications.DeliveryStatus;
import dev.souk.contracts.Notifications.NotificationStatus;
import dev.souk.contracts.Notifications.Webhook;
import dev.souk.contracts.Notifications.WebhookPage;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.contract.AnswerSchemas;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users and other systems are told, over HTTP. */
@TestInstance(Lifecycle.PER_CLASS)
class NotificationRoutesIT {
    private static final UUID ID = UUID.fromString("019a2b3c-9e40-7f51-8064-7176c8829901");
    private static final UUID EVENT = UUID.fromString("019a2b3c-9f50-7062-8175-8287d9930a01");
    private static final String WEBHOOKS = "/api/v1/webhooks";
    private static final String REDELIVER = WEBHOOKS + "/" + ID + "/deliveries/" + EVENT + "/redeliver";
    private static final Instant TIME = Instant.parse("2026-01-15T09:30:00Z");
    private static final Webhook WEBHOOK =
            new Webhook(ID, URI.create("https://erp.example/souk"), Set.of("ORDER_SHIPPED", "ORDER_CANCELLED"), TIME);

    private final Vertx vertx = Vertx.vertx();
    private GatewayFixture gateway;
    private StubServices services;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start(vertx, Map.of());
        services = gateway.services();
    }

    @BeforeEach
    void reset() {
        services.reset();
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @EnumSource(NotificationStatus.class)
    void readsWhatOneWasTold(NotificationStatus status) {
        services.answer(
                Notifications.LIST,
                new Notifications.NotificationPage(
                        List.of(
                                new Notifications.Notification(
                                        ID, "ORDER_CONFIRMED", ORDER, Channel.EMAIL, status, TIME),
                                new Notifications.Notification(
                                        ID, "USER_REGISTERED", null, Channel.EMAIL, status, TIME)),
                        "bmV4dA"));

        Reply reply = gateway.customer().get("/api/v1/notifications?limit=2&cursor=abc");

        assertThat(services.asked(Notifications.LIST)).isEqualTo(new Notifications.Find(2, "abc"));
        assertThat(services.context(Notifications.LIST).caller()).hasValue(new Caller(USER, Caller.Role.CUSTOMER));
        assertThat(reply.json().at("/items/0").toString())
                .isEqualTo("{\"id\":\"" + ID + "\",\"type\":\"ORDER_CONFIRMED\",\"orderId\":\"" + ORDER
                        + "\",\"channel\":\"email\",\"status\":\""
                        + status.name().toLowerCase(Locale.ROOT)
                        + "\",\"createdAt\":\"2026-01-15T09:30:00Z\"}");
        assertThat(reply.json().at("/items/1/orderId").isNull()).isTrue();
        assertThat(reply.json().path("nextCursor").asText()).isEqualTo("bmV4dA");
        assertFits("listNotifications", reply);
    }

    @Test
    void addsAWebhookAndShowsItsSecretOnce() {
        services.answer(Notifications.CREATE_WEBHOOK, new Notifications.NewWebhook(WEBHOOK, "whsec_1"));
        services.answer(Notifications.LIST_WEBHOOKS, new WebhookPage(List.of(WEBHOOK), null));

        Reply created = gateway.admin()
                .post(
                        WEBHOOKS,
                        "{\"url\":\"https://erp.example/souk\","
                                + "\"events\":[\"ORDER_SHIPPED\",\"ORDER_CANCELLED\",\"ORDER_SHIPPED\"]}");
        Reply listed = gateway.admin().get(WEBHOOKS);

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body())
                .isEqualTo("{\"id\":\"" + ID + "\",\"url\":\"https://erp.example/souk\","
                        + "\"events\":[\"ORDER_CANCELLED\",\"ORDER_SHIPPED\"],\"createdAt\":\"2026-01-15T09:30:00Z\","
                        + "\"secret\":\"whsec_1\"}");
        assertThat(services.asked(Notifications.CREATE_WEBHOOK))
                .isEqualTo(new Notifications.CreateWebhook(WEBHOOK.url(), WEBHOOK.events()));
        assertThat(listed.json().at("/items/0/id").asText()).isEqualTo(ID.toString());
        assertThat(listed.body()).doesNotContain("secret", "whsec");
        assertThat(listed.json().get("nextCursor").isNull()).isTrue();
        assertFits("createWebhook", created);
        assertFits("listWebhooks", listed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://erp.example",
                "https://erp.example:8443/a/b?c=d&e=%20f",
                "http://192.0.2.7/",
                "https://[2001:db8::7]:8443/souk",
                "https://xn--rp-via.example/~me/(x)'!*;@",
                "https://erp.example?a=b"
            })
    void aTargetMayBeAnyAddressOfTheWeb(String url) {
        services.answer(Notifications.CREATE_WEBHOOK, new Notifications.NewWebhook(WEBHOOK, "whsec_1"));

        Reply reply = gateway.admin().post(WEBHOOKS, "{\"url\":\"" + url + "\",\"events\":[\"ORDER_SHIPPED\"]}");

        assertThat(reply.status()).as(reply.body()).isEqualTo(201);
        assertThat(services.asked(Notifications.CREATE_WEBHOOK).url()).hasToString(url);
    }

    @Test
    void aTargetThatIsRefusedIsNamed() {
        services.refuse(Notifications.CREATE_WEBHOOK, Fault.invalid("/url", "leads to a private network"));

        Reply reply = gateway.admin().post(WEBHOOKS, "{\"url\":\"http://10.0.0.1/\",\"events\":[\"ORDER_SHIPPED\"]}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("errors").toString())
                .isEqualTo("[{\"pointer\":\"/url\",\"detail\":\"leads to a private network\"}]");
    }

    @Test
    void removesAWebhook() {
        Reply removed = gateway.admin().delete(WEBHOOKS + "/" + ID);
        services.refuse(Notifications.DELETE_WEBHOOK, Fault.notFound("webhook"));
        Reply again = gateway.admin().delete(WEBHOOKS + "/" + ID);

        assertThat(removed.status()).isEqualTo(204);
        assertThat(removed.body()).isEmpty();
        assertThat(services.asked(Notifications.DELETE_WEBHOOK).webhookId()).isEqualTo(ID);
        assertThat(again.status()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(DeliveryStatus.class)
    void readsWhatWasSent(DeliveryStatus status) {
        Delivery sent = new Delivery(EVENT, "ORDER_SHIPPED", status, 1, 204, null, TIME, null);
        Delivery failed = new Delivery(EVENT, "ORDER_SHIPPED", status, 2, null, "No answer.", TIME, TIME);
        services.answer(Notifications.LIST_DELIVERIES, new DeliveryPage(List.of(sent, failed), null));

        Reply reply = gateway.admin().get(WEBHOOKS + "/" + ID + "/deliveries?limit=7");

        assertThat(services.asked(Notifications.LIST_DELIVERIES))
                .isEqualTo(new Notifications.FindDeliveries(ID, 7, null));
        assertThat(reply.json().at("/items/0").toString())
                .isEqualTo("{\"eventId\":\"" + EVENT + "\",\"type\":\"ORDER_SHIPPED\",\"status\":\""
                        + status.name().toLowerCase(Locale.ROOT)
                        + "\",\"attempts\":1,\"lastStatus\":204,\"lastError\":null,"
                        + "\"createdAt\":\"2026-01-15T09:30:00Z\",\"nextAttemptAt\":null}");
        assertThat(reply.json().at("/items/1/lastError").asText()).isEqualTo("No answer.");
        assertFits("listDeliveries", reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}"})
    void sendsAnEventAgain(String body) {
        services.answer(
                Notifications.REDELIVER,
                new Delivery(EVENT, "ORDER_SHIPPED", DeliveryStatus.PENDING, 12, 500, "Status 500.", TIME, TIME));

        Reply reply = gateway.admin().post(REDELIVER, body);

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.json().path("status").asText()).isEqualTo("pending");
        assertThat(services.asked(Notifications.REDELIVER)).isEqualTo(new Notifications.Redeliver(ID, EVENT));
        assertFits("redeliverEvent", reply);
    }

    @Test
    void whatIsNotThereIsNotSentAgain() {
        services.refuse(Notifications.REDELIVER, Fault.notFound("delivery"));
        services.refuse(Notifications.LIST_DELIVERIES, Fault.notFound("webhook"));

        assertThat(gateway.admin().post(REDELIVER, "").status()).isEqualTo(404);
        assertThat(gateway.admin().get(WEBHOOKS + "/" + ID + "/deliveries").status())
                .isEqualTo(404);
    }

    private static void assertFits(String operationId, Reply reply) {
        assertThat(AnswerSchemas.check(operationId, reply.status(), reply.json()))
                .isEmpty();
    }
}
