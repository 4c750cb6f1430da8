package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

    @ParameterizedTest
    @CsvSource({"1, 500", "2, 1000", "6, 16000", "7, 30000", "31, 30000", "64, 30000", "2147483647, 30000"})
    void doublesUpToItsLongest(int failures, long millis) {
        assertThat(BACKOFF.after(failures)).isEqualTo(Duration.ofMillis(millis));
    }
}
