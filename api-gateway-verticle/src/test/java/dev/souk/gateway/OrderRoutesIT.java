package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.ORDER;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Code;
import dev.souk.contracts.Money;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.OrderPage;
import dev.souk.contracts.Orders.OrderView;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Orders.Timeline;
import dev.souk.contracts.Payments;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.contract.AnswerSchemas;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an order, over HTTP. */
@TestInstance(Lifecycle.PER_CLASS)
class OrderRoutesIT {
    private static final String PATH = "/api/v1/orders/" + ORDER;
    private static final UUID OTHER = UUID.fromString("019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6099");
    private static final Instant TIME = Instant.parse("2026-01-15T09:30:00Z");

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

    @Test
    void aDeclinedPaymentIsA402ThatIsReplayedToTheByte() {
        Orders.Order rejected = GatewayFixture.order(Status.REJECTED, Reason.PAYMENT_DECLINED);
        services.answer(Orders.PLACE, new Placement(rejected, "first", false));
        Reply first = place(gateway.customer());
        services.answer(Orders.PLACE, new Placement(rejected, "first", true));

        Reply replayed = place(gateway.customer());

        assertThat(first.status()).isEqualTo(402);
        assertThat(first.slug()).isEqualTo("payment-declined");
        assertThat(first.json().path("orderId").asText()).isEqualTo(ORDER.toString());
        assertThat(first.json().path("instance").asText()).isEqualTo("first");
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(replayed.status()).isEqualTo(402);
        assertThat(replayed.header("Idempotency-Replayed")).hasValue("true");
        assertThat(replayed.body()).isEqualTo(first.body());
        assertFits("placeOrder", first);
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsNotAskedFor() {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.CONFIRMED, null), "first", false));

        Reply reply = place(gateway.customer().with("X-Souk-Remaining-Ms", "0"));

        assertThat(reply.status()).isEqualTo(503);
        assertThat(services.asked(Orders.PLACE)).isNull();
        assertThat(place(gateway.customer().with("X-Souk-Remaining-Ms", "60000"))
                        .status())
                .isEqualTo(201);
        assertThat(place(gateway.customer().with("X-Souk-Remaining-Ms", "soon")).status())
                .isEqualTo(400);
    }

    @Test
    void anOrderThatWasCancelledWhileItWasPendingIsA409() {
        Orders.Order cancelled = GatewayFixture.order(Status.CANCELLED, null);
        services.answer(Orders.PLACE, new Placement(cancelled, "first", true));

        Reply reply = place(gateway.customer());

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.slug()).isEqualTo("order-cancelled");
        assertThat(reply.json().path("orderId").asText()).isEqualTo(ORDER.toString());
        assertThat(reply.json().path("instance").asText()).isEqualTo("first");
        assertThat(reply.header("Idempotency-Replayed")).hasValue("true");
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"CONFIRMED", "SHIPPED", "DELIVERED"})
    void whatWasConfirmedIsA201WhereverItStandsNow(Status status) {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(status, null), "first", true));

        Reply reply = place(gateway.customer());

        assertThat(reply.status()).isEqualTo(201);
        assertThat(reply.header("Location")).hasValue(PATH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"respond-async", "RESPOND-ASYNC; x=y", "return=minimal, respond-async"})
    void whoWouldRatherNotWaitDoesNot(String preference) {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.PENDING, null), "first", false));

        Reply reply = place(gateway.customer().with("Prefer", preference));

        assertThat(services.asked(Orders.PLACE).respondAsync()).isTrue();
        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.header("Preference-Applied")).hasValue("respond-async");
        assertThat(reply.header("Location")).hasValue(PATH);
        assertFits("placeOrder", reply);
    }

    @Test
    void aPreferenceMayComeInALineOfItsOwn() {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.PENDING, null), "first", false));

        Reply reply = place(gateway.customer().with("Prefer", "wait=10", "Prefer", "respond-async"));

        assertThat(reply.header("Preference-Applied")).hasValue("respond-async");
    }

    @Test
    void aPreferenceThatDidNotMatterIsNotToldAsApplied() {
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.CONFIRMED, null), "first", true));
        Reply ended = place(gateway.customer().with("Prefer", "respond-async"));
        services.answer(Orders.PLACE, new Placement(GatewayFixture.order(Status.PENDING, null), "first", false));

        Reply late = place(gateway.customer().with("Prefer", "handling=strict, \"\u00fc"));

        assertThat(ended.status()).isEqualTo(201);
        assertThat(ended.header("Preference-Applied")).isEmpty();
        assertThat(services.asked(Orders.PLACE).respondAsync()).isFalse();
        assertThat(late.status()).isEqualTo(202);
        assertThat(late.header("Preference-Applied")).isEmpty();
    }

    @Test
    void listsOrdersThatStandSomewhere() {
        services.answer(Orders.LIST, new OrderPage(List.of(GatewayFixture.order(Status.SHIPPED, null)), "bmV4dA"));

        Reply reply = gateway.customer().get("/api/v1/orders?status=SHIPPED&limit=5&cursor=abc");

        assertThat(services.asked(Orders.LIST)).isEqualTo(new Orders.Find(Status.SHIPPED, null, 5, "abc"));
        assertThat(reply.json().path("nextCursor").asText()).isEqualTo("bmV4dA");
        assertFits("listOrders", reply);
    }

    /** Who may see whose is decided where the orders are: by the caller, who is always told. */
    @Test
    void handsOnWhoseOrdersAreMeantAndWhoAsks() {
        services.answer(Orders.LIST, new OrderPage(List.of(), null));
        Reply admin = gateway.admin().get("/api/v1/orders?userId=" + OTHER);
        Orders.Find asked = services.asked(Orders.LIST);
        services.refuse(Orders.LIST, Fault.of(Code.FORBIDDEN, "Only an admin may list the orders of others."));

        Reply customer = gateway.customer().get("/api/v1/orders?userId=" + OTHER);

        assertThat(asked).isEqualTo(new Orders.Find(null, OTHER, 20, null));
        assertThat(admin.body()).isEqualTo("{\"items\":[],\"nextCursor\":null}");
        assertThat(services.asked(Orders.LIST).userId()).isEqualTo(OTHER);
        assertThat(services.context(Orders.LIST).caller()).hasValue(new Caller(USER, Caller.Role.CUSTOMER));
        assertThat(customer.status()).isEqualTo(403);
        assertThat(customer.slug()).isEqualTo("forbidden");
        assertFits("listOrders", customer);
    }

    @Test
    void readsTheHistory() {
        Orders.Entry entry = new Orders.Entry(1, "ORDER_PLACED", TIME, "souk-1", null, Map.of("userId", USER));
        services.answer(Orders.TIMELINE, new Timeline(List.of(entry)));

        Reply reply = gateway.customer().get(PATH + "/timeline");

        assertThat(services.asked(Orders.TIMELINE)).isEqualTo(new Orders.GetTimeline(ORDER, null));
        assertThat(reply.body())
                .isEqualTo("{\"items\":[{\"seq\":1,\"type\":\"ORDER_PLACED\",\"at\":\"2026-01-15T09:30:00Z\","
                        + "\"node\":\"souk-1\",\"traceId\":null,\"data\":{\"userId\":\"" + USER + "\"}}]}");
        assertFits("getOrderTimeline", reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", " { } "})
    void movesAnOrderOn(String body) {
        services.answer(Orders.CANCEL, GatewayFixture.order(Status.CANCELLED, null));
        services.answer(Orders.SHIP, GatewayFixture.order(Status.SHIPPED, null));
        services.answer(Orders.DELIVER, GatewayFixture.order(Status.DELIVERED, null));

        Reply cancelled = gateway.customer().post(PATH + "/cancel", body);
        Reply shipped = gateway.admin().post(PATH + "/ship", body);
        Reply delivered = gateway.admin().post(PATH + "/deliver", body);

        assertThat(cancelled.json().path("status").asText()).isEqualTo("CANCELLED");
        assertThat(shipped.json().path("status").asText()).isEqualTo("SHIPPED");
        assertThat(delivered.json().path("status").asText()).isEqualTo("DELIVERED");
        assertThat(services.asked(Orders.CANCEL).orderId()).isEqualTo(ORDER);
        assertThat(services.asked(Orders.SHIP).orderId()).isEqualTo(ORDER);
        assertThat(services.asked(Orders.DELIVER).orderId()).isEqualTo(ORDER);
        assertFits("cancelOrder", cancelled);
        assertFits("shipOrder", shipped);
        assertFits("deliverOrder", delivered);
    }

    @Test
    void nothingIsSentMeansNoMediaTypeEither() {
        services.answer(Orders.CANCEL, GatewayFixture.order(Status.CANCELLED, null));

        Reply none = gateway.customer().send("POST", PATH + "/cancel", BodyPublishers.noBody());
        Reply text = gateway.customer()
                .with("Content-Type", "text/plain")
                .send("POST", PATH + "/cancel", BodyPublishers.ofString("{}"));

        assertThat(none.status()).isEqualTo(200);
        assertThat(text.status()).isEqualTo(415);
    }

    @Test
    void aCallWithoutABodyTakesNoFields() {
        Reply reply = gateway.customer().post(PATH + "/cancel", "{\"reason\":\"too late\"}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().path("errors").toString())
                .isEqualTo("[{\"pointer\":\"\",\"detail\":\"must have no fields\"}]");
        assertThat(services.asked()).isEmpty();
    }

    @Test
    void cancellingWaitsAsLongAsPlacing() {
        services.answer(Orders.CANCEL, GatewayFixture.order(Status.CANCELLED, null));

        gateway.customer().post(PATH + "/cancel", "");

        assertThat(services.context(Orders.CANCEL).deadline().remaining())
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "ORDER_NOT_CANCELLABLE, 409, order-not-cancellable, cancel",
        "ILLEGAL_TRANSITION, 409, illegal-transition, ship deliver",
        "NOT_FOUND, 404, not-found, cancel ship deliver",
        "FORBIDDEN, 403, forbidden, ship deliver",
        "TIMEOUT, 503, service-unavailable, cancel ship deliver"
    })
    void tellsWhyAnOrderDoesNotMoveOn(Code code, int status, String slug, String verbs) {
        for (Operation<?, ?> operation : List.of(Orders.CANCEL, Orders.SHIP, Orders.DELIVER)) {
            services.refuse(operation, Fault.of(code, "The order is where it is."));
            String verb = operation.name().substring("order.".length());
            if (!verbs.contains(verb)) {
                continue;
            }

            Reply reply = gateway.admin().post(PATH + "/" + verb, "");

            assertThat(reply.status()).as(verb).isEqualTo(status);
            assertThat(reply.slug()).as(verb).isEqualTo(slug);
        }
    }

    @Test
    void somebodyElsesOrderIsNotThere() {
        services.refuse(Orders.GET, Fault.notFound("order"));
        services.refuse(Orders.TIMELINE, Fault.notFound("order"));
        services.refuse(Orders.CANCEL, Fault.notFound("order"));

        assertThat(gateway.customer().get(PATH + "/timeline").status()).isEqualTo(404);
        assertThat(gateway.customer().get(PATH + "/events").status()).isEqualTo(404);
        assertThat(gateway.customer().post(PATH + "/cancel", "").status()).isEqualTo(404);
        assertThat(gateway.customer().get(PATH + "/payments").status()).isEqualTo(404);
        assertThat(services.asked(Payments.LIST)).isNull();
        assertThat(services.context(Orders.CANCEL).caller()).hasValue(new Caller(USER, Caller.Role.CUSTOMER));
    }

    @Test
    void readsThePayments() {
        UUID id = UUID.fromString("019a2b3c-7c20-7d31-8e42-5f54a6607701");
        services.answer(
                Orders.GET, new OrderView(GatewayFixture.order(Status.CONFIRMED, null), null, List.of(), Set.of()));
        services.answer(
                Payments.LIST,
                new Payments.PaymentList(List.of(
                        payment(id, Payments.Kind.CHARGE, Payments.Status.SUCCEEDED, "ch_1"),
                        payment(id, Payments.Kind.REFUND, Payments.Status.PENDING, null))));

        Reply reply = gateway.customer().get(PATH + "/payments");

        assertThat(services.asked(Payments.LIST).orderId()).isEqualTo(ORDER);
        assertThat(services.context(Payments.LIST).caller()).hasValue(new Caller(USER, Caller.Role.CUSTOMER));
        assertThat(reply.json().at("/items/0").toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"kind\":\"charge\",\"status\":\"succeeded\","
                        + "\"amount\":{\"amount\":240000,\"currency\":\"USD\"},\"provider\":\"sandbox\","
                        + "\"providerReference\":\"ch_1\",\"createdAt\":\"2026-01-15T09:30:00Z\"}");
        assertThat(reply.json().at("/items/1/kind").asText()).isEqualTo("refund");
        assertThat(reply.json().at("/items/1/providerReference").isNull()).isTrue();
        assertThat(reply.json().get("nextCursor").isNull()).isTrue();
        assertFits("listPayments", reply);
    }

    @Test
    void anOrderIsReadWhileThePaymentsAreAway() {
        services.answer(
                Orders.GET, new OrderView(GatewayFixture.order(Status.CONFIRMED, null), null, List.of(), Set.of()));
        services.stop("payment");

        assertThat(gateway.customer().get(PATH + "/payments").status()).isEqualTo(503);
        assertThat(gateway.customer().get(PATH).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, cancel, POST",
        "GET, ship, POST",
        "PUT, deliver, POST",
        "POST, timeline, 'GET, HEAD'",
        "POST, events, 'GET, HEAD'",
        "DELETE, payments, 'GET, HEAD'"
    })
    void aWrongMethodIsToldTheRightOnes(String method, String end, String allowed) {
        Reply reply = gateway.admin().send(method, PATH + "/" + end, BodyPublishers.noBody());

        assertThat(reply.status()).isEqualTo(405);
        assertThat(reply.header("Allow")).hasValue(allowed);
    }

    private static Reply place(HttpShop shop) {
        return shop.with("Idempotency-Key", "key").post("/api/v1/orders", GatewayFixture.newOrder());
    }

    private static Payments.Payment payment(UUID id, Payments.Kind kind, Payments.Status status, String reference) {
        return new Payments.Payment(id, kind, status, new Money(240_000, "USD"), "sandbox", reference, TIME);
    }

    private static void assertFits(String operationId, Reply reply) {
        assertThat(AnswerSchemas.check(operationId, reply.status(), reply.json()))
                .isEmpty();
    }
}
