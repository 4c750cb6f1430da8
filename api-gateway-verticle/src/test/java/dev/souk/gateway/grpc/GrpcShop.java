package dev.souk.gateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** A stock gRPC client of the gateway, with a connection of its own. */
public final class GrpcShop implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** What a call was refused with. */
    public record Refusal(Status.Code status, String message, com.google.rpc.Status details, Metadata metadata) {
        /** The detail of a kind. */
        public <T extends Message> T detail(Class<T> type) {
            return details.getDetailsList().stream()
                    .filter(any -> any.is(type))
                    .map(any -> unpacked(any, type))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + type + " in " + details));
        }

        public String reason() {
            return detail(ErrorInfo.class).getReason();
        }

        private static <T extends Message> T unpacked(Any any, Class<T> type) {
            try {
                return any.unpack(type);
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final ManagedChannel channel;
    private final Metadata metadata;
    private final CallOptions options;
    private final AtomicReference<Metadata> headers = new AtomicReference<>();
    private final AtomicReference<Metadata> trailers = new AtomicReference<>();

    private GrpcShop(ManagedChannel channel, Metadata metadata, CallOptions options) {
        this.channel = channel;
        this.metadata = metadata;
        this.options = options;
    }

    public static GrpcShop on(int port) {
        return new GrpcShop(
                Grpc.newChannelBuilderForAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                        .build(),
                new Metadata(),
                CallOptions.DEFAULT);
    }

    /** The same client, on the same connection, with more metadata. */
    public GrpcShop with(String name, String value) {
        Metadata more = new Metadata();
        more.merge(metadata);
        more.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return new GrpcShop(channel, more, options);
    }

    public GrpcShop as(String token) {
        return with("authorization", "Bearer " + token);
    }

    /** The same client that tells the server how long it waits. */
    public GrpcShop within(Duration limit) {
        return new GrpcShop(channel, metadata, options.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** The same client that sends messages compressed. */
    public GrpcShop compressing() {
        return new GrpcShop(channel, metadata, options.withCompression("gzip"));
    }

    /** @param method such as {@code Orders/GetOrder} */
    public <T extends Message> T call(String method, Message request, T reply) {
        return ClientCalls.blockingUnaryCall(
                channel(), descriptor(method, MethodType.UNARY, request, reply), limited(), request);
    }

    /** Begins a call whose replies are a stream. */
    public <T extends Message> Iterator<T> stream(String method, Message request, T reply) {
        return ClientCalls.blockingServerStreamingCall(
                channel(), descriptor(method, MethodType.SERVER_STREAMING, request, reply), options, request);
    }

    public Refusal refusal(String method, Message request, Message reply) {
        return refusal(() -> call(method, request, reply));
    }

    /** What a call is refused with; fails if it is not. */
    public static Refusal refusal(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return new Refusal(
                    e.getStatus().getCode(),
                    e.getStatus().getDescription(),
                    StatusProto.fromThrowable(e),
                    e.getTrailers());
        }
        throw new AssertionError("was not refused");
    }

    /** Metadata of the last reply of this very client. */
    public String header(String name) {
        return headers.get().get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    /** For calls of another form. */
    public Channel channel() {
        return ClientInterceptors.intercept(
                channel,
                MetadataUtils.newAttachHeadersInterceptor(metadata),
                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** No test waits for ever. */
    private CallOptions limited() {
        return options.getDeadline() == null ? options.withDeadlineAfter(LIMIT.toSeconds(), TimeUnit.SECONDS) : options;
    }

    private static <T extends Message> MethodDescriptor<Message, T> descriptor(
            String method, MethodType type, Message request, T reply) {
        return MethodDescriptor.<Message, T>newBuilder()
                .setType(type)
                .setFullMethodName("souk.v1." + method)
                .setRequestMarshaller(ProtoUtils.<Message>marshaller(request.getDefaultInstanceForType()))
                .setResponseMarshaller(ProtoUtils.marshaller(reply))
                .build();
    }
}
