package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.ADMIN;
import static dev.souk.gateway.GatewayFixture.CUSTOMER;
import static dev.souk.gateway.GatewayFixture.ORDER;
import static dev.souk.gateway.GatewayFixture.PRODUCT;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Entry;
import dev.souk.contracts.Orders.OrderView;
import dev.souk.contracts.Orders.Placement;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.grpc.GrpcShop;
import dev.souk.gateway.grpc.GrpcShop.Refusal;
import dev.souk.gateway.grpc.v1.AdjustStockRequest;
import dev.souk.gateway.grpc.v1.ArchiveProductRequest;
import dev.souk.gateway.grpc.v1.ChangeProductRequest;
import dev.souk.gateway.grpc.v1.CreateTokenRequest;
import dev.souk.gateway.grpc.v1.FollowOrderRequest;
import dev.souk.gateway.grpc.v1.GetOrderRequest;
import dev.souk.gateway.grpc.v1.ListProductsRequest;
import dev.souk.gateway.grpc.v1.ListUsersRequest;
import dev.souk.gateway.grpc.v1.NewOrderItem;
import dev.souk.gateway.grpc.v1.Order;
import dev.souk.gateway.grpc.v1.OrderPart;
import dev.souk.gateway.grpc.v1.OrderStatus;
import dev.souk.gateway.grpc.v1.PageRequest;
import dev.souk.gateway.grpc.v1.PlaceOrderRequest;
import dev.souk.gateway.grpc.v1.Product;
import dev.souk.gateway.grpc.v1.ProductList;
import dev.souk.gateway.grpc.v1.ProductSort;
import dev.souk.gateway.grpc.v1.Role;
import dev.souk.gateway.grpc.v1.StockLevel;
import dev.souk.gateway.grpc.v1.TimelineEntry;
import dev.souk.gateway.grpc.v1.Token;
import dev.souk.gateway.grpc.v1.UserList;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What reaches the services of a call by gRPC, and what comes back. */
@ExtendWith(VertxExtension.class)
class GrpcRoutesIT {
    private static final Order NO_ORDER = Order.getDefaultInstance();

    /** What has happened to the order; a test adds to it. */
    private final List<Entry> history = new CopyOnWriteArrayList<>();

    private GatewayFixture gateway;
    private StubServices services;
    private GrpcShop nobody;
    private GrpcShop customer;
    private GrpcShop admin;

    @BeforeEach
    void start(Vertx vertx) {
        gateway = GatewayFixture.start(vertx, Map.of("SOUK_GRPC_PORT", "0", "SOUK_EVENT_STREAMS", "2"));
        services = gateway.services();
        services.answerBy(Orders.TIMELINE, this::timeline);
        nobody = GrpcShop.on(gateway.grpcPort());
        customer = nobody.as(CUSTOMER);
        admin = nobody.as(ADMIN);
    }

    @AfterEach
    void hangUp() {
        nobody.close();
    }

    @Test
    void placesAnOrder() {
        services.answer(
                Orders.PLACE, new Placement(GatewayFixture.order(Status.CONFIRMED, null), "first-request", true));
        GrpcShop shop = customer.within(Duration.ofSeconds(4));

        Order order = shop.call("Orders/PlaceOrder", newOrder(2), NO_ORDER);

        assertThat(services.asked(Orders.PLACE))
                .isEqualTo(
                        new Orders.Place("my-key", List.of(new Products.Quantity(PRODUCT, 2)), "pm_card_visa", true));
        assertThat(services.context(Orders.PLACE).caller()).hasValue(new Caller(USER, Caller.Role.CUSTOMER));
        assertThat(services.context(Orders.PLACE).requestId()).isEqualTo(shop.header("x-request-id"));
        assertThat(services.context(Orders.PLACE).deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(4));
        assertThat(order.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CONFIRMED);
        assertThat(order.getTotal().getAmount()).isEqualTo(240_000);
        assertThat(order.getItems(0).getProductId()).isEqualTo(PRODUCT.toString());
        assertThat(shop.header("idempotency-replayed")).isEqualTo("true");
    }

    @Test
    void anOrderThatWasRejectedIsNamed() {
        services.answer(
                Orders.PLACE,
                new Placement(GatewayFixture.order(Status.REJECTED, Reason.PAYMENT_DECLINED), "first-request", false));

        Refusal refused = customer.refusal("Orders/PlaceOrder", newOrder(2), NO_ORDER);

        assertThat(refused.status()).isEqualTo(io.grpc.Status.Code.FAILED_PRECONDITION);
        assertThat(refused.reason()).isEqualTo("PAYMENT_DECLINED");
        assertThat(refused.detail(ErrorInfo.class).getMetadataMap()).containsEntry("orderId", ORDER.toString());
    }

