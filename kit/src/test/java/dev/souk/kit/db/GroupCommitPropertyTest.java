package dev.souk.kit.db;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

/**
 * What group commit promises, kept in many random rounds: with items that poison their batch, keys that come twice,
 * deadlines that pass, and a table that loses its answers before or after it has stored a batch.
 */
@ExtendWith(VertxExtension.class)
class GroupCommitPropertyTest {
    private static final int ROUNDS = 300;
    private static final int ITEMS = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration TOLERANCE = Duration.ofSeconds(3);
    private static final Fault AWAY = Fault.of(Fault.Code.UNAVAILABLE, "the answer was lost");
    /** Callers fail on purpose here. */
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(GroupCommit.class);

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    private record Item(int number, String key, boolean poisoned, boolean hasty, Deadline deadline) {}

    /** @param outcome null if it failed */
    private record Answer(Item item, String outcome, Throwable failure, long at) {}

    @Test
    void everyRoundKeepsEveryPromise(Vertx vertx) {
        long seed = Long.getLong("souk.seed", System.nanoTime());
        List<Round> rounds = IntStream.range(0, ROUNDS)
                .mapToObj(number -> new Round(vertx, seed + number))
                .toList();

        ServiceFixture.await(Future.join(rounds.stream().map(Round::run).toList()));

        rounds.forEach(Round::check);
    }

    /** One group commit over one table, on an event loop of its own. */
    private static final class Round {
        private final Vertx vertx;
        private final Context context;
        private final long seed;
        private final Random random;
        private final Map<String, String> table = new LinkedHashMap<>();
        private final Map<String, Integer> stored = new HashMap<>();
        private final Set<Item> attempted = new HashSet<>();
        private final List<Item> attemptedLate = new ArrayList<>();
        private final List<Answer> answers = new ArrayList<>();
        private final GroupCommit<Item, String> group;
        private int troubles;
        private int running;
        private int mostRunning;

        Round(Vertx vertx, long seed) {
            this.vertx = vertx;
            this.context = vertx.getOrCreateContext();
            this.seed = seed;
            this.random = new Random(seed);
            this.troubles = random.nextInt(6);
            this.group = new GroupCommit<>(
                    vertx, 1 + random.nextInt(12), 1_000, Duration.ofMillis(random.nextInt(3)), this::transaction);
        }

        Future<Void> run() {
            Promise<Void> done = Promise.promise();
            context.runOnContext(begun -> submitAll().onComplete(done));
            return done.future();
        }

        private Future<Void> submitAll() {
            Future<Void> before = Future.succeededFuture();
            List<Future<Void>> asked = new ArrayList<>();
            for (int number = 0; number < ITEMS; number++) {
                int next = number;
                before = before.compose(waited -> {
                    asked.add(submit(item(next)));
                    return random.nextInt(4) == 0 ? soon() : Future.succeededFuture();
                });
            }
            return before.compose(all -> Future.join(asked)).mapEmpty();
        }

        private Item item(int number) {
            boolean doubled = random.nextInt(8) == 0;
            String key = doubled ? "double-" + random.nextInt(2) : "key-" + number;
            boolean hasty = random.nextInt(6) == 0;
            Duration limit = hasty ? Duration.ofMillis(random.nextInt(60)) : PATIENCE;
            return new Item(number, key, !doubled && random.nextInt(12) == 0, hasty, Deadline.in(limit));
        }

        private Future<Void> submit(Item item) {
            Promise<Void> answered = Promise.promise();
            boolean stumbles = random.nextInt(10) == 0;
            Future<String> outcome = group.submit(item, item.deadline());
            boolean toldLater = !outcome.isComplete();
            outcome.onComplete(told -> {
                answers.add(new Answer(item, told.result(), told.cause(), System.nanoTime()));
                answered.complete();
                if (stumbles && toldLater) {
                    throw new IllegalStateException("a caller that stumbles");
                }
            });
            return answered.future();
        }

