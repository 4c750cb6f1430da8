package dev.souk.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeadDeadlineTest {
    private static final String WHOLE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String BODY = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";

    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    private int cuts;

    @BeforeEach
    void connect() {
        channel.freezeTime();
        new HeadDeadline(Duration.ofSeconds(10), () -> cuts++).watch(channel.pipeline());
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void silenceIsCutOff() {
        pass(9);
        assertThat(cuts).isZero();
        pass(1);
        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void aHeadThatDripsIsCutOffAllTheSame() {
        say("GET / HTTP/1.1\r\nName: ");
        drip(9);
        assertThat(cuts).isZero();
        drip(1);
        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void aWholeHeadMayRestAfterwards() {
        say(WHOLE);
        pass(100);

        assertThat(cuts).isZero();
    }

    @Test
    void aSecondHeadHasAsLongAsTheFirst() {
        say(WHOLE);
        pass(100);
        say("G");
        drip(9);
        assertThat(cuts).isZero();
        drip(1);
        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void aHeadInPiecesIsFineInTime() {
        say("GET / HTT");
        pass(9);
        say("P/1.1\r\nHost: x\r\n\r\n");
        pass(100);

        assertThat(cuts).isZero();
    }

    @Test
    void aBodyIsNoHead() {
        say(BODY);
        drip(99);

        assertThat(cuts).isZero();
    }

    @Test
    void whatComesBehindABodyIsAHeadAgain() {
        say(BODY + "a".repeat(100));
        say("G");
        drip(10);

        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void whatIsNotReadIsNotLate() {
        say(WHOLE + "GET");
        say(" ");
        channel.config().setAutoRead(false);
        pass(10);
        assertThat(cuts).isZero();

        channel.config().setAutoRead(true);
        pass(10);
        assertThat(cuts).isEqualTo(1);
    }

    @Test
    void whoIsGoneIsNotCutOff() {
        channel.close();
        pass(100);

        assertThat(cuts).isZero();
    }

    /** A byte a second. */
    private void drip(int seconds) {
        for (int i = 0; i < seconds; i++) {
            say("a");
            pass(1);
        }
    }

    private void say(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
