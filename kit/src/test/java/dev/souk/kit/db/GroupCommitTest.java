package dev.souk.kit.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class GroupCommitTest {
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final List<Promise<Void>> commits = new ArrayList<>();
    private Vertx vertx;

    @BeforeEach
    void prepare(Vertx vertx) {
        this.vertx = vertx;
    }

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
    void aBusyOneLetsTimePassAndWhatComesMeanwhileIsCommittedTogether() {
        GroupCommit<Integer, String> group =
                group(100, Duration.ofMillis(300), batch -> Future.succeededFuture(shouted(batch)));
        long begin = System.nanoTime();

        Future<String> atOnce = submit(group, 0);
        boolean isDone = atOnce.isComplete();
        List<Future<String>> later =
                IntStream.range(1, 5).mapToObj(number -> submit(group, number)).toList();
        ServiceFixture.await(Future.all(later));

        assertThat(isDone).isTrue();
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2, 3, 4));
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void aFullBatchDoesNotWait() {
        GroupCommit<Integer, String> group =
                group(2, Duration.ofHours(1), batch -> Future.succeededFuture(shouted(batch)));

        List<Future<String>> outcomes =
                IntStream.range(0, 5).mapToObj(number -> submit(group, number)).toList();

        assertThat(batches).containsExactly(List.of(0), List.of(1, 2), List.of(3, 4));
        assertThat(outcomes).allMatch(Future::succeeded);
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
    void aBatchThatMayHaveHappenedIsRunAgainUntilItIsAnswered() {
        AtomicInteger lost = new AtomicInteger(2);
        GroupCommit<Integer, String> group =
                group(100, batch -> lost.getAndDecrement() > 0 ? away() : Future.succeededFuture(shouted(batch)));

        Future<String> outcome = submit(group, 0);

        assertThat(ServiceFixture.await(outcome)).isEqualTo("0!");
        assertThat(batches).containsExactly(List.of(0), List.of(0), List.of(0));
    }

    @Test
    void whoHasNoTimeLeftIsToldThatTheOutcomeIsNotKnownAndTheOthersGoOn() {
        Promise<Void> back = Promise.promise();
        GroupCommit<Integer, String> group =
                group(100, batch -> back.future().isComplete() ? Future.succeededFuture(shouted(batch)) : away());
        Future<String> hasted = group.submit(0, Deadline.in(Duration.ofMillis(50)));
        Future<String> patient = submit(group, 1);

        Fault.Code told = ServiceFixture.refusal(() -> ServiceFixture.await(hasted));
        back.complete();

        assertThat(told).isEqualTo(Fault.Code.UNAVAILABLE);
        assertThat(ServiceFixture.await(patient)).isEqualTo("1!");
    }

    @Test
    void whoWaitsBehindABatchThatCannotBeCommittedHearsInTimeThatNothingWasDone() {
        GroupCommit<Integer, String> group = group(1, batch -> away());
        Future<String> patient = submit(group, 0);
        Future<String> hasted = group.submit(1, Deadline.in(Duration.ofMillis(50)));

        Fault.Code told = ServiceFixture.refusal(() -> ServiceFixture.await(hasted));

        assertThat(told).isEqualTo(Fault.Code.OVERLOADED);
        assertThat(patient.isComplete()).isFalse();
        assertThat(batches).doesNotContain(List.of(1));
    }

    @Test
    void aCallerThatComesBackWhenItIsRefusedDoesNotStartASecondTransaction() {
        GroupCommit<Integer, String> group = group(100, this::whenTold);
        submit(group, 0);
        submit(group, 3);
        Future<String> late = group.submit(1, new Deadline(System.nanoTime() - 1));
        late.onComplete(refused -> submit(group, 2));

        commits.get(0).complete();

        assertThat(batches).containsExactly(List.of(0), List.of(3, 2));
    }

    @Test
    void aCallerThatStumblesOverItsAnswerTakesNobodysAnswerWithIt() {
        GroupCommit<Integer, String> group = group(100, this::whenTold);
        submit(group, 0);
        submit(group, 1).onComplete(told -> {
            throw new IllegalStateException("stumbled");
        });
        Future<String> other = submit(group, 2);

        commits.get(0).complete();
        commits.get(1).complete();

        assertThat(other.result()).isEqualTo("2!");
        assertThat(batches).containsExactly(List.of(0), List.of(1, 2));
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
        GroupCommit<Integer, String> group = new GroupCommit<>(vertx, 100, 2, Duration.ZERO, batch -> {
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
        return group(most, Duration.ZERO, transaction);
    }

    private GroupCommit<Integer, String> group(
            int most, Duration interval, Function<List<Integer>, Future<List<String>>> transaction) {
        return new GroupCommit<>(vertx, most, 1_000, interval, batch -> {
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

    private static Future<List<String>> away() {
        return Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "connection lost"));
    }

    private static List<String> shouted(List<Integer> batch) {
        return batch.stream().map(number -> number + "!").toList();
    }
}
