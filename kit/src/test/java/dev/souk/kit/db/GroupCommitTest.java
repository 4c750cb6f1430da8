package dev.souk.kit.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
    private final List<List<Integer>> batches = new ArrayList<>();
    private final List<Promise<Void>> commits = new ArrayList<>();

    @Test
    void anIdleOneCommitsAtOnceAndWhatComesMeanwhileTogether() {
        GroupCommit<Integer, String> group = group(100, this::whenTold);

        List<Future<String>> outcomes =
                IntStream.range(0, 5).mapToObj(number -> submit(group, number)).toList();
        commits.get(0).complete();
        commits.get(1).complete();

        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4));
        assertThat(outcomes).extracting(Future::result).containsExactly("0!", "1!", "2!", "3!", "4!");
    }

    @Test
    void aBatchHasABound() {
        GroupCommit<Integer, String> group = group(2, this::whenTold);

        IntStream.range(0, 4).forEach(number -> submit(group, number));
        commits.get(0).complete();
        commits.get(1).complete();
        commits.get(2).complete();

        assertThat(batches).containsExactly(List.of(0), List.of(1, 2), List.of(3));
    }

    @Test
    void aPoisonedItemFailsAloneFoundByHalving() {
        Promise<Void> first = Promise.promise();
        GroupCommit<Integer, String> group = group(
                100,
                batch -> batch.equals(List.of(-1)) ? first.future().map(done -> List.of("first")) : refusing(batch, 5));
        submit(group, -1);
        List<Future<String>> outcomes =
                IntStream.range(0, 8).mapToObj(number -> submit(group, number)).toList();

        first.complete();

        assertThat(outcomes.get(5).failed()).isTrue();
        assertThat(IntStream.range(0, 8).filter(number -> outcomes.get(number).succeeded()))
                .containsExactly(0, 1, 2, 3, 4, 6, 7);
        assertThat(batches.stream().filter(batch -> batch.contains(5)).map(List::size))
                .containsExactly(8, 4, 2, 1);
    }

    @Test
    void aBatchThatMayHaveHappenedIsNotTriedAgain() {
        GroupCommit<Integer, String> group = group(100, this::whenTold);
        List<Future<String>> outcomes =
                IntStream.range(0, 3).mapToObj(number -> submit(group, number)).toList();

        commits.get(0).fail(Fault.of(Fault.Code.UNAVAILABLE, "connection lost"));
        commits.get(1).fail(Fault.of(Fault.Code.UNAVAILABLE, "connection lost"));

        assertThat(batches).hasSize(2);
        assertThat(outcomes).allMatch(Future::failed);
    }

    @Test
    void goesOnAfterWorkThatThrowsOrMiscounts() {
        GroupCommit<Integer, String> group = group(100, batch -> switch (batch.getFirst()) {
            case 0 -> throw new IllegalStateException("broken");
            case 1 -> Future.succeededFuture(List.of());
            default -> Future.succeededFuture(List.of("good"));
        });

        assertThat(submit(group, 0).cause()).hasMessage("broken");
        assertThat(submit(group, 1).cause()).hasMessageContaining("0 outcomes for 1 items");
        assertThat(submit(group, 2).result()).isEqualTo("good");
    }

    @Test
    void whatHasNoRoomOrNoTimeIsNotDone() {
        GroupCommit<Integer, String> group = new GroupCommit<>(100, 2, batch -> {
            batches.add(batch);
            return whenTold(batch);
        });
        submit(group, 0);
        Future<String> late = group.submit(1, new Deadline(System.nanoTime() - 1));
        Future<String> inTime = submit(group, 2);
        Future<String> tooMany = submit(group, 3);

        commits.get(0).complete();
        commits.get(1).complete();

        assertThat(((Fault) late.cause()).code()).isEqualTo(Fault.Code.OVERLOADED);
        assertThat(((Fault) tooMany.cause()).code()).isEqualTo(Fault.Code.OVERLOADED);
        assertThat(inTime.result()).isEqualTo("2!");
    }

    private GroupCommit<Integer, String> group(int most, Function<List<Integer>, Future<List<String>>> transaction) {
        return new GroupCommit<>(most, 1_000, batch -> {
            batches.add(batch);
            return transaction.apply(batch);
        });
    }

    private static Future<String> submit(GroupCommit<Integer, String> group, int number) {
        return group.submit(number, Deadline.in(Duration.ofSeconds(30)));
    }

    private Future<List<String>> whenTold(List<Integer> batch) {
        Promise<Void> commit = Promise.promise();
        commits.add(commit);
        return commit.future().map(done -> shouted(batch));
    }

    private static Future<List<String>> refusing(List<Integer> batch, int poison) {
        return batch.contains(poison)
                ? Future.failedFuture(Fault.of(Fault.Code.INVALID_REQUEST, "a value that cannot be stored"))
                : Future.succeededFuture(shouted(batch));
    }

    private static List<String> shouted(List<Integer> batch) {
        return batch.stream().map(number -> number + "!").toList();
    }
}
