package dev.souk.certification.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model is checked: it reaches what is rare, finds what is wrong, and says the same when asked again. */
class PlantedBugsTest {
    private static final long MOST = 10_000;

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyPlantedBugIsFound(Plant plant) {
        // given
        LongStream seeds = LongStream.rangeClosed(1, MOST);

        // when
        Optional<Broken> found = seeds.boxed()
                .flatMap(seed -> failure(Schedule.of(seed), plant).stream())
                .findFirst();

        // then
        assertThat(found).isPresent();
        assertThat(found.get()).hasMessageMatching("(?s)(\\d\\. \\w+|a rule says).*orders +order .*\\(seed \\d+\\)");
    }

    @Test
    void whatIsRareHappens() {
        // given
        Map<Sight, Integer> seen = new EnumMap<>(Sight.class);

        // when
        for (long seed = 1; seed <= 3_000; seed++) {
            Simulation.run(Schedule.of(seed), Plant.NONE)
                    .forEach((sight, times) -> seen.merge(sight, times, Integer::sum));
        }

        // then
        assertThat(seen).containsOnlyKeys(Sight.values());
    }

    /** What has failed fails again, by the seed that its failure names: {@code -Dsouk.model.seed=42}. */
    @Test
    void theSeedSaysItAll() {
        // given
        Schedule schedule = Schedule.of(Long.getLong("souk.model.seed", 1));

        // when
        Map<Sight, Integer> seen = Simulation.run(schedule, Plant.NONE);

        // then
        assertThat(Simulation.run(schedule, Plant.NONE)).isEqualTo(seen);
    }

    private static Optional<Broken> failure(Schedule schedule, Plant plant) {
        return Optional.ofNullable(catchThrowableOfType(Broken.class, () -> Simulation.run(schedule, plant)));
    }
}
