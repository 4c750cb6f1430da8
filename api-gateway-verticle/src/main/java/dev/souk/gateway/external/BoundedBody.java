package dev.souk.gateway.external;

import dev.souk.contracts.Fault;
import dev.souk.gateway.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.streams.ReadStream;
import java.util.Optional;

/** The body of a client's request on its way out: no more of it than is allowed, and a word when it has all been read. */
final class BoundedBody implements ReadStream<Buffer> {
    private final HttpServerRequest request;
    private final long most;
    private final Runnable whole;
    private final Handler<Throwable> broken;
    private long read;
    private boolean ended;
    private Optional<Throwable> failure = Optional.empty();
    private Handler<Throwable> reader = broke -> {};

    /**
     * @param whole is told once, when all of it has been read
     * @param broken is told why it ends before its end, which is always the client's doing
     */
    BoundedBody(HttpServerRequest request, long most, Runnable whole, Handler<Throwable> broken) {
        this.request = request;
        this.most = most;
        this.whole = whole;
        this.broken = broken;
    }

    /** What a body that is too large is refused with. */
    static RuntimeException tooLarge(long most) {
        return Problem.of("payload-too-large", "A body for this service may have " + most + " bytes at most.")
                .refusal();
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(Handler<Throwable> handler) {
        reader = handler == null ? broke -> {} : handler;
        request.exceptionHandler(
                handler == null ? null : broke -> fail(Fault.invalid("", "could not be read to its end")));
        return this;
    }

    @Override
    public ReadStream<Buffer> handler(Handler<Buffer> handler) {
        request.handler(handler == null ? null : part -> take(part, handler));
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(Handler<Void> handler) {
        request.endHandler(
                handler == null
                        ? null
                        : end -> {
                            ended = true;
                            handler.handle(end);
                            whole.run();
                        });
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        request.pause();
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        request.resume();
        return this;
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        request.fetch(amount);
        return this;
    }

    /** Why it ended before its end, if it did. */
    Optional<Throwable> failure() {
        return failure;
    }

    /** Gives it up, because it has taken too long. */
    void giveUp() {
        fail(Fault.invalid("", "took too long to arrive"));
    }

    private void take(Buffer part, Handler<Buffer> handler) {
        read += part.length();
        if (read > most) {
            fail(tooLarge(most));
        } else {
            handler.handle(part);
        }
    }

    private void fail(Throwable cause) {
        if (!ended) {
            ended = true;
            failure = Optional.of(cause);
            request.pause();
            // Whoever answers the client reads the rest: by then nobody else must.
            reader.handle(cause);
            broken.handle(cause);
        }
    }
}
