package dev.souk.notification;

import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Event;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications;
import dev.souk.contracts.Notifications.CreateWebhook;
import dev.souk.contracts.Notifications.DeleteWebhook;
import dev.souk.contracts.Notifications.Delivery;
import dev.souk.contracts.Notifications.DeliveryPage;
import dev.souk.contracts.Notifications.DeliveryStatus;
import dev.souk.contracts.Notifications.FindDeliveries;
import dev.souk.contracts.Notifications.FindWebhooks;
import dev.souk.contracts.Notifications.NewWebhook;
import dev.souk.contracts.Notifications.Redeliver;
import dev.souk.contracts.Notifications.Webhook;
import dev.souk.contracts.Notifications.WebhookPage;
import dev.souk.contracts.OrderEvent;
import dev.souk.kit.config.Environment;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import dev.souk.notification.Receiver.Post;
import dev.souk.postgres.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(VertxExtension.class)
class WebhookIT {
    private static final String CONFIRMED = "ORDER_CONFIRMED";
    private static final String SHIPPED = "ORDER_SHIPPED";
    private static final Map<String, String> LOCAL = Map.of("SOUK_WEBHOOK_ALLOW_PRIVATE", "true");
    private static final Duration LONG = Duration.ofSeconds(30);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final UUID user = Events.id();
    private final Caller admin = ServiceFixture.admin();
    private Vertx vertx;
    private Receiver receiver;

    @BeforeEach
    void prepare(Vertx given) {
        vertx = given;
        receiver = Receiver.started(given);
    }

    @Test
    void deliversWhatIsWantedAndSignsIt() throws Exception {
        // given
        NotificationShop shop = open(Map.of());
        NewWebhook webhook = shop.webhook(receiver.url() + "?a=b", CONFIRMED);
        UUID order = Events.id();
        Event confirmed = Events.confirmed(order, user);

        // when
        shop.tell(Events.of(order, 1, new OrderEvent.Delivered(user)), confirmed, Events.shipped(order, user));

        // then
        awaitDelivered(shop, webhook, confirmed);
        assertThat(receiver.ids()).containsExactly(confirmed.id());
        Post post = receiver.posts().getFirst();
        Receiver.assertSigned(post, webhook.secret());
        assertThat(post.body()).isEqualTo(Reaction.to(confirmed).posted());
        assertThat(post.headers())
                .containsEntry("souk-event-id", confirmed.id().toString())
                .containsEntry("content-type", "application/json")
                .containsEntry("host", "127.0.0.1:" + receiver.port());
        Delivery delivery = shop.delivery(webhook, confirmed);
        assertThat(delivery.type()).isEqualTo(CONFIRMED);
        assertThat(delivery.attempts()).isEqualTo(1);
        assertThat(delivery.lastStatus()).isEqualTo(204);
        assertThat(delivery.lastError()).isNull();
        assertThat(delivery.nextAttemptAt()).isNull();
        assertThat(shop.deliveries(webhook)).hasSize(1);
    }

    @Test
    void anEventThatComesOftenIsDeliveredOnce() {
        // given
        NotificationShop shop = open(Map.of());
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED);
        Event confirmed = Events.confirmed(Events.id(), user);
        Event last = Events.confirmed(Events.id(), user);
        List<Event> twice = List.of(confirmed, confirmed);

        // when
        ServiceFixture.await(Future.all(IntStream.range(0, 5)
                .mapToObj(time -> shop.startToDeliver(twice))
                .toList()));
        awaitDelivered(shop, webhook, confirmed);
        shop.tell(twice);
        shop.tell(last);

