package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.souk.contracts.Event;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications.DeliveryStatus;
import dev.souk.contracts.Notifications.NewWebhook;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where webhooks may lead, when they are made and when they are used. */
@ExtendWith(VertxExtension.class)
class WebhookTargetsIT {
    private static final String CONFIRMED = "ORDER_CONFIRMED";
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress WORLD = InetAddress.ofLiteral("192.0.1.1");

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final Map<String, List<InetAddress>> names = new ConcurrentHashMap<>();
    private Vertx vertx;
    private Receiver receiver;

    @BeforeEach
    void prepare(Vertx given) {
        vertx = given;
        receiver = Receiver.started(given);
    }

    @Test
    void refusesToLeadHere() {
        NotificationShop shop = NotificationShop.open(vertx, POSTGRES.provision(), Map.of());

        assertThat(List.of(
                        "http://localhost/",
                        "http://127.0.0.1/",
                        "http://127.1/",
                        "http://2130706433/",
                        "http://0.0.0.0/",
                        "http://[::1]/",
                        "http://[::ffff:127.0.0.1]/",
                        "http://[::ffff:7f00:1]/",
                        "http://[64:ff9b::7f00:1]/",
                        "http://[fe80::1]/",
                        "http://169.254.169.254/latest/meta-data/",
                        "https://10.0.0.1/",
                        "https://no-such-name.invalid/"))
                .allSatisfy(url -> {
                    Fault fault = catchThrowableOfType(Fault.class, () -> shop.webhook(url, CONFIRMED));
                    assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
                    assertThat(fault.violations())
                            .extracting(Fault.Violation::pointer)
                            .containsExactly("/url");
                });
        assertThat(shop.number("SELECT count(*) FROM webhook")).isZero();
    }

    @Test
    void refusesANameOfWhichOneAddressIsHere() {
        NotificationShop shop = shop(Map.of());
        names.put("both.example", List.of(WORLD, HERE));

        Fault fault = catchThrowableOfType(Fault.class, () -> shop.webhook("http://both.example/", CONFIRMED));

        assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @Test
    void aNameThatLeadsHereLaterIsNotFollowed() {
        // given
        NotificationShop shop = shop(Map.of());
        names.put("rebound.example", List.of(WORLD));
        NewWebhook webhook = shop.webhook("http://rebound.example:" + receiver.port() + "/", CONFIRMED);
        names.put("rebound.example", List.of(HERE));
        Event confirmed = Events.confirmed(Events.id(), Events.id());

        // when
        shop.tell(confirmed);

        // then
        Await.until(
                "it was refused",
                () -> "the host leads to an address that is not public"
                        .equals(shop.delivery(webhook, confirmed).lastError()));
        assertThat(shop.delivery(webhook, confirmed).status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(receiver.posts()).isEmpty();
    }

    /** The client itself could not find this name: it connects to what was looked up and checked, and nowhere else. */
    @Test
    void connectsToTheAddressThatWasChecked() {
        // given
        NotificationShop shop = shop(Map.of("SOUK_WEBHOOK_ALLOW_PRIVATE", "true"));
        names.put("shop.invalid", List.of(HERE));
        shop.webhook("http://shop.invalid:" + receiver.port() + "/", CONFIRMED);

        // when
        shop.tell(Events.confirmed(Events.id(), Events.id()));

        // then
        Await.until("it is there", () -> !receiver.posts().isEmpty());
        assertThat(receiver.posts().getFirst().headers()).containsEntry("host", "shop.invalid:" + receiver.port());
    }

    @Test
    void aNameThatIsLostIsTriedAgain() {
        // given
        NotificationShop shop = shop(Map.of("SOUK_WEBHOOK_ALLOW_PRIVATE", "true"));
        names.put("shop.invalid", List.of(HERE));
        NewWebhook webhook = shop.webhook("http://shop.invalid:" + receiver.port() + "/", CONFIRMED);
        names.clear();
        Event confirmed = Events.confirmed(Events.id(), Events.id());
        shop.tell(confirmed);
        Await.until(
                "it was not found",
                () -> "the host has no address"
                        .equals(shop.delivery(webhook, confirmed).lastError()));

        // when
        names.put("shop.invalid", List.of(HERE));

        // then
        Await.until("it is there", () -> !receiver.posts().isEmpty());
    }

    private NotificationShop shop(Map<String, String> settings) {
        NotificationShop shop = NotificationShop.prepare(vertx, POSTGRES.provision(), settings);
        shop.deploy(new NotificationVerticle(shop.fixture().context(), unused -> this::find));
        return shop;
    }

    private Future<List<InetAddress>> find(String host) {
        List<InetAddress> found = names.get(host);
        return found == null ? Future.failedFuture(new UnknownHostException(host)) : Future.succeededFuture(found);
    }
}
