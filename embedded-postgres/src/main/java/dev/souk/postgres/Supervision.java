package dev.souk.postgres;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a server and starts it again on its port whenever it dies without having been asked to, until this or the
 * {@link EmbeddedPostgres} is closed. A death is noticed within 0.1 s. A restart that fails is tried again, for 5 minutes, after
 * which the supervision gives up and ends.
 */
public final class Supervision implements AutoCloseable {

    /** What the supervision saw or did; told on its own thread, which must not be held up for long. */
    public sealed interface Event {}

    /** The server's process is gone. */
    public record Died(long pid) implements Event {}

    /** The server takes connections again. */
    public record Restarted(long pid, Duration outage) implements Event {}

    /** The server could not be started again; nobody watches it any more. */
    public record GaveUp(String reason) implements Event {}

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration SHORT_LIFE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Logger LOG = LoggerFactory.getLogger(Supervision.class);

    private final EmbeddedPostgres postgres;
    private final Consumer<Event> listener;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private Supervision(EmbeddedPostgres postgres, Consumer<Event> listener) {
        this.postgres = postgres;
        this.listener = listener;
    }

    static Supervision of(EmbeddedPostgres postgres, Consumer<Event> listener) {
        Supervision supervision = new Supervision(postgres, listener);
        Thread.ofPlatform().daemon().name("postgres-supervision").start(supervision::watch);
        return supervision;
    }

    /** Stops watching; the server runs on. Returns at once, even when a restart is under way. */
    @Override
    public void close() {
        stopped.countDown();
    }

    private void watch() {
        try {
            long born = System.nanoTime() - SHORT_LIFE.toNanos();
            while (survivesUntilItDies()) {
                long died = System.nanoTime();
                LOG.error("PostgreSQL (pid {}) died: starting it again", postgres.pid());
                tell(new Died(postgres.pid()));
                // A server that dies as soon as it runs must not be started in a tight circle.
                boolean shortLife = died - born < SHORT_LIFE.toNanos();
                if (!restart(died, shortLife ? Duration.ofSeconds(1) : Duration.ZERO)) {
                    return;
                }
                born = System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns true once the server is dead, false when it need not be watched any longer. */
    private boolean survivesUntilItDies() throws InterruptedException {
        while (postgres.alive()) {
            if (pause(POLL)) {
                return false;
            }
        }
        return stopped.getCount() > 0;
    }

    private boolean restart(long died, Duration first) throws InterruptedException {
        Duration pause = first;
        for (int attempt = 1; !pause(pause); attempt++) {
            try {
                postgres.ensureRunning();
                Duration outage = Duration.ofNanos(System.nanoTime() - died);
                LOG.info("PostgreSQL (pid {}) runs again after {} ms", postgres.pid(), outage.toMillis());
                tell(new Restarted(postgres.pid(), outage));
                return true;
            } catch (IllegalStateException closed) {
                return false;
            } catch (RuntimeException e) {
                LOG.warn("Attempt {} to start PostgreSQL again failed: {}", attempt, e.getMessage());
                if (System.nanoTime() - died > PATIENCE.toNanos()) {
                    LOG.error("PostgreSQL is not started again any more: {}", e.getMessage());
                    tell(new GaveUp(e.getMessage()));
                    return false;
                }
                pause = longer(pause);
            }
        }
        return false;
    }

    private static Duration longer(Duration pause) {
        Duration doubled = pause.isZero() ? Duration.ofMillis(50) : pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Waits, and returns whether it was stopped meanwhile. */
    private boolean pause(Duration time) throws InterruptedException {
        return stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void tell(Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.error("A listener failed on {}", event, e);
        }
    }
}
