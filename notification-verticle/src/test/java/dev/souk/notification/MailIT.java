package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Refused;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications;
import dev.souk.contracts.Notifications.Channel;
import dev.souk.contracts.Notifications.Notification;
import dev.souk.contracts.Notifications.NotificationStatus;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import dev.souk.notification.MailServer.Received;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

@ExtendWith(VertxExtension.class)
class MailIT {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final UUID user = Events.id();
    private final MailServer mails = MailServer.started();
    private Vertx vertx;

    @BeforeEach
    void prepare(Vertx given) {
        vertx = given;
    }

    @AfterEach
    void stop() {
        mails.close();
    }

    @Test
    void welcomesANewUser() throws Exception {
        // given
        NotificationShop shop = open();
        Event registered = Events.registered(user, "Zo\u00eb \u65e5\u672c", "zoe@example.com");

        // when
        shop.tell(registered);

        // then
        awaitMails(1);
        Received mail = mails.received().getFirst();
        assertThat(mail.id()).isEqualTo("<" + registered.id() + "@souk>");
        assertThat(mail.to()).isEqualTo("zoe@example.com");
        assertThat(mail.subject()).isEqualTo("Welcome to Souk");
        assertThat(mail.text()).startsWith("Hello Zo\u00eb \u65e5\u672c,\n\nyour account is ready.");
        assertThat(mail.message().getContentType())
                .containsIgnoringCase("text/plain")
                .containsIgnoringCase("utf-8");
        assertThat(mail.message().getHeader("From", ",")).isEqualTo("Souk <no-reply@souk.local>");
        Await.until("it is marked", () -> statuses(shop).equals(List.of(NotificationStatus.SENT)));
        Notification told = shop.told(user).getFirst();
        assertThat(told.type()).isEqualTo("USER_REGISTERED");
        assertThat(told.orderId()).isNull();
        assertThat(told.channel()).isEqualTo(Channel.EMAIL);
        assertThat(shop.told(Events.id())).isEmpty();
    }

    @Test
    void writesToTheAddressThatTheUserHasNow() throws Exception {
        // given
        NotificationShop shop = open();
        shop.tell(registered());
        awaitMails(1);
        shop.tell(Events.changed(user, 2, "Ada King", "ada.king@example.com"));

        // when
        shop.tell(Events.confirmed(Events.id(), user));

        // then
        awaitMails(2);
        Received mail = mails.received().getLast();
        assertThat(mail.to()).isEqualTo("ada.king@example.com");
        assertThat(mail.text()).startsWith("Hello Ada King,");
        assertThat(shop.told(user)).hasSize(2);
    }

    /** One that was put aside may be told again long after. */
    @Test
    void theLatestChangeHoldsInWhateverOrderTheyCome() {
        NotificationShop shop = open();
        Event registered = registered();
        Event second = Events.changed(user, 2, "Ada", "second@example.com");
        Event third = Events.changed(user, 3, "Ada", "third@example.com");
        Event fourth = Events.changed(user, 4, "Ada", "fourth@example.com");

        shop.tell(third, second);
        shop.tell(registered);
        assertThat(shop.number("SELECT count(*) FROM recipient WHERE email = 'third@example.com'"))
                .isEqualTo(1);
        shop.tell(fourth, second, registered);

        assertThat(shop.number("SELECT count(*) FROM recipient WHERE email = 'fourth@example.com'"))
                .isEqualTo(1);
        assertThat(shop.number("SELECT count(*) FROM recipient")).isEqualTo(1);
    }

    @Test
    void whatAUserWasToldIsShownToNobodyElse() {
        NotificationShop shop = open();
        shop.tell(registered());

        assertThat(shop.told(user)).hasSize(1);
        assertThat(shop.told(Events.id())).isEmpty();
        assertThat(shop.fixture()
                        .call(Notifications.LIST, new Notifications.Find(100, null), ServiceFixture.admin())
                        .items())
                .isEmpty();
        assertThat(ServiceFixture.refusal(
                        () -> shop.fixture().call(Notifications.LIST, new Notifications.Find(100, null))))
                .isEqualTo(Fault.Code.UNAUTHENTICATED);
    }

    @Test
    void aNameCannotBecomeAHeader() throws Exception {
        // given
        NotificationShop shop = open();

        // when
        shop.tell(Events.registered(user, "Eve\r\nBcc: all@example.com\r\n\r\nBuy!", "eve@example.com"));

        // then
        awaitMails(1);
        Received mail = mails.received().getFirst();
        assertThat(mail.message().getAllRecipients()).hasSize(1);
        assertThat(mail.message().getHeader("Bcc")).isNull();
        assertThat(mail.text()).startsWith("Hello Eve  Bcc: all@example.com    Buy!,");
    }

    @Test
    void anEventThatComesOftenMakesOneMail() {
        // given
        NotificationShop shop = open();
        Event registered = registered();
        Event confirmed = Events.confirmed(Events.id(), user);
        List<Event> twice = List.of(registered, confirmed, confirmed, registered);

        // when
        ServiceFixture.await(Future.all(IntStream.range(0, 5)
                .mapToObj(time -> shop.startToDeliver(twice))
                .toList()));
        shop.tell(twice);

        // then
        awaitAllSettled(shop);
        assertThat(ids()).containsExactlyInAnyOrder(messageId(registered), messageId(confirmed));
        assertThat(shop.told(user)).hasSize(2);
    }

