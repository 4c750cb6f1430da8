package dev.souk.kit.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Event;
import dev.souk.kit.event.Lineup.Place;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LineupTest {
    private static final UUID DEAL = UUID.randomUUID();

    private final Lineup lineup = new Lineup(Set.of("WANTED"));

    @Test
    void theFirstEventLeaves() {
        assertThat(lineup.add(wanted(1))).isEqualTo(Place.LEAVES);
    }

    @Test
    void anEventStaysUntilTheOneBeforeItHasArrived() {
        Event first = wanted(1);
        Event second = wanted(2);
        Event third = wanted(3);
        lineup.add(first);

        assertThat(lineup.add(second)).isEqualTo(Place.STAYS);
        assertThat(lineup.add(third)).isEqualTo(Place.STAYS);
        assertThat(lineup.arrived(first)).contains(second);
        assertThat(lineup.arrived(second)).contains(third);
        assertThat(lineup.arrived(third)).isEmpty();
    }

    @Test
    void anEventLeavesIfAllBeforeItHaveArrived() {
        Event first = wanted(1);
        lineup.add(first);
        lineup.arrived(first);

        assertThat(lineup.add(wanted(2))).isEqualTo(Place.LEAVES);
    }

    /** What is told twice must not push out what waits. */
    @Test
    void anEventThatWasSeenBeforeChangesNothing() {
        Event first = wanted(1);
        Event second = wanted(2);
        lineup.add(first);
        lineup.add(second);

        assertThat(lineup.add(first)).isEqualTo(Place.STAYS);
        assertThat(lineup.add(second)).isEqualTo(Place.STAYS);
        assertThat(lineup.arrived(first)).contains(second);
        assertThat(lineup.arrived(second)).isEmpty();
    }

    @Test
    void anEventBehindAGapIsUnknownAndSoIsEverythingAfterIt() {
        Event first = wanted(1);
        lineup.add(first);
        lineup.arrived(first);

        assertThat(lineup.add(wanted(3))).isEqualTo(Place.UNKNOWN);
        assertThat(lineup.add(wanted(4))).isEqualTo(Place.UNKNOWN);
        assertThat(lineup.add(wanted(2))).isEqualTo(Place.UNKNOWN);
    }

    @Test
    void anAggregateOfWhichTheBeginningWasNotSeenIsUnknown() {
        assertThat(lineup.add(wanted(2))).isEqualTo(Place.UNKNOWN);
    }

    @Test
    void whatNobodyWantsFillsNoGapButTheNumbers() {
        assertThat(lineup.add(event(1, "OTHER"))).isEqualTo(Place.STAYS);
        assertThat(lineup.add(wanted(2))).isEqualTo(Place.LEAVES);
    }

    @Test
    void anotherArrivalLetsNothingGo() {
        lineup.add(wanted(1));
        lineup.add(wanted(2));

        assertThat(lineup.arrived(wanted(1))).isEmpty();
    }

    @Test
    void whatIsForgottenIsUnknown() {
        Event first = wanted(1);
        lineup.add(first);
        lineup.add(wanted(2));

        lineup.forget(DEAL);

        assertThat(lineup.arrived(first)).isEmpty();
        assertThat(lineup.add(wanted(3))).isEqualTo(Place.UNKNOWN);
    }

    @Test
    void followsABoundedNumber() {
        lineup.add(wanted(1));

        IntStream.range(0, 10_000)
                .forEach(number -> lineup.add(
                        new Event(UUID.randomUUID(), UUID.randomUUID(), 1, "WANTED", Instant.EPOCH, Map.of())));

        assertThat(lineup.add(wanted(2))).isEqualTo(Place.UNKNOWN);
    }

    private static Event wanted(int seq) {
        return event(seq, "WANTED");
    }

    private static Event event(int seq, String type) {
        return new Event(UUID.randomUUID(), DEAL, seq, type, Instant.EPOCH, Map.of());
    }
}
