package dev.souk.gateway.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long a connection may be without a request over HTTP/2, whatever frames come in between: until the head's deadline for
 * the first one, then as long as an idle connection may last. A head that never ends is no request.
 */
final class StreamDeadline {
    private final Http2Connection connection;
    private final Runnable cut;
    private int lastSeen;
    private Future<?> running;

    StreamDeadline(Http2Connection connection, Runnable cut) {
        this.connection = connection;
        this.cut = cut;
    }

    void watch(Channel channel, Duration first) {
        lookAfter(first, channel);
        channel.closeFuture().addListener(closed -> running.cancel(false));
    }

    private void lookAfter(Duration pause, Channel channel) {
        running = channel.eventLoop().schedule(() -> look(channel), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look(Channel channel) {
        int last = connection.remote().lastStreamCreated();
        if (connection.numActiveStreams() == 0 && last == lastSeen) {
            cut.run();
        } else {
            lastSeen = last;
            lookAfter(GatewayServer.IDLE_LIMIT, channel);
        }
    }
}
