package dev.souk.gateway.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.souk.contracts.Fault;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.server.GrpcServerRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.zip.GZIPInputStream;

/** The one message that a call brings. It is held back until it is read, and no more of it is read than is allowed. */
final class CallMessage {
    static final int MAX_BYTES = 64 * 1024;

    private final GrpcServerRequest<Buffer, Buffer> request;
    private final Promise<GrpcMessage> whole = Promise.promise();
    private GrpcMessage first;

    CallMessage(GrpcServerRequest<Buffer, Buffer> request) {
        this.request = request;
        request.pause();
        request.messageHandler(this::came);
        request.endHandler(end -> ended());
        request.invalidMessageHandler(invalid -> whole.tryFail(tooLarge()));
    }

    /** Fails with {@code INVALID_REQUEST} or a refusal if it is not such a message, or does not come in time. */
    <T extends Message> Future<T> read(Vertx vertx, Duration limit, T prototype) {
        long timer = vertx.setTimer(
                limit.toMillis(), late -> whole.tryFail(Fault.invalid("", "did not come to its end in time")));
        request.resume();
        return whole.future().onComplete(done -> vertx.cancelTimer(timer)).map(message -> parse(message, prototype));
    }

    /** Nothing more will come. */
    void abandon() {
        whole.tryFail(Fault.invalid("", "was broken off"));
    }

    private void came(GrpcMessage message) {
        if (first != null) {
            whole.tryFail(Fault.invalid("", "must be one message"));
        }
        first = message;
    }

    private void ended() {
        if (first == null) {
            whole.tryFail(Fault.invalid("", "is missing"));
        } else {
            whole.tryComplete(first);
        }
    }

    private static <T extends Message> T parse(GrpcMessage message, T prototype) {
        try {
            @SuppressWarnings("unchecked") // A message's parser makes its like.
            T parsed = (T) prototype.getParserForType().parseFrom(content(message));
            return parsed;
        } catch (InvalidProtocolBufferException e) {
            throw Fault.invalid("", "is not a message of this method");
        }
    }

    private static byte[] content(GrpcMessage message) {
        return switch (message.encoding()) {
            case "identity" -> message.payload().getBytes();
            case "gzip" -> inflated(message.payload().getBytes());
            default ->
                throw Problem.of("unsupported-media-type", "Send messages as they are, or as gzip.")
                        .refusal();
        };
    }

    /** A small message can stand for a very large one. */
    private static byte[] inflated(byte[] deflated) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(deflated))) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw tooLarge();
            }
            return content;
        } catch (IOException e) {
            throw Fault.invalid("", "is not gzip");
        }
    }

    private static Refusal tooLarge() {
        return Problem.of("payload-too-large", "A message may have " + MAX_BYTES / 1024 + " KiB at most.")
                .refusal();
    }
}
