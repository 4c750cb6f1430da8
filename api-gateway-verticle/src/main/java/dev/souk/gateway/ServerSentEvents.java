package dev.souk.gateway;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders.Entry;
import dev.souk.gateway.stream.Follower;
import dev.souk.kit.bus.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** An order's events as server-sent events (as the HTML standard has them). */
final class ServerSentEvents implements Follower {
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");

    private final HttpServerResponse response;

    ServerSentEvents(HttpServerResponse response) {
        this.response = response;
    }

    @Override
    public void onGone(Runnable gone) {
        response.closeHandler(closed -> gone.run()).exceptionHandler(broken -> gone.run());
    }

    @Override
    public boolean isBehind() {
        return response.writeQueueFull();
    }

    @Override
    public Future<Void> beat() {
        return response.write(HEARTBEAT);
    }

    @Override
    public Future<Void> tell(List<Entry> entries) {
        Buffer events = Buffer.buffer();
        entries.forEach(entry -> append(events, entry));
        return response.write(events);
    }

    @Override
    public Future<Void> end() {
        return response.end();
    }

    /** A browser comes back by itself with the last event it has, and is told why if there is still a reason. */
    @Override
    public Future<Void> fail(Fault reason) {
        return response.end();
    }

    @Override
    public void cut() {
        response.reset().otherwiseEmpty();
    }

    /** JSON as it is written here has no line breaks. */
    private static void append(Buffer events, Entry entry) {
        events.appendString("id: " + entry.seq() + "\nevent: " + entry.type() + "\ndata: ")
                .appendBuffer(WireFormat.encode(entry))
                .appendString("\n\n");
    }
}