    @Test
    void aPoisonedEventIsRefusedAlone() {
        // given
        NotificationShop shop = open();
        Event good = registered();
        Event unknownType = Events.ofType("ORDER_EATEN");
        Event unreadable = Events.with(Events.confirmed(Events.id(), user), "total", "much");
        Event noAddress = Events.registered(Events.id(), "Eve", "eve@example.com\r\nDATA");
        Event unstorable = Events.registered(Events.id(), "Nul\u0000", "nul@example.com");
        Event alsoGood = Events.confirmed(Events.id(), user);

        // when
        List<Refused> refused = shop.deliver(List.of(good, unknownType, unreadable, noAddress, unstorable, alsoGood))
                .refused();

        // then
        assertThat(refused)
                .extracting(Refused::eventId)
                .containsExactlyInAnyOrder(unknownType.id(), unreadable.id(), noAddress.id(), unstorable.id());
        awaitMails(2);
        assertThat(ids()).containsExactlyInAnyOrder(messageId(good), messageId(alsoGood));
        assertThat(shop.number("SELECT count(*) FROM inbox")).isEqualTo(2);
    }

    @Test
    void aMailServerThatIsAwayMissesNothingAndGetsTheMailsOfAnOrderInTheirOrder() {
        // given
        mails.stop();
        NotificationShop shop = open();
        List<UUID> orders = Events.ids(20);
        shop.tell(registered());
        shop.tell(orders.stream().map(order -> Events.confirmed(order, user)).toList());
        shop.tell(orders.stream().map(order -> Events.shipped(order, user)).toList());
        Await.until("it was tried", () -> shop.number("SELECT max(attempts) FROM notification") > 1);

        // when
        mails.start();

        // then
        awaitMails(41);
        awaitAllSettled(shop);
        List<String> subjects = mails.received().stream().map(Received::subject).toList();
        assertThat(subjects).doesNotHaveDuplicates().hasSizeBetween(41, 41);
        for (UUID order : orders) {
            assertThat(subjects.indexOf("Your order " + order + " is confirmed"))
                    .isNotNegative()
                    .isLessThan(subjects.indexOf("Your order " + order + " is on its way"));
        }
    }

    @Test
    void theMailsOfAnOrderAreNotHeldUpByThoseOfAnother() {
        // given
        mails.stop();
        var server =
                new ScriptedMailServer(vertx, mails.port(), line -> line.contains("slow@") ? "451 not now" : "250 ok");
        NotificationShop shop = open();
        UUID slow = Events.id();
        UUID stuck = Events.id();
        Event confirmed = Events.confirmed(Events.id(), user);
        shop.tell(Events.registered(slow, "Slow", "slow@example.com"), registered());

        // when
        shop.tell(Events.confirmed(stuck, slow), Events.shipped(stuck, slow), confirmed);

        // then
        Await.until("the other order's is there", () -> server.accepted().contains(messageId(confirmed)));
        Await.until("the stuck one is tried again", () -> shop.number(attemptsAt(stuck, 2)) > 1);
        assertThat(shop.number(attemptsAt(stuck, 3))).isZero();
    }

    @Test
    void aRecipientWhomTheServerRefusesIsGivenUpSoon() {
        // given
        mails.stop();
        var server = new ScriptedMailServer(
                vertx, mails.port(), line -> line.contains("gone@") ? "550 no such user" : "250 ok");
        NotificationShop shop = open();
        Event welcome = Events.registered(user, "Gone", "gone@example.com");

        // when
        shop.tell(welcome);

        // then
        Await.until("it is given up", () -> statuses(shop).equals(List.of(NotificationStatus.FAILED)));
        assertThat(server.asked()).hasSize(3);
        assertThat(server.accepted()).isEmpty();
    }

    @Test
    void aMailIsGivenUpWhenItsTimeIsOver() {
        // given
        mails.stop();
        NotificationShop shop = open(Map.of("SOUK_SMTP_URL", mails.url(), "SOUK_MAIL_GIVE_UP", "200ms"));

        // when
        shop.tell(registered());

        // then
        Await.until("it is given up", () -> statuses(shop).equals(List.of(NotificationStatus.FAILED)));
    }

    @Test
    void aServerThatFallsSilentHoldsNothingUpForGood() {
        // given
        mails.stop();
        var silence = new AtomicBoolean(true);
        var server = new ScriptedMailServer(vertx, mails.port(), line -> silence.get() ? null : "250 ok");
        NotificationShop shop = open(Map.of("SOUK_SMTP_URL", mails.url(), "SOUK_MAIL_TIMEOUT", "300ms"));
        shop.tell(IntStream.range(0, 40)
                .mapToObj(number -> Events.registered(Events.id(), "Ada", "ada" + number + "@example.com"))
                .toList());
        Await.until("all its connections hang", () -> server.asked().size() >= 16);

        // when
        silence.set(false);

        // then
        Await.until("all are there", () -> server.accepted().size() == 40);
    }

