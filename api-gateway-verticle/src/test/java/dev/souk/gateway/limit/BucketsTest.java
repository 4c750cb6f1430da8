package dev.souk.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketsTest {
    private final ManualTime time = new ManualTime();
    private int gateways = 1;
    private final Buckets buckets = new Buckets(Quota.aSecond("default", 10), () -> gateways, time);

    @Test
    void givesABurstAndThenAsMuchAsComesBack() {
        assertThat(granted("a", 30)).isEqualTo(20);
        time.pass(Duration.ofMillis(500));

        assertThat(granted("a", 30)).isEqualTo(5);
    }

    @Test
    void savesUpNoMoreThanABurst() {
        granted("a", 30);
        time.pass(Duration.ofMinutes(10));

        assertThat(granted("a", 100)).isEqualTo(20);
    }

    @Test
    void countsEachClientByItself() {
        granted("a", 30);

        assertThat(buckets.take("b").granted()).isTrue();
    }

    @Test
    void tellsWhatIsLeftAndWhenToAskAgain() {
        Allowance first = buckets.take("a");
        granted("a", 19);
        Allowance refused = buckets.take("a");

        assertThat(first.policy()).isEqualTo("\"default\";q=20;w=2");
        assertThat(first.state()).isEqualTo("\"default\";r=19;t=1");
        assertThat(refused.granted()).isFalse();
        assertThat(refused.state()).isEqualTo("\"default\";r=0;t=2");
        assertThat(refused.retryAfter()).isEqualTo(1);
    }

    @Test
    void waitingAsLongAsToldIsEnough() {
        Buckets slow = new Buckets(Quota.aMinute("slow", 1), () -> 1, time);
        slow.take("a");
        Allowance refused = slow.take("a");
        time.pass(Duration.ofSeconds(refused.retryAfter()));

        assertThat(refused.retryAfter()).isEqualTo(60);
        assertThat(slow.take("a").granted()).isTrue();
    }

    @Test
    void severalGatewaysGiveOutTheQuotaTogether() {
        gateways = 4;

        assertThat(granted("a", 30)).isEqualTo(5);
        time.pass(Duration.ofSeconds(1));
        assertThat(granted("a", 30)).isEqualTo(2);
    }

    @Test
    void aGatewayThatComesTakesItsPartOfWhatIsLeft() {
        granted("a", 10);
        gateways = 2;

        assertThat(granted("a", 30)).isEqualTo(5);
        assertThat(buckets.take("a").policy()).isEqualTo("\"default\";q=10;w=2");
    }

    @Test
    void aGatewayThatGoesLeavesNobodyAFullBucket() {
        gateways = 2;
        granted("a", 30);
        gateways = 1;

        assertThat(granted("a", 30)).isZero();
        time.pass(Duration.ofSeconds(1));
        assertThat(granted("a", 30)).isEqualTo(10);
    }

    @Test
    void moreGatewaysThanPermitsStillLetOneThrough() {
        gateways = 1_000;

        assertThat(granted("a", 5)).isEqualTo(1);
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        granted("a", 30);
        buckets.giveBack("a");

        assertThat(granted("a", 30)).isEqualTo(1);
    }

    private int granted(String client, int attempts) {
        return (int) IntStream.range(0, attempts)
                .filter(attempt -> buckets.take(client).granted())
                .count();
    }
}