        // then
        awaitDelivered(shop, webhook, last);
        assertThat(receiver.ids()).containsExactly(confirmed.id(), last.id());
    }

    @Test
    void aReceiverThatIsAwayMissesNothingAndGetsTheEventsOfAnOrderInTheirOrder() {
        // given
        NotificationShop shop = open(Map.of());
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED, SHIPPED);
        List<UUID> orders = Events.ids(10);
        List<Event> events = new ArrayList<>();
        orders.forEach(order -> events.add(Events.confirmed(order, user)));
        orders.forEach(order -> events.add(Events.shipped(order, user)));
        receiver.stop();
        shop.tell(events);
        Await.until("it was tried", () -> shop.number("SELECT max(attempts) FROM webhook_delivery") > 0);
        assertThat(shop.delivery(webhook, events.getFirst()).lastStatus()).isNull();

        // when
        Receiver again = Receiver.at(vertx, receiver.port());

        // then
        Await.until("all are there", LONG, () -> again.posts().size() == events.size());
        assertThat(again.ids())
                .containsExactlyInAnyOrderElementsOf(
                        events.stream().map(Event::id).toList());
        for (UUID order : orders) {
            assertThat(again.posts())
                    .filteredOn(post -> post.orderId().equals(order.toString()))
                    .extracting(post -> post.json().getString("type"))
                    .containsExactly(CONFIRMED, SHIPPED);
        }
    }

    @Test
    void whatIsParkedHoldsUpItsOrderAloneUntilItIsAskedForAgain() {
        // given
        NotificationShop shop = open(Map.of("SOUK_WEBHOOK_GIVE_UP", "1ms"));
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED, SHIPPED);
        UUID order = Events.id();
        Event confirmed = Events.confirmed(order, user);
        Event shipped = Events.shipped(order, user);
        Event other = Events.confirmed(Events.id(), user);
        receiver.answers((request, post) -> request.response()
                .setStatusCode(post.orderId().equals(order.toString()) ? 500 : 200)
                .end());
        shop.tell(confirmed, shipped, other);
        awaitStatus(shop, webhook, confirmed, DeliveryStatus.PARKED);
        awaitDelivered(shop, webhook, other);
        assertThat(shop.delivery(webhook, confirmed).lastError()).isEqualTo("answered with status 500");
        assertThat(shop.delivery(webhook, shipped).attempts()).isZero();
        receiver.answers(Receiver.answering(200));

        // when
        Delivery asked = shop.redeliver(webhook, confirmed);

        // then
        assertThat(asked.status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(asked.nextAttemptAt()).isNotNull();
        awaitDelivered(shop, webhook, shipped);
        assertThat(receiver.ids())
                .filteredOn(id -> !id.equals(other.id()))
                .containsExactly(confirmed.id(), confirmed.id(), shipped.id());
        assertThat(shop.delivery(webhook, confirmed).attempts()).isEqualTo(2);
    }

    @Test
    void whatWasDeliveredIsDeliveredAgainWhenAskedFor() {
        // given
        NotificationShop shop = open(Map.of());
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED);
        Event confirmed = Events.confirmed(Events.id(), user);
        shop.tell(confirmed);
        awaitDelivered(shop, webhook, confirmed);

        // when
        shop.redeliver(webhook, confirmed);

        // then
        Await.until("it came again", () -> receiver.ids().equals(List.of(confirmed.id(), confirmed.id())));
    }

    @Test
    void aReceiverThatHangsDoesNotHoldUpTheOthers() {
        // given
        NotificationShop shop = open(Map.of());
        Receiver hanging = Receiver.started(vertx);
        hanging.answers((request, post) -> {});
        shop.webhook(hanging.url(), CONFIRMED);
        NewWebhook good = shop.webhook(receiver.url(), CONFIRMED);
        List<Event> events = Events.ids(200).stream()
                .map(order -> Events.confirmed(order, user))
                .toList();

        // when
        shop.tell(events);

        // then
        Await.until("all are at the good one", () -> receiver.posts().size() == events.size());
        assertThat(hanging.posts()).hasSizeLessThanOrEqualTo(WebhookSlots.USUAL);
        assertThat(shop.number("SELECT count(*) FROM webhook_delivery WHERE status = 'DELIVERED' AND webhook_id <> '"
                        + good.webhook().id() + "'"))
                .isZero();
    }

    @Test
    void anAnswerThatDoesNotComeIsNoAnswer() {
        // given
        NotificationShop shop = open(Map.of("SOUK_WEBHOOK_TIMEOUT", "300ms"));
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED);
        AtomicBoolean hangs = new AtomicBoolean(true);
        receiver.answers((request, post) -> {
            if (!hangs.getAndSet(false)) {
                request.response().end();
            }
        });
        Event confirmed = Events.confirmed(Events.id(), user);

        // when
        shop.tell(confirmed);

        // then
        Await.until(
                "it is told",
                () -> "there was no answer in time"
                        .equals(shop.delivery(webhook, confirmed).lastError()));
        awaitDelivered(shop, webhook, confirmed);
        assertThat(receiver.ids()).containsExactly(confirmed.id(), confirmed.id());
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        // given
        NotificationShop shop = open(Map.of());
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED);
        AtomicBoolean cut = new AtomicBoolean();
        receiver.answers((request, post) -> {
            request.response().setChunked(true);
            request.connection().closeHandler(closed -> cut.set(true));
            vertx.setPeriodic(1, id -> {
                if (cut.get()) {
                    vertx.cancelTimer(id);
                } else if (!request.response().writeQueueFull()) {
                    request.response().write(Buffer.buffer(new byte[1_024]));
                }
            });
        });
        Event confirmed = Events.confirmed(Events.id(), user);

        // when
        shop.tell(confirmed);

        // then
        awaitDelivered(shop, webhook, confirmed);
        Await.until("it is cut off", cut::get);
    }

    @Test
    void aRedirectIsNotFollowed() {
        // given
        NotificationShop shop = open(Map.of());
        Receiver elsewhere = Receiver.started(vertx);
        receiver.answers((request, post) -> request.response()
                .setStatusCode(303)
                .putHeader("Location", elsewhere.url())
                .end());
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED);
        Event confirmed = Events.confirmed(Events.id(), user);

        // when
        shop.tell(confirmed);

        // then
        Await.until(
                "it has failed",
                () -> Integer.valueOf(303)
                        .equals(shop.delivery(webhook, confirmed).lastStatus()));
        assertThat(shop.delivery(webhook, confirmed).status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(elsewhere.posts()).isEmpty();
    }

    @Test
    void twoInstancesDeliverEachEventOnce() {
        // given
        NotificationShop shop = open(Map.of());
        shop.deploy(new NotificationVerticle(shop.fixture().context()));
        shop.webhook(receiver.url(), CONFIRMED, SHIPPED);
        shop.webhook(receiver.url(), SHIPPED);
        List<Event> events = new ArrayList<>();
        Events.ids(100).forEach(order -> {
            events.add(Events.confirmed(order, user));
            events.add(Events.shipped(order, user));
        });

        // when
        shop.tell(events);

        // then
        Await.until(
                "all are delivered",
                LONG,
                () -> shop.number("SELECT count(*) FROM webhook_delivery WHERE status = 'DELIVERED'") == 300);
        assertThat(receiver.posts()).hasSize(300);
        assertThat(receiver.ids()).containsAll(events.stream().map(Event::id).toList());
    }

    @Test
    void whatADeadInstanceHeldIsTakenOverWhenItsLeaseEnds() {
        // given
        NotificationShop shop = NotificationShop.prepare(vertx, POSTGRES.provision(), LOCAL);
        String first = shop.deploy(new NotificationVerticle(shop.fixture().context()));
        receiver.answers(Receiver.answering(500));
        shop.webhook(receiver.url(), CONFIRMED);
        shop.tell(Events.confirmed(Events.id(), user));
        Await.until("it was tried", () -> !receiver.posts().isEmpty());
        ServiceFixture.await(vertx.undeploy(first));
        receiver.answers(Receiver.answering(200));
        shop.run("UPDATE webhook_delivery"
                + " SET attempts = attempts + 1, due_at = now(), lease_until = now() + interval '2 s'");
        long leaseEnds = shop.number("SELECT extract(epoch FROM lease_until) * 1000 FROM webhook_delivery");

        // when
        shop.deploy(new NotificationVerticle(shop.fixture().context()));

        // then
        Await.until(
                "it is delivered",
                () -> shop.number("SELECT count(*) FROM webhook_delivery WHERE status = 'DELIVERED'") == 1);
        assertThat(receiver.posts()).hasSize(2);
        assertThat(shop.number("SELECT extract(epoch FROM settled_at) * 1000 FROM webhook_delivery"))
                .isGreaterThanOrEqualTo(leaseEnds);
    }

    @Test
    void anAttemptThatWasOvertakenSettlesNothing() {
        // given
        EmbeddedPostgres.Database provisioned = POSTGRES.provision();
        NotificationShop shop = NotificationShop.prepare(vertx, provisioned, LOCAL);
        String first = shop.deploy(new NotificationVerticle(shop.fixture().context()));
        receiver.answers(Receiver.answering(500));
        shop.webhook(receiver.url(), CONFIRMED);
        shop.tell(Events.confirmed(Events.id(), user));
        Await.until("it was tried", () -> shop.number("SELECT max(failures) FROM webhook_delivery") > 0);
        ServiceFixture.await(vertx.undeploy(first));
        DeliveryRepository deliveries = new DeliveryRepository(database(provisioned));
        shop.run("UPDATE webhook_delivery SET due_at = now()");
        DeliveryRepository.Claim slow = claimOne(deliveries);
        shop.run("UPDATE webhook_delivery SET lease_until = now()");
        DeliveryRepository.Claim quick = claimOne(deliveries);
        WebhookSender.Answer well = WebhookSender.Answer.of(200);

        // when
        Optional<DeliveryStatus> late =
                ServiceFixture.await(deliveries.settle(new DeliveryRepository.Attempted(slow, well, Duration.ZERO)));
        Optional<DeliveryStatus> timely =
                ServiceFixture.await(deliveries.settle(new DeliveryRepository.Attempted(quick, well, Duration.ZERO)));

        // then
        assertThat(late).isEmpty();
        assertThat(timely).contains(DeliveryStatus.DELIVERED);
    }

    @Test
    void aDeletedWebhookIsToldNothingMore() {
        // given
        NotificationShop shop = open(Map.of());
        NewWebhook gone = shop.webhook(receiver.url(), CONFIRMED);
        receiver.answers(Receiver.answering(500));
        Event before = Events.confirmed(Events.id(), user);
        shop.tell(before);
        Await.until("it was tried", () -> !receiver.posts().isEmpty());
        DeleteWebhook delete = new DeleteWebhook(gone.webhook().id());

        // when
        Done deleted = shop.fixture().call(Notifications.DELETE_WEBHOOK, delete, admin);

        // then
        Receiver other = Receiver.started(vertx);
        NewWebhook left = shop.webhook(other.url(), CONFIRMED);
        Event after = Events.confirmed(Events.id(), user);
        shop.tell(after);
        awaitDelivered(shop, left, after);
        assertThat(deleted).isEqualTo(Done.DONE);
        assertThat(receiver.ids()).containsOnly(before.id());
        assertThat(shop.fixture().call(Notifications.DELETE_WEBHOOK, delete, admin))
                .isEqualTo(Done.DONE);
        assertThat(shop.fixture()
                        .call(Notifications.LIST_WEBHOOKS, new FindWebhooks(null, null), admin)
                        .items())
                .extracting(Webhook::id)
                .containsExactly(left.webhook().id());
        assertThat(refusal(() -> shop.deliveries(gone))).isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.redeliver(gone, before))).isEqualTo(Fault.Code.NOT_FOUND);
    }

    @Test
    void pagesThroughWebhooksAndDeliveries() {
        // given
        NotificationShop shop = open(Map.of());
        NewWebhook first = shop.webhook(receiver.url(), CONFIRMED, SHIPPED);
        NewWebhook second = shop.webhook(receiver.url(), SHIPPED);
        List<Event> events = Events.ids(5).stream()
                .map(order -> Events.confirmed(order, user))
                .toList();
        shop.tell(events);

        // when
        WebhookPage newest = shop.fixture().call(Notifications.LIST_WEBHOOKS, new FindWebhooks(1, null), admin);
        WebhookPage oldest =
                shop.fixture().call(Notifications.LIST_WEBHOOKS, new FindWebhooks(1, newest.nextCursor()), admin);
        List<UUID> seen = new ArrayList<>();
        String cursor = null;
        do {
            FindDeliveries find = new FindDeliveries(first.webhook().id(), 2, cursor);
            DeliveryPage page = shop.fixture().call(Notifications.LIST_DELIVERIES, find, admin);
            page.items().forEach(delivery -> seen.add(delivery.eventId()));
            cursor = page.nextCursor();
        } while (cursor != null);

        // then
        assertThat(newest.items()).containsExactly(second.webhook());
        assertThat(oldest.items()).containsExactly(first.webhook());
        assertThat(oldest.nextCursor()).isNull();
        assertThat(seen)
                .containsExactlyElementsOf(
                        events.reversed().stream().map(Event::id).toList());
    }

    @Test
    void isForAdminsAlone() {
        NotificationShop shop = open(Map.of());
        Caller customer = ServiceFixture.customer();
        UUID id = Events.id();
        CreateWebhook create = new CreateWebhook(URI.create(receiver.url()), Set.of(CONFIRMED));
        ServiceFixture fixture = shop.fixture();

        assertThat(List.of(
                        refusal(() -> fixture.call(Notifications.CREATE_WEBHOOK, create, customer)),
                        refusal(() ->
                                fixture.call(Notifications.LIST_WEBHOOKS, new FindWebhooks(null, null), customer)),
                        refusal(() -> fixture.call(Notifications.DELETE_WEBHOOK, new DeleteWebhook(id), customer)),
                        refusal(() -> fixture.call(
                                Notifications.LIST_DELIVERIES, new FindDeliveries(id, null, null), customer)),
                        refusal(() -> fixture.call(Notifications.REDELIVER, new Redeliver(id, id), customer))))
                .containsOnly(Fault.Code.FORBIDDEN);
        assertThat(refusal(() -> fixture.call(Notifications.CREATE_WEBHOOK, create)))
                .isEqualTo(Fault.Code.UNAUTHENTICATED);
    }

    @Test
    void knowsWhatIsNotThere() {
        NotificationShop shop = open(Map.of());
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED);
        ServiceFixture fixture = shop.fixture();

        assertThat(refusal(() -> fixture.call(Notifications.DELETE_WEBHOOK, new DeleteWebhook(Events.id()), admin)))
                .isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> shop.redeliver(webhook, Events.ofType(CONFIRMED))))
                .isEqualTo(Fault.Code.NOT_FOUND);
        assertThat(refusal(() -> fixture.call(Notifications.LIST_WEBHOOKS, new FindWebhooks(null, "nonsense"), admin)))
                .isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(refusal(() -> fixture.call(Notifications.LIST_WEBHOOKS, new FindWebhooks(101, null), admin)))
                .isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @Test
    void forgetsWhatWasDeliveredLongAgoAndNothingElse() {
        // given
        EmbeddedPostgres.Database provisioned = POSTGRES.provision();
        NotificationShop shop = NotificationShop.open(vertx, provisioned, LOCAL);
        NewWebhook webhook = shop.webhook(receiver.url(), CONFIRMED, SHIPPED);
        Event old = Events.confirmed(Events.id(), user);
        Event recent = Events.confirmed(Events.id(), user);
        shop.tell(old, recent);
        awaitDelivered(shop, webhook, old);
        awaitDelivered(shop, webhook, recent);
        receiver.answers(Receiver.answering(500));
        Event waiting = Events.confirmed(Events.id(), user);
        shop.tell(waiting);
        Await.until("it was tried", () -> shop.delivery(webhook, waiting).attempts() > 0);
        shop.run("UPDATE webhook_delivery SET settled_at = now() - interval '31 days' WHERE event_id <> '" + recent.id()
                + "'");

        // when
        int gone = ServiceFixture.await(new DeliveryRepository(database(provisioned)).trim(Duration.ofDays(30)));

        // then
        assertThat(gone).isEqualTo(1);
        assertThat(shop.deliveries(webhook))
                .extracting(Delivery::eventId)
                .containsExactlyInAnyOrder(recent.id(), waiting.id());
    }

    private static DeliveryRepository.Claim claimOne(DeliveryRepository deliveries) {
        List<DeliveryRepository.Claim> claims = ServiceFixture.await(
                        deliveries.claim(Map.of(), 10, Duration.ofMinutes(1)))
                .rows();
        assertThat(claims).hasSize(1);
        return claims.getFirst();
    }

    private Database database(EmbeddedPostgres.Database provisioned) {
        DatabaseConfig config = DatabaseConfig.from(
                Environment.of(Map.of("SOUK_NOTIFICATION_DATABASE_URL", provisioned.url())), "notification");
        return ServiceFixture.await(Database.open(vertx, config, new Random(1)));
    }

    private NotificationShop open(Map<String, String> settings) {
        Map<String, String> local = new HashMap<>(LOCAL);
        local.putAll(settings);
        return NotificationShop.open(vertx, POSTGRES.provision(), local);
    }

    private static void awaitDelivered(NotificationShop shop, NewWebhook webhook, Event event) {
        awaitStatus(shop, webhook, event, DeliveryStatus.DELIVERED);
    }

    private static void awaitStatus(NotificationShop shop, NewWebhook webhook, Event event, DeliveryStatus status) {
        Await.until(status.name(), LONG, () -> shop.delivery(webhook, event).status() == status);
    }
}
