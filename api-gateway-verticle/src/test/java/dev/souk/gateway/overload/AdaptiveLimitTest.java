package dev.souk.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
    private final AdaptiveLimit limit = new AdaptiveLimit();

    @Test
    void aBurstThatIsTooMuchIsOneSign() {
        List<Long> burst = enter(1_000);

        burst.forEach(limit::tooMuch);

        assertThat(room()).isEqualTo(800);
    }

    @Test
    void theEndOfABurstIsNotTakenForItsSize() {
        List<Long> burst = enter(500);
        limit.tooMuch(burst.getFirst());
        burst.stream().skip(10).forEach(number -> limit.served());

        enter(1).forEach(limit::tooMuch);

        assertThat(room() + 9).isBetween(320, 330);
    }

    @Test
    void whatIsTooMuchForLongLeavesRoomForLittle() {
        IntStream.range(0, 100).forEach(round -> enter(10_000).forEach(limit::tooMuch));

        assertThat(room()).isEqualTo(AdaptiveLimit.LEAST);
    }

    @Test
    void roomComesBackWhileAsMuchAsThereIsRoomForIsServed() {
        enter(100).forEach(limit::tooMuch);
        int before = room();

        IntStream.range(0, 20).forEach(round -> enter(10_000).forEach(number -> limit.served()));

        assertThat(room()).isBetween(before + 60, before + 160);
    }

    @Test
    void whatIsNotWantedDoesNotGrow() {
        enter(100).forEach(limit::tooMuch);

        IntStream.range(0, 10_000).forEach(one -> enter(1).forEach(number -> limit.served()));

        assertThat(room()).isEqualTo(80);
    }

    @Test
    void whatTellsNothingOnlyMakesRoom() {
        enter(10_000).forEach(number -> limit.left());

        assertThat(room()).isEqualTo(AdaptiveLimit.MOST);
    }

    private int room() {
        List<Long> all = enter(10_000);
        all.forEach(number -> limit.left());
        return all.size();
    }

    /** As many as there is room for, of so many that want to. */
    private List<Long> enter(int wanted) {
        return LongStream.range(0, wanted)
                .map(one -> limit.enter())
                .filter(number -> number >= 0)
                .boxed()
                .toList();
    }
}
