package dev.souk.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How long the head of a request may take over HTTP/1: from its first byte to its last, however busily bytes come in
 * between. The first one counts from the beginning of the connection.
 */
final class HeadDeadline {
    private final Duration limit;
    private final Runnable cut;
    private Part awaited = Part.HEAD;
    private Future<?> running;

    private enum Part {
        HEAD,
        BODY,
        NEXT
    }

    HeadDeadline(Duration limit, Runnable cut) {
        this.limit = limit;
        this.cut = cut;
    }

    /** Looks on from both sides of the decoder. */
    void watch(ChannelPipeline pipeline) {
        String decoder = pipeline.context(HttpRequestDecoder.class).name();
        pipeline.addBefore(decoder, null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                awaited = awaited == Part.NEXT ? Part.HEAD : awaited;
                context.fireChannelRead(bytes);
                // One that came whole has been passed on by now, and needs no clock.
                if (awaited == Part.HEAD && running == null) {
                    begin(context.channel());
                }
            }

            @Override
            public void channelInactive(ChannelHandlerContext context) {
                end();
                context.fireChannelInactive();
            }
        });
        pipeline.addAfter(decoder, null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                decoded(message);
                context.fireChannelRead(message);
            }
        });
        begin(pipeline.channel());
    }

    private void decoded(Object message) {
        if (message instanceof HttpRequest) {
            awaited = Part.BODY;
            end();
        }
        if (message instanceof LastHttpContent) {
            awaited = Part.NEXT;
        }
    }

    private void begin(Channel channel) {
        running = channel.eventLoop().schedule(() -> passed(channel), limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The rest may lie in wait because it is not read: earlier requests are still being answered. */
    private void passed(Channel channel) {
        if (channel.config().isAutoRead()) {
            cut.run();
        } else {
            begin(channel);
        }
    }

    private void end() {
        if (running != null) {
            running.cancel(false);
            running = null;
        }
    }
}
