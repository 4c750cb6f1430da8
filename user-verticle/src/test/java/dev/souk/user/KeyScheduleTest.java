package dev.souk.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyScheduleTest {
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    /** After which a gateway asks for the keys whatever happens, and how often it asks at most. */
    private static final Duration GATEWAYS_ASK_AFTER = Duration.ofMinutes(5);

    private static final Duration GATEWAYS_ASK_AT_MOST_EVERY = Duration.ofSeconds(1);
    private static final Duration GATEWAYS_WAIT = Duration.ofSeconds(2);

    private final Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void makesTheNextKeyAheadOfItsTime() {
        KeySchedule schedule = every(Duration.ofDays(30));
        SigningKey key = SigningKey.generate(now);
        Instant due = now.plus(Duration.ofDays(30));

        assertThat(schedule.next(key, now)).isEmpty();
        assertThat(schedule.next(key, due.minus(schedule.lead()).minusMillis(1)))
                .isEmpty();
        assertThat(schedule.next(key, due.minus(schedule.lead()))).contains(due);
    }

    @Test
    void publishesANewKeyLongEnoughEvenIfItIsOverdue() {
        KeySchedule schedule = every(Duration.ofDays(30));
        SigningKey old = SigningKey.generate(now.minus(Duration.ofDays(300)));

        assertThat(schedule.next(old, now)).contains(now.plus(schedule.lead()));
    }

    @Test
    void makesNoneIfKeysStay() {
        KeySchedule schedule = new KeySchedule(Optional.empty(), LIFETIME);

        assertThat(schedule.next(SigningKey.generate(now.minus(Duration.ofDays(3_000))), now))
                .isEmpty();
    }

    @Test
    void makesAnotherInThePlaceOfOneThatWasWithdrawn() {
        SigningKey first = SigningKey.generate(now);
        SigningKey followed =
                new SigningKey(first.x(), first.y(), first.d(), now, Optional.of(now.plus(Duration.ofDays(30))));

        for (KeySchedule schedule : List.of(every(Duration.ofDays(30)), new KeySchedule(Optional.empty(), LIFETIME))) {
            assertThat(schedule.next(followed, now)).contains(now.plus(schedule.lead()));
        }
    }

    @Test
    void everyGatewayHasANewKeyBeforeItSigns() {
        KeySchedule schedule = every(Duration.ofDays(30));

        assertThat(schedule.lead())
                .isGreaterThan(GATEWAYS_ASK_AFTER.plus(GATEWAYS_WAIT).plus(schedule.goodFor()));
    }

    /** Whoever meets a key that is not known asks, or has asked so lately that it would have been in the answer. */
    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT2S", "PT1M", "PT1H", "P30D"})
    void whoAsksForAnUnknownKeyIsToldOfIt(String rotation) {
        KeySchedule schedule = every(Duration.parse(rotation));

        assertThat(schedule.lead())
                .isGreaterThan(GATEWAYS_ASK_AT_MOST_EVERY.plus(GATEWAYS_WAIT).plus(schedule.goodFor()));
        assertThat(schedule.lookEvery()).isLessThan(schedule.goodFor());
    }

    /** Also by an instance that has not heard of the next key yet. */
    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT2S", "PT1M", "PT1H", "P30D"})
    void anOldKeyIsPublishedUntilTheLastTokenThatItSignedIsOver(String rotation) {
        KeySchedule schedule = every(Duration.parse(rotation));
        Instant nextSigns = now.plus(schedule.lead());
        Instant lastSigned = now.plus(schedule.goodFor());

        assertThat(schedule.publishedUntil(nextSigns))
                .isAfter(nextSigns.plus(LIFETIME))
                .isAfter(lastSigned.plus(LIFETIME).plus(Duration.ofSeconds(5)));
    }

    private static KeySchedule every(Duration rotation) {
        return new KeySchedule(Optional.of(rotation), LIFETIME);
    }
}
