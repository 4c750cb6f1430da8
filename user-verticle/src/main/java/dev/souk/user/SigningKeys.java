package dev.souk.user;

import dev.souk.contracts.Users.KeySet;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that access tokens are signed with: the same in every instance, and after every restart. Each instance looks
 * for new ones all the time, and makes the next one when that is due and no other instance was quicker. Used from one
 * event loop.
 */
final class SigningKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

    private final Vertx vertx;
    private final SigningKeyRepository stored;
    private final KeySchedule schedule;
    private final Clock clock;
    private KeyChain chain;
    private Deadline goodUntil = new Deadline(System.nanoTime());
    private Optional<Future<KeyChain>> looking = Optional.empty();

    private SigningKeys(Vertx vertx, SigningKeyRepository stored, KeySchedule schedule, Clock clock) {
        this.vertx = vertx;
        this.stored = stored;
        this.schedule = schedule;
        this.clock = clock;
    }

    /** The stored keys; the first instance of all makes one. */
    static Future<SigningKeys> open(Vertx vertx, SigningKeyRepository stored, KeySchedule schedule, Clock clock) {
        SigningKeys keys = new SigningKeys(vertx, stored, schedule, clock);
        return keys.look().map(read -> keys.start());
    }

    /** The keys, read so lately that no key signs that is missing here. Fails if they cannot be read. */
    Future<KeyChain> current() {
        return goodUntil.hasPassed() ? look() : Future.succeededFuture(chain);
    }

    /** What anyone checks tokens with. */
    Future<KeySet> published() {
        return current().map(keys -> keys.publishedAt(clock.instant()));
    }

    private SigningKeys start() {
        vertx.setPeriodic(
                schedule.lookEvery().toMillis(),
                id -> look().compose(this::makeNextIfDue)
                        .onFailure(failure -> LOG.debug("the signing keys could not be looked after", failure)));
        return this;
    }

    /** Whoever wants to know meanwhile waits for the same look. */
    private Future<KeyChain> look() {
        return looking.orElseGet(() -> {
            Deadline until = Deadline.in(schedule.goodFor());
            Future<KeyChain> look = stored.findAll()
                    .compose(this::orFirst)
                    .map(KeyChain::new)
                    .onSuccess(read -> {
                        chain = read;
                        goodUntil = until;
                    });
            looking = Optional.of(look);
            return look.onComplete(done -> looking = Optional.empty());
        });
    }

    /** There is none in a new shop, or where an operator has withdrawn them all. */
    private Future<List<SigningKey>> orFirst(List<SigningKey> found) {
        return found.isEmpty()
                ? vertx.executeBlocking(() -> SigningKey.generate(clock.instant()))
                        .compose(first -> stored.insertIfNone(first, clock.instant()))
                : Future.succeededFuture(found);
    }

    private Future<Void> makeNextIfDue(KeyChain keys) {
        return schedule.next(keys.newest(), clock.instant())
                .map(signsFrom -> vertx.executeBlocking(() -> SigningKey.generate(signsFrom))
                        .compose(next -> store(keys.newest(), next)))
                .orElseGet(Future::succeededFuture);
    }

    private Future<Void> store(SigningKey newest, SigningKey next) {
        return stored.follow(newest, schedule.publishedUntil(next.signsFrom()), next, clock.instant())
                .onSuccess(followed -> {
                    if (followed) {
                        LOG.info("from {} on, tokens are signed with the key {}", next.signsFrom(), next.kid());
                    }
                })
                .mapEmpty();
    }
}