        private Future<List<String>> transaction(List<Item> batch) {
            mostRunning = Math.max(mostRunning, ++running);
            long now = System.nanoTime();
            for (Item item : batch) {
                if (attempted.add(item) && now - item.deadline().nanoTime() > TOLERANCE.toNanos()) {
                    attemptedLate.add(item);
                }
            }
            int trouble = troubles > 0 ? random.nextInt(6) : 5;
            if (trouble < 5 && random.nextBoolean()) {
                troubles--;
            }
            if (trouble == 0) {
                running--;
                throw new IllegalStateException("the work throws");
            }
            return soon().compose(waited -> commit(batch, trouble)).onComplete(ended -> running--);
        }

        private Future<List<String>> commit(List<Item> batch, int trouble) {
            if (trouble == 1) {
                return Future.failedFuture(AWAY);
            }
            if (batch.stream().anyMatch(Item::poisoned)) {
                return Future.failedFuture(
                        random.nextBoolean()
                                ? Fault.of(Fault.Code.INVALID_REQUEST, "poison")
                                : Fault.notFound("poison"));
            }
            List<String> outcomes = batch.stream().map(this::store).toList();
            return switch (trouble) {
                case 2 -> Future.failedFuture(AWAY);
                case 3 -> Future.succeededFuture(outcomes.subList(0, outcomes.size() - 1));
                default -> Future.succeededFuture(outcomes);
            };
        }

        private String store(Item item) {
            return table.computeIfAbsent(item.key(), key -> {
                stored.merge(key, 1, Integer::sum);
                return "outcome of " + key;
            });
        }

        private Future<Void> soon() {
            return vertx.timer(1 + random.nextInt(3)).mapEmpty();
        }

        private void check() {
            assertThat(answers).as("answers, with seed %d", seed).hasSize(ITEMS);
            answers.forEach(this::check);
            assertThat(mostRunning)
                    .as("transactions at once, with seed %d", seed)
                    .isEqualTo(1);
            assertThat(attemptedLate)
                    .as("items begun after their deadline, with seed %d", seed)
                    .isEmpty();
            assertThat(stored.values())
                    .as("how often each is stored, with seed %d", seed)
                    .allMatch(once -> once == 1);
            assertThat(table.keySet().stream()
                            .filter(key -> key.startsWith("key-"))
                            .map(key -> Integer.valueOf(key.substring("key-".length()))))
                    .as("the order in which items are stored, with seed %d", seed)
                    .isSortedAccordingTo(Comparator.naturalOrder());
        }

        private void check(Answer answer) {
            Item item = answer.item();
            String what = "%s with seed %d: %s".formatted(item, seed, answer);
            boolean isStored = table.containsKey(item.key());
            if (answer.failure() == null) {
                assertThat(answer.outcome()).as(what).isEqualTo("outcome of " + item.key());
                assertThat(isStored).as(what).isTrue();
                assertThat(item.poisoned()).as(what).isFalse();
            } else if (codeOf(answer.failure()) == Fault.Code.OVERLOADED) {
                assertThat(item.hasty()).as(what).isTrue();
                assertThat(attempted).as(what).doesNotContain(item);
            } else if (codeOf(answer.failure()) == Fault.Code.UNAVAILABLE) {
                assertThat(item.hasty()).as(what).isTrue();
            } else {
                // What throws or miscounts once is run again in halves, until it does not or nothing is left to halve.
                boolean broken = answer.failure() instanceof IllegalStateException;
                assertThat(item.poisoned() || broken).as(what).isTrue();
                assertThat(isStored && item.poisoned()).as(what).isFalse();
            }
            if (item.hasty()) {
                assertThat(Duration.ofNanos(answer.at() - item.deadline().nanoTime()))
                        .as(what)
                        .isLessThan(TOLERANCE);
            }
        }

        private static Fault.Code codeOf(Throwable failure) {
            return failure instanceof Fault fault ? fault.code() : null;
        }
    }
}