    @Test
    void bothEdgesRefuseTheSameInputForTheSameReasons() {
        String json = GatewayFixture.newOrder().replace(":2}", ":0}").replace("pm_card_visa", "card");
        Reply byHttp = gateway.customer().with("Idempotency-Key", "my-key").post("/api/v1/orders", json);

        Refusal byGrpc = customer.refusal(
                "Orders/PlaceOrder",
                newOrder(0).toBuilder().setPaymentMethod("card").build(),
                NO_ORDER);

        assertThat(byGrpc.detail(BadRequest.class).getFieldViolationsList())
                .extracting(BadRequest.FieldViolation::getDescription)
                .hasSize(2)
                .isEqualTo(StreamSupport.stream(byHttp.json().path("errors").spliterator(), false)
                        .map(error -> error.path("detail").asText())
                        .toList());
        assertThat(services.asked()).isEmpty();
    }

    @Test
    void readsAnOrderWithItsParts() {
        services.answer(
                Orders.GET,
                new OrderView(
                        GatewayFixture.order(Status.SHIPPED, null),
                        null,
                        List.of(GatewayFixture.product()),
                        Set.of(Orders.Part.USER)));
        GetOrderRequest request = GetOrderRequest.newBuilder()
                .setOrderId(ORDER.toString())
                .addExpand(OrderPart.ORDER_PART_PRODUCTS)
                .addExpand(OrderPart.ORDER_PART_USER)
                .build();

        Order order = customer.call("Orders/GetOrder", request, NO_ORDER);

        assertThat(services.asked(Orders.GET))
                .isEqualTo(new Orders.Get(ORDER, Set.of(Orders.Part.USER, Orders.Part.PRODUCTS)));
        assertThat(order.getItems(0).getProduct().getSku()).isEqualTo("LAMP-01");
        assertThat(order.hasUser()).isFalse();
        assertThat(order.getDegradedList()).containsExactly(OrderPart.ORDER_PART_USER);
    }

    @Test
    void logsInAndReadsWhoThereIs() {
        services.answer(Users.LOG_IN, new Users.Token("a.b.c", "refresh", "Bearer", 900));
        services.answer(Users.LIST, new Users.UserPage(List.of(GatewayFixture.user()), "next"));

        Token token = nobody.call(
                "Users/CreateToken",
                CreateTokenRequest.newBuilder()
                        .setEmail("ada@example.com")
                        .setPassword("secret words")
                        .build(),
                Token.getDefaultInstance());
        UserList users = admin.call(
                "Users/ListUsers",
                ListUsersRequest.newBuilder()
                        .setPage(PageRequest.newBuilder().setLimit(7).setCursor("abc"))
                        .setQ("a&b=c%")
                        .build(),
                UserList.getDefaultInstance());

        assertThat(token.getAccessToken()).isEqualTo("a.b.c");
        assertThat(services.asked(Users.LOG_IN)).isEqualTo(new Users.LogIn("ada@example.com", "secret words"));
        assertThat(services.asked(Users.LIST)).isEqualTo(new Users.Find("a&b=c%", 7, "abc"));
        assertThat(users.getItems(0).getRole()).isEqualTo(Role.ROLE_CUSTOMER);
        assertThat(users.getNextCursor()).isEqualTo("next");
    }

    @Test
    void keepsTheCatalogue() {
        services.answer(Products.LIST, new Products.ProductPage(List.of(GatewayFixture.product()), null));
        services.answer(Products.CHANGE, GatewayFixture.product());
        services.answer(Products.ADJUST_STOCK, new Products.StockLevel(3, 2, 1));
        String id = PRODUCT.toString();

        ProductList list = nobody.call(
                "Products/ListProducts",
                ListProductsRequest.newBuilder()
                        .setSort(ProductSort.PRODUCT_SORT_PRICE_DESCENDING)
                        .build(),
                ProductList.getDefaultInstance());
        admin.call(
                "Products/ChangeProduct",
                ChangeProductRequest.newBuilder()
                        .setProductId(id)
                        .setExpectedVersion(7)
                        .setName("Lantern")
                        .build(),
                Product.getDefaultInstance());
        StockLevel stock = admin.call(
                "Products/AdjustStock",
                AdjustStockRequest.newBuilder()
                        .setProductId(id)
                        .setIdempotencyKey("k")
                        .setDelta(-4)
                        .build(),
                StockLevel.getDefaultInstance());
        admin.call(
                "Products/ArchiveProduct",
                ArchiveProductRequest.newBuilder().setProductId(id).build(),
                Empty.getDefaultInstance());

        assertThat(services.asked(Products.LIST).sort()).isEqualTo(Products.Sort.PRICE_DESCENDING);
        assertThat(list.getItems(0).getAttributes().getFieldsOrThrow("colour").getStringValue())
                .isEqualTo("gold");
        assertThat(list.getNextCursor()).isEmpty();
        assertThat(services.asked(Products.CHANGE))
                .isEqualTo(new Products.Change(PRODUCT, 7, "Lantern", null, null, null));
        assertThat(services.asked(Products.ADJUST_STOCK)).isEqualTo(new Products.AdjustStock(PRODUCT, "k", -4, null));
        assertThat(stock.getSold()).isEqualTo(1);
        assertThat(services.asked(Products.ARCHIVE).productId()).isEqualTo(PRODUCT);
    }

