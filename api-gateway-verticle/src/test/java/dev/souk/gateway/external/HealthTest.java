package dev.souk.gateway.external;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.gateway.external.Health.State;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final Health health = new Health();

    @Test
    void isUnknownAtFirstAndThenWhatTheFirstLookTells() {
        Health unwell = new Health();

        assertThat(health.state()).isEqualTo(State.UNKNOWN);
        assertThat(health.passed()).isTrue();
        assertThat(unwell.failed("answers with status 503")).isTrue();
        assertThat(health.state()).isEqualTo(State.UP);
        assertThat(unwell.state()).isEqualTo(State.DOWN);
        assertThat(unwell.reason()).contains("answers with status 503");
    }

    @Test
    void fallsAfterTwoFailuresInARow() {
        health.passed();

        assertThat(health.failed("late")).isFalse();
        assertThat(health.state()).isEqualTo(State.UP);
        assertThat(health.failed("late")).isTrue();
        assertThat(health.state()).isEqualTo(State.DOWN);
    }

    @Test
    void forgetsASingleFailure() {
        health.passed();
        health.failed("late");
        health.passed();

        assertThat(health.reason()).isEmpty();
        assertThat(health.failed("late")).isFalse();
        assertThat(health.state()).isEqualTo(State.UP);
    }

    @Test
    void risesAfterTwoInARowAndTellsTheReasonUntilThen() {
        health.failed("late");

        assertThat(health.passed()).isFalse();
        assertThat(health.failed("later")).isFalse();
        assertThat(health.passed()).isFalse();
        assertThat(health.reason()).contains("later");
        assertThat(health.passed()).isTrue();
        assertThat(health.state()).isEqualTo(State.UP);
        assertThat(health.reason()).isEmpty();
    }
}
