package dev.souk.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import io.vertx.core.MultiMap;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatienceTest {
    @Test
    void isWhatTheClientSays() {
        assertThat(Patience.of(said("1500"))).contains(Duration.ofMillis(1_500));
        assertThat(Patience.of(said("0"))).contains(Duration.ZERO);
    }

    @Test
    void isNotKnownIfItSaysNothing() {
        assertThat(Patience.of(MultiMap.caseInsensitiveMultiMap())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "1.5", "1s", "soon", "1234567890", "1,2"})
    void refusesWhatIsNoTime(String words) {
        assertThatThrownBy(() -> Patience.of(said(words)))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("X-Souk-Remaining-Ms");
    }

    @Test
    void refusesTwoOpinions() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .add("x-souk-remaining-ms", "1")
                .add("X-Souk-Remaining-Ms", "2");

        assertThatThrownBy(() -> Patience.of(headers)).isInstanceOf(Fault.class);
    }

    private static MultiMap said(String words) {
        return MultiMap.caseInsensitiveMultiMap().add("X-Souk-Remaining-Ms", words);
    }
}
