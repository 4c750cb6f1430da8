package dev.souk.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogInThrottleTest {
    private static final String ADA = "ada@example.com";
    private static final String HOME = "192.0.2.1";

    private final ManualTime time = new ManualTime();
    private final LogInThrottle throttle = new LogInThrottle(
            new Buckets(Quota.aMinute("failed-log-ins", 10), () -> 1, time),
            new Buckets(Quota.aMinute("failed-log-ins", 100), () -> 1, time),
            time);
    private int tried;

    @BeforeEach
    void begin() {
        tried = 0;
    }

    @Test
    void rightPasswordsNeverCount() {
        IntStream.range(0, 1_000)
                .forEach(time -> assertThat(isIn(right(ADA, HOME))).isTrue());
    }

    @Test
    void nobodyTriesMoreThanTenWrongOnesAMinuteFromWhereverTheyCome() {
        IntStream.range(0, 50).forEach(guess -> wrong(ADA, "198.51.100." + guess));

        assertThat(tried).isEqualTo(10);
        time.pass(Duration.ofSeconds(30));
        IntStream.range(0, 50).forEach(guess -> wrong(ADA, "198.51.100." + guess));
        assertThat(tried).isEqualTo(15);
    }

    @Test
    void nobodyTriesManyAccountsFromOneAddress() {
        IntStream.range(0, 500).forEach(guess -> wrong("user" + guess + "@example.com", HOME));

        assertThat(tried).isEqualTo(100);
    }

    @Test
    void anOwnerInAUsualPlaceIsLetInWhateverStrangersTry() {
        right(ADA, HOME);
        IntStream.range(0, 50).forEach(guess -> wrong(ADA, "198.51.100." + guess));

        assertThat(isIn(right(ADA, HOME))).isTrue();
        assertThat(isIn(right(ADA, "198.51.100.99"))).isFalse();
    }

    @Test
    void aUsualPlaceIsNoPlaceToGuessFromWithoutEnd() {
        right(ADA, HOME);
        IntStream.range(0, 50).forEach(guess -> wrong(ADA, HOME));

        assertThat(tried).isEqualTo(11);
    }

    @Test
    void anOwnerInANewPlaceIsLetInOnceTheAttackIsOver() {
        IntStream.range(0, 50).forEach(guess -> wrong(ADA, "198.51.100." + guess));
        Problem refusal = refusal(right(ADA, HOME));
        time.pass(Duration.ofSeconds(Long.parseLong(refusal.headers().get("Retry-After"))));

        assertThat(refusal.headers()).containsEntry("Retry-After", "6");
        assertThat(isIn(right(ADA, HOME))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ADA@EXAMPLE.COM", " ada@example.com", "Ada@Example.com "})
    void oneAccountIsOneHoweverItIsWritten(String mail) {
        IntStream.range(0, 10).forEach(guess -> wrong(ADA, "198.51.100." + guess));

        assertThat(isIn(right(mail, HOME))).isFalse();
    }

    @Test
    void manyGuessesAtATimeAreCountedBeforeTheyAreAnswered() {
        Promise<String> pending = Promise.promise();
        long allowed = IntStream.range(0, 50)
                .mapToObj(guess -> throttle.allow(ADA, "198.51.100." + guess, pending::future))
                .filter(attempt -> !attempt.isComplete())
                .count();

        assertThat(allowed).isEqualTo(10);
    }

    @Test
    void whatWasNotAnsweredIsNoGuess() {
        IntStream.range(0, 50)
                .forEach(time -> throttle.allow(
                        ADA, HOME, () -> Future.failedFuture(Fault.of(Fault.Code.OVERLOADED, "too busy"))));

        assertThat(isIn(right(ADA, HOME))).isTrue();
    }

    private Future<String> right(String mail, String client) {
        return attempt(mail, client, Future.succeededFuture("in"));
    }

    private Future<String> wrong(String mail, String client) {
        return attempt(mail, client, Future.failedFuture(Fault.of(Fault.Code.INVALID_CREDENTIALS, "wrong")));
    }

    private Future<String> attempt(String mail, String client, Future<String> outcome) {
        return throttle.allow(mail, client, () -> {
            tried++;
            return outcome;
        });
    }

    private static boolean isIn(Future<String> attempt) {
        return attempt.succeeded();
    }

    private static Problem refusal(Future<String> attempt) {
        return ((Refusal) attempt.cause()).problem();
    }
}