    @Test
    void aChangeWithoutTheVersionItIsBasedOnIsRefused() {
        Refusal refused = admin.refusal(
                "Products/ChangeProduct",
                ChangeProductRequest.newBuilder()
                        .setProductId(PRODUCT.toString())
                        .setName("Lantern")
                        .build(),
                Product.getDefaultInstance());

        assertThat(refused.status()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
        assertThat(refused.reason()).isEqualTo("PRECONDITION_REQUIRED");
    }

    @Test
    void whoDoesNotWaitIsToldInTime() {
        services.answerLater(Orders.GET, Promise.<OrderView>promise().future());
        GetOrderRequest request =
                GetOrderRequest.newBuilder().setOrderId(ORDER.toString()).build();

        Refusal refused = customer.within(Duration.ofSeconds(2)).refusal("Orders/GetOrder", request, NO_ORDER);

        assertThat(refused.status()).isEqualTo(io.grpc.Status.Code.DEADLINE_EXCEEDED);
        assertThat(services.context(Orders.GET).deadline().remaining()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void followsAnOrderUntilItsEndAndGoesOnWhereItWasBrokenOff() {
        happens("ORDER_PLACED", "ORDER_CONFIRMED");
        Iterator<TimelineEntry> events = follow(1);

        assertThat(events.next().getSeq()).isEqualTo(2);
        happens("ORDER_CANCELLED");
        gateway.context().bus().signal(Orders.CHANGED, new Orders.Changed(ORDER));
        TimelineEntry last = events.next();

        assertThat(last.getType()).isEqualTo("ORDER_CANCELLED");
        assertThat(last.getData().getUserId()).isEqualTo(USER.toString());
        assertThat(events.hasNext()).isFalse();
        assertThat(follow(3).hasNext()).isFalse();
    }

    @Test
    void somebodyElsesOrderIsNotThere() {
        services.refuse(Orders.TIMELINE, Fault.notFound("order"));

        assertThat(GrpcShop.refusal(() -> follow(0).hasNext()).status()).isEqualTo(io.grpc.Status.Code.NOT_FOUND);
    }

    @Test
    void bothEdgesShareTheirPlaces() {
        happens("ORDER_PLACED");
        follow(0).next();

        try (EventReader reader =
                EventReader.open(gateway.port(), "/api/v1/orders/" + ORDER + "/events", GatewayFixture.CUSTOMER)) {
            assertThat(reader.status()).isEqualTo(200);
            assertThat(GrpcShop.refusal(() -> follow(0).hasNext()).status())
                    .isEqualTo(io.grpc.Status.Code.RESOURCE_EXHAUSTED);
        }
        nobody.close();
        Await.until("both places are free", () -> {
            try (EventReader one = EventReader.open(
                            gateway.port(), "/api/v1/orders/" + ORDER + "/events", GatewayFixture.CUSTOMER);
                    EventReader other = EventReader.open(
                            gateway.port(), "/api/v1/orders/" + ORDER + "/events", GatewayFixture.CUSTOMER)) {
                return one.status() == 200 && other.status() == 200;
            }
        });
    }

    @Test
    void stoppingIsNotHeldUpAndSaysThatThereIsMore(Vertx vertx) {
        happens("ORDER_PLACED");
        Iterator<TimelineEntry> events = follow(0);
        events.next();

        Future<Void> stopped = vertx.undeploy(gateway.deployment());

        assertThat(GrpcShop.refusal(events::hasNext).status()).isEqualTo(io.grpc.Status.Code.UNAVAILABLE);
        ServiceFixture.await(stopped);
    }

    @Test
    void isPartOfReadiness() {
        assertThat(gateway.nobody().get("/ready").json().path("checks").findValuesAsText("name"))
                .contains("grpc", "http");
    }

    private Iterator<TimelineEntry> follow(int seen) {
        FollowOrderRequest request = FollowOrderRequest.newBuilder()
                .setOrderId(ORDER.toString())
                .setAfterSeq(seen)
                .build();
        return customer.stream("Orders/FollowOrder", request, TimelineEntry.getDefaultInstance());
    }

    private static PlaceOrderRequest newOrder(int quantity) {
        return PlaceOrderRequest.newBuilder()
                .setIdempotencyKey("my-key")
                .addItems(NewOrderItem.newBuilder()
                        .setProductId(PRODUCT.toString())
                        .setQuantity(quantity))
                .setPaymentMethod("pm_card_visa")
                .setRespondAsync(true)
                .build();
    }

    private Orders.Timeline timeline(Orders.GetTimeline request) {
        int after = request.afterSeq() == null ? 0 : request.afterSeq();
        return new Orders.Timeline(
                history.stream().filter(entry -> entry.seq() > after).toList());
    }

    private void happens(String... types) {
        for (String type : types) {
            history.add(new Entry(
                    history.size() + 1,
                    type,
                    Instant.parse("2026-01-15T09:30:00Z"),
                    "souk-1",
                    null,
                    Map.of("userId", USER.toString())));
        }
    }
}
