package dev.souk.kit.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
    private static final int LEAST = 32;
    private static final int MOST = 4_096;

    private static final Duration WITHIN = Duration.ofMinutes(1);
    private static final Fault OVERLOADED = Fault.of(Fault.Code.OVERLOADED, "too much to do");

    private final AdaptiveLimit limit = new AdaptiveLimit(LEAST, MOST, 8);

    @Test
    void aBurstThatIsTooMuchIsOneSign() {
        long began = System.nanoTime();

        tooMuch(enter(1_000), began);

        assertThat(room()).isEqualTo(800);
    }

    @Test
    void theEndOfABurstIsNotTakenForItsSize() {
        long began = System.nanoTime();
        enter(500);
        limit.learn(began, WITHIN, OVERLOADED);
        limit.leave();
        served(489);
        assertThat(enter(1)).isOne();

        tooMuch(1, System.nanoTime());

        assertThat(room() + 10).isBetween(320, 330);
    }

    @Test
    void whatIsTooMuchForLongLeavesRoomForLittle() {
        IntStream.range(0, 100).forEach(round -> {
            long began = System.nanoTime();
            tooMuch(enter(10_000), began);
        });

        assertThat(room()).isEqualTo(LEAST);
    }

    @Test
    void roomComesBackWhileAsMuchAsThereIsRoomForIsServed() {
        tooMuch(enter(100), System.nanoTime());
        int before = room();

        IntStream.range(0, 20).forEach(round -> served(enter(10_000)));

        assertThat(room()).isBetween(before + 60, before + 160);
    }

    @Test
    void whatIsNotWantedDoesNotGrow() {
        tooMuch(enter(100), System.nanoTime());

        IntStream.range(0, 10_000).forEach(one -> served(enter(1)));

        assertThat(room()).isEqualTo(80);
    }

    @Test
    void whatTellsNothingOnlyMakesRoom() {
        leave(enter(10_000));

        assertThat(room()).isEqualTo(MOST);
    }

    @Test
    void whatIsNotAnsweredOrTakesTooLongIsTooMuch() {
        enter(100);
        assertThat(limit.learn(System.nanoTime(), WITHIN, Fault.of(Fault.Code.TIMEOUT, "no answer")))
                .isTrue();
        leave(100);
        assertThat(room()).isEqualTo(80);

        enter(80);
        assertThat(limit.learn(System.nanoTime(), Duration.ofNanos(-1), null)).isTrue();
        leave(80);
        assertThat(room()).isEqualTo(64);
    }

    @Test
    void aRefusalOfAnotherKindTellsNothing() {
        enter(100);
        assertThat(limit.learn(System.nanoTime(), WITHIN, Fault.of(Fault.Code.PRODUCT_NOT_FOUND, "no such product")))
                .isFalse();
        leave(100);

        assertThat(room()).isEqualTo(MOST);
    }

    private int room() {
        int all = enter(10_000);
        leave(all);
        return all;
    }

    /** @return for how many there is room, of so many that want to */
    private int enter(int wanted) {
        return (int) IntStream.range(0, wanted).filter(one -> limit.enter()).count();
    }

    private void leave(int count) {
        IntStream.range(0, count).forEach(one -> limit.leave());
    }

    private void served(int count) {
        IntStream.range(0, count).forEach(one -> {
            assertThat(limit.learn(System.nanoTime(), WITHIN, null)).isFalse();
            limit.leave();
        });
    }

    private void tooMuch(int count, long began) {
        IntStream.range(0, count).forEach(one -> {
            assertThat(limit.learn(began, WITHIN, OVERLOADED)).isTrue();
            limit.leave();
        });
    }
}
