package dev.souk.gateway.grpc;

import com.google.protobuf.Message;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.GrpcServerResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/** One call: what came and what goes back. Answering one that has ended, or whose client has gone, does nothing. */
final class GrpcCall {
    private static final String REQUEST_ID = "x-request-id";
    private static final Duration LONGEST = Duration.ofDays(1);

    private final GrpcServerRequest<Buffer, Buffer> request;
    private final GrpcServerResponse<Buffer, Buffer> response;
    private final String id;
    private final Optional<Deadline> deadline;
    private final CallMessage message;
    private Runnable onGone = () -> {};
    private boolean gone;
    private boolean over;

    GrpcCall(GrpcServerRequest<Buffer, Buffer> request, String id) {
        this.request = request;
        this.response = request.response();
        this.id = id;
        this.deadline = request.timeout() > 0
                ? Optional.of(Deadline.in(Duration.ofMillis(Math.min(request.timeout(), LONGEST.toMillis()))))
                : Optional.empty();
        this.message = new CallMessage(request);
        response.headers().set(REQUEST_ID, id);
        request.errorHandler(reset -> left()).exceptionHandler(broken -> left());
        response.exceptionHandler(broken -> left());
    }

    String id() {
        return id;
    }

    /** Whether nothing can be told any more. */
    boolean isOver() {
        return over;
    }

    MultiMap metadata() {
        return request.headers();
    }

    HttpConnection connection() {
        return request.connection();
    }

    /** For what is told over HTTP alone: how much more a client may ask. */
    MultiMap untold() {
        return MultiMap.caseInsensitiveMultiMap();
    }

    /** What the client said that it waits for, if it did. */
    Optional<Deadline> deadline() {
        return deadline;
    }

    <T extends Message> Future<T> message(Vertx vertx, Duration limit, T prototype) {
        return message.read(vertx, limit, prototype);
    }

    /** Metadata of the reply; only before it has begun. */
    void tell(String name, String value) {
        response.headers().set(name, value);
    }

    void onGone(Runnable action) {
        onGone = action;
        if (gone) {
            action.run();
        }
    }

    boolean isBehind() {
        return response.writeQueueFull();
    }

    /** Sends the metadata, before there is anything else to send. */
    Future<Void> begin() {
        return unlessOver(response::writeHead);
    }

    /** Shows that both sides are there. */
    Future<Void> ping() {
        return unlessOver(() ->
                        request.connection().ping(Buffer.buffer(Long.BYTES).appendLong(0)))
                .mapEmpty();
    }

    Future<Void> write(Message reply) {
        return unlessOver(() -> response.write(Buffer.buffer(reply.toByteArray())));
    }

    /** The reply and its good end. */
    Future<Void> reply(Message reply) {
        return lastly(() -> response.end(Buffer.buffer(reply.toByteArray())));
    }

    /** The good end of a stream. */
    Future<Void> end() {
        return lastly(response::end);
    }

    Future<Void> fail(GrpcProblem problem) {
        return lastly(() -> {
            response.trailers()
                    .set(
                            "grpc-status-details-bin",
                            Base64.getEncoder()
                                    .withoutPadding()
                                    .encodeToString(problem.details(id).toByteArray()));
            response.status(problem.status()).statusMessage(problem.problem().detail());
            return response.end();
        });
    }

    /** Nothing of this name is served. */
    void refuse() {
        lastly(() -> response.status(GrpcStatus.UNIMPLEMENTED)
                        .statusMessage("There is no such method.")
                        .end())
                .otherwiseEmpty();
    }

    /** Lets go of the client without a word. */
    void cut() {
        over = true;
        response.cancel();
    }

    private void left() {
        gone = true;
        over = true;
        message.abandon();
        onGone.run();
    }

    private Future<Void> lastly(Supplier<Future<Void>> write) {
        Future<Void> written = unlessOver(write);
        over = true;
        return written;
    }

    /** The library throws at writers that come too late. */
    private <T> Future<T> unlessOver(Supplier<Future<T>> write) {
        if (over) {
            return Future.failedFuture("the call has ended");
        }
        try {
            return write.get();
        } catch (IllegalStateException e) {
            return Future.failedFuture(e);
        }
    }
}
