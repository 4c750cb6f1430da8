package dev.souk.gateway.grpc;

import com.google.protobuf.Descriptors.ServiceDescriptor;
import dev.souk.gateway.grpc.v1.OrdersProto;
import dev.souk.gateway.grpc.v1.ProductsProto;
import dev.souk.gateway.grpc.v1.UsersProto;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Which method asks for which operation, and how: what is not put anywhere is the body. */
final class GrpcMethods {
    private static final ServiceDescriptor USERS = UsersProto.getDescriptor().findServiceByName("Users");
    private static final ServiceDescriptor PRODUCTS =
            ProductsProto.getDescriptor().findServiceByName("Products");
    private static final ServiceDescriptor ORDERS = OrdersProto.getDescriptor().findServiceByName("Orders");
    private static final String KEY = "Idempotency-Key";

    static final List<GrpcMethod> ALL = List.of(
            method(USERS, "Register", "registerUser", in -> in),
            method(USERS, "CreateToken", "createToken", in -> in),
            method(USERS, "RefreshToken", "refreshToken", in -> in),
            method(USERS, "LogOut", "logOut", in -> in),
            method(USERS, "GetMe", "getMe", in -> in),
            method(USERS, "ChangeMe", "changeMe", in -> in),
            method(USERS, "GetUser", "getUser", in -> in.path("userId")),
            method(USERS, "ListUsers", "listUsers", in -> in.page().query("q")),
            method(
                    PRODUCTS,
                    "ListProducts",
                    "listProducts",
                    in -> in.page().query("q").query("sort", GrpcMethods::sort)),
            method(PRODUCTS, "GetProduct", "getProduct", in -> in.path("productId")),
            method(PRODUCTS, "CreateProduct", "createProduct", in -> in),
            method(
                    PRODUCTS,
                    "ChangeProduct",
                    "changeProduct",
                    in -> in.path("productId").header("expectedVersion", "If-Match", version -> "\"" + version + "\"")),
            method(PRODUCTS, "ArchiveProduct", "archiveProduct", in -> in.path("productId")),
            method(PRODUCTS, "GetStock", "getStock", in -> in.path("productId")),
            method(
                    PRODUCTS,
                    "AdjustStock",
                    "adjustStock",
                    in -> in.path("productId").header("idempotencyKey", KEY)),
            method(
                    ORDERS,
                    "PlaceOrder",
                    "placeOrder",
                    in -> in.header("idempotencyKey", KEY).preference("respondAsync", "respond-async")),
            method(
                    ORDERS,
                    "ListOrders",
                    "listOrders",
                    in -> in.page().query("status").query("userId")),
            method(ORDERS, "GetOrder", "getOrder", in -> in.path("orderId").query("expand", GrpcMethods::smallLetters)),
            method(ORDERS, "GetTimeline", "getOrderTimeline", in -> in.path("orderId")),
            method(
                    ORDERS,
                    "FollowOrder",
                    "followOrder",
                    in -> in.path("orderId").header("afterSeq", "Last-Event-ID")),
            method(ORDERS, "CancelOrder", "cancelOrder", in -> in.path("orderId")),
            method(ORDERS, "ShipOrder", "shipOrder", in -> in.path("orderId")),
            method(ORDERS, "DeliverOrder", "deliverOrder", in -> in.path("orderId")));

    private GrpcMethods() {}

    private static GrpcMethod method(
            ServiceDescriptor service, String name, String operationId, UnaryOperator<OperationFields> places) {
        return new GrpcMethod(service.findMethodByName(name), operationId, places);
    }

    private static String sort(String constant) {
        return constant.equals("PRICE_DESCENDING") ? "-price" : smallLetters(constant);
    }

    private static String smallLetters(String constants) {
        return constants.toLowerCase(Locale.ROOT);
    }
}
