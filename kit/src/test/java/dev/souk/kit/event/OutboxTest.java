package dev.souk.kit.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.bus.Bus;
import dev.souk.kit.testing.ServiceFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutboxTest {
    @Test
    void oneThatWasNeverStartedStopsNothingButItself() {
        Vertx vertx = Vertx.vertx();
        long others = vertx.setTimer(Duration.ofHours(1).toMillis(), fired -> {});

        ServiceFixture.await(outbox(vertx).stop());

        assertThat(others).as("the first timer's number").isZero();
        assertThat(vertx.cancelTimer(others)).as("the timer still runs").isTrue();
        ServiceFixture.await(vertx.close());
    }

    /** The commit has happened: whoever made it must not take this for its failure. */
    @Test
    void wakesInVainWhenTheBusIsClosed() {
        Vertx vertx = Vertx.vertx();
        Outbox outbox = outbox(vertx);
        ServiceFixture.await(vertx.close());

        Future<String> committed = Future.succeededFuture("committed").map(done -> {
            outbox.wake();
            return done;
        });

        assertThat(ServiceFixture.await(committed)).isEqualTo("committed");
    }

    private static Outbox outbox(Vertx vertx) {
        return new Outbox(
                vertx,
                null,
                new Bus(vertx, null, "here"),
                new EventSettings(Duration.ofMillis(50), 8, Duration.ofHours(1)),
                "market",
                "one",
                new Outbox.History("deal_event", "deal_id"),
                new Routes(Map.of()),
                new SimpleMeterRegistry(),
                new Random(1));
    }
}
