package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.souk.gateway.grpc.v1.CancelOrderRequest;
import dev.souk.gateway.grpc.v1.CreateTokenRequest;
import dev.souk.gateway.grpc.v1.FollowOrderRequest;
import dev.souk.gateway.grpc.v1.GetOrderRequest;
import dev.souk.gateway.grpc.v1.ListProductsRequest;
import dev.souk.gateway.grpc.v1.NewOrderItem;
import dev.souk.gateway.grpc.v1.Order;
import dev.souk.gateway.grpc.v1.OrderPart;
import dev.souk.gateway.grpc.v1.OrderStatus;
import dev.souk.gateway.grpc.v1.PlaceOrderRequest;
import dev.souk.gateway.grpc.v1.Product;
import dev.souk.gateway.grpc.v1.ProductList;
import dev.souk.gateway.grpc.v1.RegisterRequest;
import dev.souk.gateway.grpc.v1.TimelineEntry;
import dev.souk.gateway.grpc.v1.Token;
import dev.souk.gateway.grpc.v1.User;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** The README's walk as a stock gRPC client takes it. */
final class GrpcWalk implements AutoCloseable {
    private final ManagedChannel shop;

    GrpcWalk(int port) {
        shop = Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                .build();
    }

    void fromRegisteringToTheCancelledOrder() {
        Channel customer = customer();
        Product product = call(
                        shop,
                        "Products/ListProducts",
                        ListProductsRequest.newBuilder().setQ("lamp").build(),
                        ProductList.getDefaultInstance())
                .getItems(0);
        PlaceOrderRequest wish = PlaceOrderRequest.newBuilder()
                .setIdempotencyKey(UUID.randomUUID().toString())
                .addItems(
                        NewOrderItem.newBuilder().setProductId(product.getId()).setQuantity(2))
                .setPaymentMethod("pm_card_visa")
                .build();

        Order placed = call(customer, "Orders/PlaceOrder", wish, Order.getDefaultInstance());
        Order replayed = call(customer, "Orders/PlaceOrder", wish, Order.getDefaultInstance());
        Iterator<TimelineEntry> events = ClientCalls.blockingServerStreamingCall(
                customer,
                method(
                        "Orders/FollowOrder",
                        MethodType.SERVER_STREAMING,
                        FollowOrderRequest.getDefaultInstance(),
                        TimelineEntry.getDefaultInstance()),
                patience(),
                FollowOrderRequest.newBuilder().setOrderId(placed.getId()).build());
        String first = events.next().getType();
        String second = events.next().getType();
        call(
                customer,
                "Orders/CancelOrder",
                CancelOrderRequest.newBuilder().setOrderId(placed.getId()).build(),
                Order.getDefaultInstance());
        TimelineEntry last = events.next();
        Order read = call(
                customer,
                "Orders/GetOrder",
                GetOrderRequest.newBuilder()
                        .setOrderId(placed.getId())
                        .addExpand(OrderPart.ORDER_PART_USER)
                        .build(),
                Order.getDefaultInstance());

        assertThat(placed.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CONFIRMED);
        assertThat(placed.getTotal().getAmount())
                .isEqualTo(2 * product.getPrice().getAmount());
        assertThat(replayed).isEqualTo(placed);
        assertThat(first).isEqualTo("ORDER_PLACED");
        assertThat(second).isEqualTo("ORDER_CONFIRMED");
        assertThat(last.getType()).isEqualTo("ORDER_CANCELLED");
        assertThat(last.getData().getTotal()).isEqualTo(placed.getTotal());
        assertThat(events.hasNext()).isFalse();
        assertThat(read.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CANCELLED);
        assertThat(read.getUser().getName()).isEqualTo("Dunyazad");
    }

    @Override
    public void close() {
        shop.shutdownNow();
    }

    private Channel customer() {
        String email = "g-" + UUID.randomUUID() + "@example.com";
        String password = "correct horse " + UUID.randomUUID();
        call(
                shop,
                "Users/Register",
                RegisterRequest.newBuilder()
                        .setName("Dunyazad")
                        .setEmail(email)
                        .setPassword(password)
                        .build(),
                User.getDefaultInstance());
        Token token = call(
                shop,
                "Users/CreateToken",
                CreateTokenRequest.newBuilder()
                        .setEmail(email)
                        .setPassword(password)
                        .build(),
                Token.getDefaultInstance());
        Metadata metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token.getAccessToken());
        return ClientInterceptors.intercept(shop, MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    private static <T extends Message> T call(Channel channel, String name, Message request, T reply) {
        return ClientCalls.blockingUnaryCall(
                channel, method(name, MethodType.UNARY, request, reply), patience(), request);
    }

    private static CallOptions patience() {
        return CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static <T extends Message> MethodDescriptor<Message, T> method(
            String name, MethodType type, Message request, T reply) {
        return MethodDescriptor.<Message, T>newBuilder()
                .setType(type)
                .setFullMethodName("souk.v1." + name)
                .setRequestMarshaller(ProtoUtils.<Message>marshaller(request.getDefaultInstanceForType()))
                .setResponseMarshaller(ProtoUtils.marshaller(reply))
                .build();
    }
}
