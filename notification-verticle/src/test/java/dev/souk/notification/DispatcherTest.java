package dev.souk.notification;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.testing.Await;
import dev.souk.notification.Dispatcher.Claimed;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class DispatcherTest {
    private static final Duration RARELY = Duration.ofMinutes(5);
    private static final int MOST = 3;

    private final Table table = new Table();

    private static final class Table implements Dispatcher.Work<Integer> {
        private final Queue<Integer> due = new ConcurrentLinkedQueue<>();
        private final Queue<Promise<Void>> running = new ConcurrentLinkedQueue<>();
        private final AtomicInteger claims = new AtomicInteger();
        private volatile boolean down;

        @Override
        public Future<Claimed<Integer>> claim(int most) {
            claims.incrementAndGet();
            if (down) {
                throw new IllegalStateException("down");
            }
            List<Integer> rows = new ArrayList<>();
            while (rows.size() < most && !due.isEmpty()) {
                rows.add(due.remove());
            }
            return Future.succeededFuture(new Claimed<>(rows, false));
        }

        @Override
        public Future<Void> attempt(Integer row) {
            Promise<Void> done = Promise.promise();
            running.add(done);
            return done.future();
        }
    }

    @Test
    void worksOnSoManyAtOnceAndGoesOnWhenOneIsDone(Vertx vertx) {
        table.due.addAll(List.of(1, 2, 3, 4, 5));
        start(vertx, RARELY);
        Await.until("three run", () -> table.running.size() == MOST);

        vertx.runOnContext(go -> table.running.remove().fail("broken"));

        Await.until("the fourth has begun", () -> table.due.size() == 1 && table.running.size() == MOST);
    }

    @Test
    void looksAgainAfterAnOutage(Vertx vertx) {
        table.down = true;
        table.due.add(1);
        start(vertx, Duration.ofMillis(10));
        Await.until("it has looked in vain", () -> table.claims.get() > 2);

        table.down = false;

        Await.until("it runs", () -> table.running.size() == 1);
    }

    @Test
    void stopsWhenWhatRunsHasEnded(Vertx vertx) {
        table.due.addAll(List.of(1, 2, 3, 4));
        Dispatcher<Integer> dispatcher = start(vertx, RARELY);
        Await.until("three run", () -> table.running.size() == MOST);

        Future<Void> stopped = onLoop(vertx, dispatcher::stop);
        assertThat(stopped.isComplete()).isFalse();
        vertx.runOnContext(go -> table.running.forEach(Promise::complete));

        await(stopped);
        assertThat(table.due).hasSize(1);
    }

    private Dispatcher<Integer> start(Vertx vertx, Duration poll) {
        Dispatcher<Integer> dispatcher = new Dispatcher<>(vertx, "rows", MOST, table);
        vertx.runOnContext(go -> dispatcher.start(poll));
        return dispatcher;
    }

    private static <T> Future<T> onLoop(Vertx vertx, Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        vertx.runOnContext(go -> work.get().onComplete(promise));
        return promise.future();
    }
}
