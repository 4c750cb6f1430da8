package dev.souk.kit.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BulkheadTest {
    private final Bulkhead bulkhead = Bulkhead.inTurn("tests", 2, 2);
    private final List<Promise<String>> started = new ArrayList<>();

    @Test
    void runsSoManyAtOnceAndTheOthersInTheirTurn() {
        List<Future<String>> all = List.of(begin(), begin(), begin(), begin());

        assertThat(started).hasSize(2);
        started.get(1).complete("second");
        assertThat(started).hasSize(3);
        started.get(0).fail("first");
        assertThat(started).hasSize(4);
        started.get(2).complete("third");
        started.get(3).complete("fourth");

        assertThat(all.get(0).failed()).isTrue();
        assertThat(all.subList(1, 4)).extracting(Future::result).containsExactly("second", "third", "fourth");
    }

    @Test
    void refusesWhatDoesNotFitIntoTheLine() {
        begin();
        begin();
        begin();
        begin();

        assertThat(refusal(begin())).isEqualTo(Fault.Code.OVERLOADED);
    }

    @Test
    void dropsWhatNobodyWaitsForAnyMore() {
        begin();
        begin();
        Future<String> late = bulkhead.run(new Deadline(System.nanoTime() - 1), this::work);
        Future<String> next = begin();

        started.getFirst().complete("done");
        started.getLast().complete("next");

        assertThat(refusal(late)).isEqualTo(Fault.Code.OVERLOADED);
        assertThat(next.result()).isEqualTo("next");
    }

    @Test
    void theNewestGoesFirstAndWhoeverCameTogetherWithItStillHasATurn() {
        Bulkhead newestFirst = Bulkhead.newestFirst("tests", new AdaptiveLimit(1, 1, 0), 2, Duration.ofMinutes(1));
        Future<String> first = newestFirst.run(soon(), this::work);
        Future<String> second = newestFirst.run(soon(), this::work);
        Future<String> third = newestFirst.run(soon(), this::work);

        started.getLast().complete("1");
        started.getLast().complete("2");
        started.getLast().complete("3");

        assertThat(List.of(first.result(), third.result(), second.result())).containsExactly("1", "2", "3");
    }

    @Test
    void whatCameLongBeforeWhatRunsIsDropped() {
        Bulkhead newestFirst = Bulkhead.newestFirst("tests", new AdaptiveLimit(1, 1, 0), 2, Duration.ZERO);
        newestFirst.run(soon(), this::work);
        Future<String> older = newestFirst.run(soon(), this::work);
        Future<String> newer = newestFirst.run(soon(), this::work);

        started.getLast().complete("done");
        started.getLast().complete("newer");

        assertThat(refusal(older)).isEqualTo(Fault.Code.OVERLOADED);
        assertThat(newer.result()).isEqualTo("newer");
    }

    @Test
    void workThatThrowsGivesItsPlaceBack() {
        for (int attempt = 0; attempt < 5; attempt++) {
            Future<String> failed = bulkhead.run(soon(), () -> {
                throw new IllegalStateException("broken");
            });

            assertThat(failed.cause()).hasMessage("broken");
        }
    }

    private Future<String> begin() {
        return bulkhead.run(soon(), this::work);
    }

    private Future<String> work() {
        Promise<String> promise = Promise.promise();
        started.add(promise);
        return promise.future();
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(30));
    }

    private static Fault.Code refusal(Future<?> future) {
        return ((Fault) future.cause()).code();
    }
}
