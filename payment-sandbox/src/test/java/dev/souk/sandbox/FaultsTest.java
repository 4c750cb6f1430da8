package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultsTest {

    @Test
    void nothingHappensToARequestUnlessAsked() {
        assertThat(draws(Faults.NONE)).containsOnlyKeys(Faults.Fate.SERVED);
    }

    @Test
    void errorsComeHalfBeforeAndHalfAfterTheEffect() {
        Map<Faults.Fate, Long> fates = draws(new Faults(0.5, 0, 0, false));

        assertThat(fates.get(Faults.Fate.SERVED)).isBetween(4_800L, 5_200L);
        assertThat(fates.get(Faults.Fate.ERROR_BEFORE)).isBetween(2_300L, 2_700L);
        assertThat(fates.get(Faults.Fate.ERROR_AFTER)).isBetween(2_300L, 2_700L);
    }

    @Test
    void allCanHang() {
        assertThat(draws(new Faults(1, 1, 0, false))).containsOnlyKeys(Faults.Fate.HANG);
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> new Faults(1.1, 0, 0, false)).hasMessageContaining("errorRate");
        assertThatThrownBy(() -> new Faults(0, Double.NaN, 0, false)).hasMessageContaining("hangRate");
        assertThatThrownBy(() -> new Faults(0, 0, -1, false)).hasMessageContaining("latencyMs");
    }

    private static Map<Faults.Fate, Long> draws(Faults faults) {
        Random random = new Random(42);
        return Stream.generate(() -> faults.draw(random))
                .limit(10_000)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }
}
