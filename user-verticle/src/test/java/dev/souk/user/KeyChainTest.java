package dev.souk.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KeyChainTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final SigningKey coming = SigningKey.generate(NOW.plusSeconds(10));
    private final SigningKey present =
            until(SigningKey.generate(NOW.minusSeconds(10)), NOW.plusSeconds(10).plus(Duration.ofMinutes(15)));
    private final SigningKey past = until(SigningKey.generate(NOW.minusSeconds(30)), NOW.plusSeconds(1));
    private final KeyChain chain = new KeyChain(List.of(coming, present, past));

    @Test
    void signsWithTheLastKeyWhoseTimeHasCome() {
        assertThat(chain.signingAt(NOW)).isEqualTo(present);
        assertThat(chain.signingAt(NOW.plusSeconds(10))).isEqualTo(coming);
        assertThat(chain.newest()).isEqualTo(coming);
    }

    @Test
    void signsAllTheSameWhereTheClockIsBehind() {
        assertThat(chain.signingAt(NOW.minusSeconds(60))).isEqualTo(past);
    }

    @Test
    void publishesWhatIsToSignAndWhatHasSignedUntilItsTokensAreOver() {
        assertThat(chain.publishedAt(NOW).keys())
                .extracting(key -> key.get("kid"))
                .containsExactly(coming.kid(), present.kid(), past.kid());
        assertThat(chain.publishedAt(NOW.plusSeconds(2)).keys())
                .extracting(key -> key.get("kid"))
                .containsExactly(coming.kid(), present.kid());
        assertThat(chain.publishedAt(NOW.plus(Duration.ofDays(1))).keys())
                .extracting(key -> key.get("kid"))
                .containsExactly(coming.kid());
    }

    @Test
    void publishesWhatSignsWhateverBecameOfTheOthers() {
        KeyChain left = new KeyChain(List.of(past));

        assertThat(left.publishedAt(NOW.plus(Duration.ofDays(1))).keys())
                .extracting(key -> key.get("kid"))
                .containsExactly(left.signingAt(NOW.plus(Duration.ofDays(1))).kid());
    }

    private static SigningKey until(SigningKey key, Instant end) {
        return new SigningKey(key.x(), key.y(), key.d(), key.signsFrom(), Optional.of(end));
    }
}
