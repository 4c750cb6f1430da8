package dev.souk.notification;

import static dev.souk.kit.bus.OperationHandler.on;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications;
import dev.souk.contracts.Notifications.CreateWebhook;
import dev.souk.contracts.Notifications.Delivery;
import dev.souk.contracts.Notifications.Find;
import dev.souk.contracts.Notifications.FindDeliveries;
import dev.souk.contracts.Notifications.NewWebhook;
import dev.souk.contracts.Notifications.Notification;
import dev.souk.contracts.Users;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.postgres.EmbeddedPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The notification service on a real database and bus, as the other services and the gateway see it. */
final class NotificationShop {
    private final EmbeddedPostgres.Database database;
    private final ServiceFixture shop;
    private final Caller admin = ServiceFixture.admin();

    private NotificationShop(EmbeddedPostgres.Database database, ServiceFixture shop) {
        this.database = database;
        this.shop = shop;
    }

    /** One instance of the service, which looks often for what is due. */
    static NotificationShop open(Vertx vertx, EmbeddedPostgres.Database database, Map<String, String> settings) {
        NotificationShop opened = prepare(vertx, database, settings);
        opened.deploy(new NotificationVerticle(opened.shop.context()));
        return opened;
    }

    /** None yet. */
    static NotificationShop prepare(Vertx vertx, EmbeddedPostgres.Database database, Map<String, String> settings) {
        Map<String, String> variables = new HashMap<>(settings);
        variables.put("SOUK_NOTIFICATION_DATABASE_URL", database.url());
        variables.put("SOUK_NOTIFICATION_POLL", "50ms");
        return new NotificationShop(database, ServiceFixture.deploy(vertx, variables));
    }

    ServiceFixture fixture() {
        return shop;
    }

    /** @return to be undeployed with */
    String deploy(NotificationVerticle verticle) {
        return ServiceFixture.await(shop.context().vertx().deployVerticle(verticle));
    }

    /** A user service that knows one user. */
    void knows(UUID userId, String name, String email) {
        ServiceFixture.await(shop.context().serve("user", Future::succeededFuture, on(Users.GET, (asked, call) -> {
            if (!asked.userId().equals(userId)) {
                throw Fault.notFound("user");
            }
            return Future.succeededFuture(new Users.User(userId, name, email, Caller.Role.CUSTOMER, Instant.EPOCH));
        })));
    }

    /** These happened. */
    void tell(Event... events) {
        tell(List.of(events));
    }

    void tell(List<Event> events) {
        assertThat(deliver(events).refused()).isEmpty();
    }

    Applied deliver(List<Event> events) {
        return ServiceFixture.await(startToDeliver(events));
    }

    Future<Applied> startToDeliver(List<Event> events) {
        return shop.start(Event.delivery("notification"), new Batch("test", events), Optional.empty());
    }

    /** What a user can see of what they were told. */
    List<Notification> told(UUID userId) {
        return shop.call(Notifications.LIST, new Find(100, null), new Caller(userId, Caller.Role.CUSTOMER))
                .items();
    }

    NewWebhook webhook(String url, String... events) {
        return shop.call(Notifications.CREATE_WEBHOOK, new CreateWebhook(URI.create(url), Set.of(events)), admin);
    }

    List<Delivery> deliveries(NewWebhook webhook) {
        return shop.call(
                        Notifications.LIST_DELIVERIES,
                        new FindDeliveries(webhook.webhook().id(), 100, null),
                        admin)
                .items();
    }

    /** How an event stands at a webhook. */
    Delivery delivery(NewWebhook webhook, Event event) {
        return deliveries(webhook).stream()
                .filter(one -> one.eventId().equals(event.id()))
                .findFirst()
                .orElseThrow();
    }

    Delivery redeliver(NewWebhook webhook, Event event) {
        return shop.call(
                Notifications.REDELIVER,
                new Notifications.Redeliver(webhook.webhook().id(), event.id()),
                admin);
    }

    long number(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    /** @return how many rows it changed */
    int run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql, e);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + database.name(),
                database.user(),
                database.password());
    }
}
