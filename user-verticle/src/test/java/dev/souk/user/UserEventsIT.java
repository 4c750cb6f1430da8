package dev.souk.user;

import static dev.souk.kit.bus.OperationHandler.on;
import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller.Role;
import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Fault;
import dev.souk.contracts.UserEvent;
import dev.souk.contracts.Users;
import dev.souk.contracts.Users.Register;
import dev.souk.contracts.Users.User;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.db.Database;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever wants to know of a new account is told of it, at some time. */
@ExtendWith(VertxExtension.class)
class UserEventsIT {
    @RegisterExtension
    static final FreshDatabases DATABASES = new FreshDatabases();

    private final Map<String, String> variables = new HashMap<>();
    private final List<Event> told = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private Database database;

    @BeforeEach
    void prepare(Vertx vertx) {
        this.vertx = vertx;
        variables.putAll(DATABASES.fresh());
        variables.put("SOUK_ADMIN_EMAIL", "boss@example.com");
        variables.put("SOUK_ADMIN_PASSWORD", "the boss's own words");
        variables.put("SOUK_EVENTS_POLL", "50ms");
        database = FreshDatabases.open(vertx, variables);
    }

    @Test
    void everyAccountIsToldOfOnce() {
        ServiceFixture shop = deploy();
        listen(shop);

        User ada = register(shop, "ada@example.com");

        Await.until("both accounts are told of", () -> undelivered() == 0);
        assertThat(told)
                .extracting(event -> EventFormat.read(event, UserEvent.class))
                .containsExactlyInAnyOrder(
                        new UserEvent.Registered("Admin", "boss@example.com", Role.ADMIN),
                        new UserEvent.Registered("Ada", "ada@example.com", Role.CUSTOMER));
        assertThat(told)
                .filteredOn(event -> event.aggregateId().equals(ada.id()))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.seq()).isEqualTo(1);
                    assertThat(event.type()).isEqualTo("USER_REGISTERED");
                    assertThat(event.at()).isEqualTo(ada.createdAt());
                });
    }

    @Test
    void whoIsAwayIsToldLater() {
        ServiceFixture shop = deploy();
        User ada = register(shop, "ada@example.com");
        assertThat(undelivered()).isEqualTo(2);

        listen(shop);

        Await.until("both accounts are told of", () -> undelivered() == 0);
        assertThat(told).extracting(Event::aggregateId).hasSize(2).contains(ada.id());
    }

    @Test
    void whatWasNotToldBeforeTheEndIsToldAfterTheNextStart() {
        register(deploy(), "ada@example.com");
        vertx.deploymentIDs().forEach(id -> await(vertx.undeploy(id)));

        listen(deploy());

        Await.until("both accounts are told of", () -> undelivered() == 0);
        assertThat(told).hasSize(2);
    }

    @Test
    void aMailThatIsTakenIsNoEvent() {
        ServiceFixture shop = deploy();
        register(shop, "ada@example.com");

        Fault.Code refusal = refusal(() -> register(shop, "ADA@example.com"));

        assertThat(refusal).isEqualTo(Fault.Code.EMAIL_TAKEN);
        assertThat(count("user_event")).isEqualTo(2);
        assertThat(undelivered()).isEqualTo(2);
    }

    @Test
    void theAdminThatIsMadeUpIsToldOfOnce() {
        variables.remove("SOUK_ADMIN_EMAIL");
        variables.remove("SOUK_ADMIN_PASSWORD");
        deploy();
        vertx.deploymentIDs().forEach(id -> await(vertx.undeploy(id)));

        listen(deploy());

        Await.until("the admin is told of", () -> undelivered() == 0);
        assertThat(told)
                .extracting(event -> EventFormat.read(event, UserEvent.class))
                .containsExactly(new UserEvent.Registered("Admin", "admin@souk.local", Role.ADMIN));
    }

    private ServiceFixture deploy() {
        return ServiceFixture.deploy(vertx, variables, UserVerticle.DEFINITION);
    }

    private void listen(ServiceFixture shop) {
        await(shop.context()
                .serve("notification", Future::succeededFuture, on(Event.delivery("notification"), this::hear)));
    }

    private Future<Applied> hear(Batch batch, CallContext context) {
        told.addAll(batch.events());
        return Future.succeededFuture(new Applied(List.of()));
    }

    private static User register(ServiceFixture shop, String email) {
        return shop.call(Users.REGISTER, new Register("Ada", email, "correct horse battery staple"));
    }

    private long undelivered() {
        return count("event_delivery WHERE receiver = 'notification'");
    }

    private long count(String rows) {
        return await(database.read("SELECT count(*) AS found FROM " + rows, Tuple.tuple()))
                .iterator()
                .next()
                .getLong("found");
    }
}
