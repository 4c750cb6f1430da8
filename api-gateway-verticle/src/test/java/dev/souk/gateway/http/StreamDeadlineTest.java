package dev.souk.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamDeadlineTest {
    private static final int IDLE = (int) GatewayServer.IDLE_LIMIT.toSeconds();

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Http2Connection connection = new DefaultHttp2Connection(true);
    private int cuts;

    @BeforeEach
    void connect() {
        channel.freezeTime();
        new StreamDeadline(connection, () -> cuts++).watch(channel, Duration.ofSeconds(10));
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void whoAsksNothingIsCutOff() {
        pass(9);
        assertThat(cuts).isZero();
        pass(1);
        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void whoIsBeingAnsweredIsNot() throws Http2Exception {
        connection.remote().createStream(1, false);
        pass(10);
        pass(IDLE);
        pass(IDLE);

        assertThat(cuts).isZero();
    }

    @Test
    void whoAskedLongAgoIs() throws Http2Exception {
        Http2Stream stream = connection.remote().createStream(1, false);
        pass(10);
        stream.close();
        pass(IDLE);

        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void whoAsksNowAndThenIsNot() throws Http2Exception {
        for (int id = 1; id < 20; id += 2) {
            connection.remote().createStream(id, false).close();
            pass(IDLE);
        }

        assertThat(cuts).isZero();
    }

    @Test
    void whoIsGoneIsNotCutOff() {
        channel.close();
        pass(100);

        assertThat(cuts).isZero();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
