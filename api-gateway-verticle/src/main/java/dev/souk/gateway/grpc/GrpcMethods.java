package dev.souk.gateway.grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import dev.souk.gateway.grpc.v1.AdjustStockRequest;
import dev.souk.gateway.grpc.v1.ArchiveProductRequest;
import dev.souk.gateway.grpc.v1.CancelOrderRequest;
import dev.souk.gateway.grpc.v1.ChangeProductRequest;
import dev.souk.gateway.grpc.v1.CreateProductRequest;
import dev.souk.gateway.grpc.v1.CreateTokenRequest;
import dev.souk.gateway.grpc.v1.DeliverOrderRequest;
import dev.souk.gateway.grpc.v1.FollowOrderRequest;
import dev.souk.gateway.grpc.v1.GetMeRequest;
import dev.souk.gateway.grpc.v1.GetOrderRequest;
import dev.souk.gateway.grpc.v1.GetProductRequest;
import dev.souk.gateway.grpc.v1.GetStockRequest;
import dev.souk.gateway.grpc.v1.GetTimelineRequest;
import dev.souk.gateway.grpc.v1.GetUserRequest;
import dev.souk.gateway.grpc.v1.ListOrdersRequest;
import dev.souk.gateway.grpc.v1.ListProductsRequest;
import dev.souk.gateway.grpc.v1.ListUsersRequest;
import dev.souk.gateway.grpc.v1.Order;
import dev.souk.gateway.grpc.v1.OrderList;
import dev.souk.gateway.grpc.v1.PlaceOrderRequest;
import dev.souk.gateway.grpc.v1.Product;
import dev.souk.gateway.grpc.v1.ProductList;
import dev.souk.gateway.grpc.v1.RegisterRequest;
import dev.souk.gateway.grpc.v1.ShipOrderRequest;
import dev.souk.gateway.grpc.v1.StockLevel;
import dev.souk.gateway.grpc.v1.Timeline;
import dev.souk.gateway.grpc.v1.TimelineEntry;
import dev.souk.gateway.grpc.v1.Token;
import dev.souk.gateway.grpc.v1.User;
import dev.souk.gateway.grpc.v1.UserList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Which method asks for which operation, and how. */
final class GrpcMethods {
    private static final User USER = User.getDefaultInstance();
    private static final Product PRODUCT = Product.getDefaultInstance();
    private static final StockLevel STOCK = StockLevel.getDefaultInstance();
    private static final Order ORDER = Order.getDefaultInstance();

    /** The one whose replies are a stream. */
    static final GrpcMethod FOLLOW = orders(
            "FollowOrder",
            "followOrder",
            FollowOrderRequest.getDefaultInstance(),
            TimelineEntry.getDefaultInstance(),
            in -> in.path("orderId").header("afterSeq", "Last-Event-ID"));

    static final List<GrpcMethod> UNARY = List.of(
            users("Register", "registerUser", RegisterRequest.getDefaultInstance(), USER, in -> in),
            users(
                    "CreateToken",
                    "createToken",
                    CreateTokenRequest.getDefaultInstance(),
                    Token.getDefaultInstance(),
                    in -> in),
            users("GetMe", "getMe", GetMeRequest.getDefaultInstance(), USER, in -> in),
            users("GetUser", "getUser", GetUserRequest.getDefaultInstance(), USER, in -> in.path("userId")),
            users(
                    "ListUsers",
                    "listUsers",
                    ListUsersRequest.getDefaultInstance(),
                    UserList.getDefaultInstance(),
                    in -> in.page().query("q")),
            products(
                    "ListProducts",
                    "listProducts",
                    ListProductsRequest.getDefaultInstance(),
                    ProductList.getDefaultInstance(),
                    in -> in.page().query("q").query("sort", GrpcMethods::sort)),
            products(
                    "GetProduct",
                    "getProduct",
                    GetProductRequest.getDefaultInstance(),
                    PRODUCT,
                    in -> in.path("productId")),
            products("CreateProduct", "createProduct", CreateProductRequest.getDefaultInstance(), PRODUCT, in -> in),
            products(
                    "ChangeProduct",
                    "changeProduct",
                    ChangeProductRequest.getDefaultInstance(),
                    PRODUCT,
                    in -> in.path("productId").header("expectedVersion", "If-Match", version -> "\"" + version + "\"")),
            products(
                    "ArchiveProduct",
                    "archiveProduct",
                    ArchiveProductRequest.getDefaultInstance(),
                    Empty.getDefaultInstance(),
                    in -> in.path("productId")),
            products("GetStock", "getStock", GetStockRequest.getDefaultInstance(), STOCK, in -> in.path("productId")),
            products(
                    "AdjustStock",
                    "adjustStock",
                    AdjustStockRequest.getDefaultInstance(),
                    STOCK,
                    in -> in.path("productId").header("idempotencyKey", "Idempotency-Key")),
            orders(
                    "PlaceOrder",
                    "placeOrder",
                    PlaceOrderRequest.getDefaultInstance(),
                    ORDER,
                    in -> in.header("idempotencyKey", "Idempotency-Key").preference("respondAsync", "respond-async")),
            orders(
                    "ListOrders",
                    "listOrders",
                    ListOrdersRequest.getDefaultInstance(),
                    OrderList.getDefaultInstance(),
                    in -> in.page().query("status").query("userId")),
            orders(
                    "GetOrder",
                    "getOrder",
                    GetOrderRequest.getDefaultInstance(),
                    ORDER,
                    in -> in.path("orderId").query("expand", GrpcMethods::smallLetters)),
            orders(
                    "GetTimeline",
                    "getOrderTimeline",
                    GetTimelineRequest.getDefaultInstance(),
                    Timeline.getDefaultInstance(),
                    in -> in.path("orderId")),
            orders(
                    "CancelOrder",
                    "cancelOrder",
                    CancelOrderRequest.getDefaultInstance(),
                    ORDER,
                    in -> in.path("orderId")),
            orders("ShipOrder", "shipOrder", ShipOrderRequest.getDefaultInstance(), ORDER, in -> in.path("orderId")),
            orders(
                    "DeliverOrder",
                    "deliverOrder",
                    DeliverOrderRequest.getDefaultInstance(),
                    ORDER,
                    in -> in.path("orderId")));

    private GrpcMethods() {}

    private static GrpcMethod users(
            String name, String operationId, Message request, Message reply, UnaryOperator<OperationFields> places) {
        return new GrpcMethod("souk.v1.Users/" + name, operationId, request, reply, places);
    }

    private static GrpcMethod products(
            String name, String operationId, Message request, Message reply, UnaryOperator<OperationFields> places) {
        return new GrpcMethod("souk.v1.Products/" + name, operationId, request, reply, places);
    }

    private static GrpcMethod orders(
            String name, String operationId, Message request, Message reply, UnaryOperator<OperationFields> places) {
        return new GrpcMethod("souk.v1.Orders/" + name, operationId, request, reply, places);
    }

    private static String sort(String constant) {
        return constant.equals("PRICE_DESCENDING") ? "-price" : smallLetters(constant);
    }

    private static String smallLetters(String constants) {
        return constants.toLowerCase(Locale.ROOT);
    }
}
