package dev.souk.gateway.token;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Users.KeySet;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.bus.Timers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The public keys of the user service, held here so that it is not asked for every request. They are asked for again
 * every few minutes and when a token names a key that is not known, but once they are had never more often than once a
 * second. Used from one event loop.
 */
public final class SigningKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);
    private static final Duration WITHOUT_KEYS_EVERY = Duration.ofMillis(200);
    private static final Duration AT_LEAST_EVERY = Duration.ofMinutes(5);

    private final Vertx vertx;
    private final Supplier<Future<KeySet>> source;
    private Optional<KeyRing> ring = Optional.empty();
    private Optional<Future<Void>> running = Optional.empty();
    private Deadline mayAskFrom = Deadline.in(Duration.ZERO);
    private Deadline mustAskFrom = Deadline.in(Duration.ZERO);
    private boolean failing;
    private long timer = Timers.NONE;

    /** @param source asks the user service for its keys */
    public SigningKeys(Vertx vertx, Supplier<Future<KeySet>> source) {
        this.vertx = vertx;
        this.source = source;
    }

    /** Begins to fetch the keys and to keep them fresh. */
    public void open() {
        timer = vertx.setPeriodic(0, WITHOUT_KEYS_EVERY.toMillis(), id -> {
            if (ring.isEmpty() || mustAskFrom.hasPassed()) {
                // A failure was logged; the next tick tries again.
                refresh().otherwiseEmpty();
            }
        });
    }

    public void close() {
        vertx.cancelTimer(timer);
    }

    /** Succeeds once the keys were had, whatever became of the user service since. */
    public Future<Void> loaded() {
        return ring.isPresent() ? Future.succeededFuture() : Future.failedFuture("the keys were not had yet");
    }

    Optional<KeyRing> current() {
        return ring;
    }

    /**
     * The keys, asked for again if they do not hold this one. They may not hold it then either, if it is none: a key is
     * published for longer than this goes without asking before it signs anything. Fails with {@code UNAVAILABLE} if they
     * cannot be asked for.
     */
    Future<KeyRing> including(String keyId) {
        return ring.filter(keys -> keys.has(keyId))
                .map(Future::succeededFuture)
                .orElseGet(() -> refresh().transform(asked -> known(keyId)));
    }

    /** Where the user service did not answer, a key that is not known may be one that is new. */
    private Future<KeyRing> known(String keyId) {
        return ring.filter(keys -> !failing || keys.has(keyId))
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(unavailable()));
    }

    private Future<Void> refresh() {
        if (running.isEmpty() && mayAskFrom.hasPassed()) {
            mayAskFrom = Deadline.in(ring.isEmpty() ? WITHOUT_KEYS_EVERY : AT_MOST_EVERY);
            // Counted from the question: whatever was published before it is in the answer.
            Deadline next = Deadline.in(AT_MOST_EVERY);
            Future<Void> asking = source.get().map(keys -> replace(keys, next));
            running = Optional.of(asking);
            asking.onFailure(this::complain).onComplete(asked -> running = Optional.empty());
            return asking;
        }
        return running.orElseGet(Future::succeededFuture);
    }

    private Void replace(KeySet keys, Deadline next) {
        failing = false;
        mayAskFrom = next;
        mustAskFrom = Deadline.in(AT_LEAST_EVERY);
        if (ring.filter(current -> current.isOf(keys)).isEmpty()) {
            ring = KeyRing.of(vertx, keys).or(() -> ring);
        }
        return null;
    }

    /** Once, not at every attempt; and at a start it is only a matter of who is quicker. */
    private void complain(Throwable failure) {
        if (!failing) {
            LOG.atLevel(ring.isEmpty() ? Level.INFO : Level.WARN)
                    .log("the keys of the user service cannot be had: {}", failure.getMessage());
        }
        failing = true;
    }

    private static Fault unavailable() {
        return Fault.of(Fault.Code.UNAVAILABLE, "The keys of the user service cannot be had.");
    }
}
