package dev.souk.gateway.external;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WeightedSelectorTest {
    @Test
    void takesEachByItsWeightAndSpreadsItsTurns() {
        assertThat(turns(List.of(5, 1, 1), 14)).containsExactly(0, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0);
    }

    @Test
    void takesEqualOnesInTurn() {
        assertThat(turns(List.of(7, 7), 4)).containsExactly(0, 1, 0, 1);
    }

    @Test
    void takesNobodyOfNone() {
        assertThat(new WeightedSelector(List.of()).select()).isNegative();
    }

    private static List<Integer> turns(List<Integer> weights, int number) {
        WeightedSelector selector = new WeightedSelector(weights);
        return IntStream.range(0, number).mapToObj(turn -> selector.select()).toList();
    }
}
