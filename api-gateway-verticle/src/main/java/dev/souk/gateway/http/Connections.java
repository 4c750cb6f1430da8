package dev.souk.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is connected: not more than there is room for, and nobody for long who asks nothing. Vert.x's idle timeout takes care
 * of those who are silent, but begins anew with every byte; here busy ones that come to no end are cut off too. On one
 * event loop.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private static final AttributeKey<Boolean> ENDED = AttributeKey.valueOf("dev.souk.gateway.ended");

    private final ConnectionConfig config;
    private final ClientAddresses clients;
    private final Map<String, Integer> ofAddress = new HashMap<>();
    private int open;

    Connections(ConnectionConfig config, ClientAddresses clients) {
        this.config = config;
        this.clients = clients;
    }

    /** Takes a connection in, or closes it. */
    void opened(HttpConnection connection) {
        String client = clients.of(connection).map(Client::network).orElse("");
        if (open >= config.most() || ofAddress.getOrDefault(client, 0) >= config.mostOfAddress()) {
            LOG.debug("a connection of {} is one too many", client);
            cut(connection);
            return;
        }
        enter(client);
        connection.closeHandler(gone -> leave(client));
        watch(connection);
    }

    /** What still comes on it is not served: it is about to be closed, and nobody knows where in what was sent the next request begins. */
    static void end(HttpConnection connection) {
        context(connection).channel().attr(ENDED).set(true);
    }

    static boolean isEnded(HttpConnection connection) {
        return context(connection).channel().hasAttr(ENDED);
    }

    /** Closes at once: the ordinary way waits until what was written has got through, which a bad client can put off. */
    static void cut(HttpConnection connection) {
        context(connection).close();
    }

    private void enter(String client) {
        open++;
        if (!client.isEmpty()) {
            ofAddress.merge(client, 1, Integer::sum);
        }
    }

    private void leave(String client) {
        open--;
        ofAddress.computeIfPresent(client, (address, count) -> count == 1 ? null : count - 1);
    }

    private void watch(HttpConnection connection) {
        ChannelHandlerContext context = context(connection);
        Runnable cut = () -> {
            LOG.debug("a connection of {} is cut: nothing whole came in time", connection.remoteAddress());
            cut(connection);
        };
        if (context.pipeline().get(HttpRequestDecoder.class) != null) {
            new HeadDeadline(config.headDeadline(), cut).watch(context.pipeline());
        } else {
            new StreamDeadline(
                            context.pipeline().get(Http2ConnectionHandler.class).connection(), cut)
                    .watch(context.channel(), config.headDeadline());
        }
    }

    private static ChannelHandlerContext context(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext();
    }
}