    @Test
    void aMailWaitsUntilItsRecipientIsKnown() {
        // given
        NotificationShop shop = open();
        Event confirmed = Events.confirmed(Events.id(), user);
        shop.tell(confirmed);
        Await.until("it was tried", () -> shop.number("SELECT max(attempts) FROM notification") > 0);
        assertThat(statuses(shop)).containsExactly(NotificationStatus.PENDING);

        // when
        shop.tell(registered());

        // then
        awaitMails(2);
        assertThat(ids()).contains(messageId(confirmed));
    }

    @Test
    void aRecipientFromBeforeIsAskedFor() {
        // given
        NotificationShop shop = open();
        shop.knows(user, "Old Ada", "old.ada@example.com");

        // when
        shop.tell(Events.confirmed(Events.id(), user));

        // then
        awaitMails(1);
        assertThat(mails.received().getFirst().to()).isEqualTo("old.ada@example.com");
        assertThat(mails.received().getFirst().text()).startsWith("Hello Old Ada,");
    }

    @Test
    void withoutAServerMailsAreKept() {
        // given
        NotificationShop shop = open(Map.of());

        // when
        shop.tell(registered(), Events.confirmed(Events.id(), user));

        // then
        assertThat(statuses(shop)).containsExactly(NotificationStatus.KEPT, NotificationStatus.KEPT);
    }

    @Test
    void twoInstancesSendEachMailOnce() {
        // given
        mails.stop();
        NotificationShop shop = open();
        shop.deploy(new NotificationVerticle(shop.fixture().context()));
        List<Event> events = new ArrayList<>(List.of(registered()));
        Events.ids(150).forEach(order -> {
            events.add(Events.confirmed(order, user));
            events.add(Events.shipped(order, user));
        });
        shop.tell(events);

        // when
        mails.start();

        // then
        awaitAllSettled(shop);
        assertThat(ids()).doesNotHaveDuplicates().hasSize(301);
    }

    @Test
    void whatADeadInstanceHeldIsTakenOverWhenItsLeaseEnds() {
        // given
        NotificationShop shop =
                NotificationShop.prepare(vertx, POSTGRES.provision(), Map.of("SOUK_SMTP_URL", mails.url()));
        String first = shop.deploy(new NotificationVerticle(shop.fixture().context()));
        mails.stop();
        shop.tell(registered());
        Await.until("it was tried", () -> shop.number("SELECT max(attempts) FROM notification") > 0);
        ServiceFixture.await(vertx.undeploy(first));
        mails.start();
        shop.run(
                "UPDATE notification SET attempts = attempts + 1, due_at = now(), lease_until = now() + interval '2 s'");
        long leaseEnds = shop.number("SELECT extract(epoch FROM lease_until) * 1000 FROM notification");

        // when
        shop.deploy(new NotificationVerticle(shop.fixture().context()));

        // then
        awaitMails(1);
        awaitAllSettled(shop);
        assertThat(ids()).hasSize(1);
        assertThat(shop.number("SELECT extract(epoch FROM settled_at) * 1000 FROM notification"))
                .isGreaterThanOrEqualTo(leaseEnds);
    }

    @Test
    void whatHasWaitedInVainIsFoundWithoutBeingCalled() {
        // given
        mails.stop();
        NotificationShop shop = open();
        UUID order = Events.id();
        shop.tell(registered());
        shop.tell(Events.confirmed(order, user), Events.shipped(order, user));
        Await.until(
                "the second waits",
                () -> shop.number("SELECT count(*) FROM notification WHERE seq = 3 AND due_at > created_at") > 0);

        // when
        shop.run("UPDATE notification SET status = 'SENT' WHERE seq = 2");
        mails.start();

        // then
        Await.until(
                "the second is sent",
                () -> mails.received().stream()
                        .anyMatch(mail -> mail.subject().equals("Your order " + order + " is on its way")));
    }

    private NotificationShop open() {
        return open(Map.of("SOUK_SMTP_URL", mails.url()));
    }

    private NotificationShop open(Map<String, String> settings) {
        return NotificationShop.open(vertx, POSTGRES.provision(), settings);
    }

    private Event registered() {
        return Events.registered(user, "Ada", "ada@example.com");
    }

    private List<NotificationStatus> statuses(NotificationShop shop) {
        return shop.told(user).stream().map(Notification::status).toList();
    }

    private List<String> ids() {
        return mails.received().stream().map(Received::id).toList();
    }

    private void awaitMails(int count) {
        Await.until(count + " mails", () -> mails.received().size() >= count);
    }

    private static void awaitAllSettled(NotificationShop shop) {
        Await.until(
                "all are settled",
                Duration.ofSeconds(30),
                () -> shop.number("SELECT count(*) FROM notification WHERE status = 'PENDING'") == 0);
    }

    private static String messageId(Event event) {
        return "<" + event.id() + "@souk>";
    }

    private static String attemptsAt(UUID order, int seq) {
        return "SELECT attempts FROM notification WHERE order_id = '" + order + "' AND seq = " + seq;
    }
}
