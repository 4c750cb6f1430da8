package dev.souk.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.gateway.contract.Priority;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PressureTest {
    private static final int REQUESTS = 1_000;

    private final Pressure pressure = new Pressure(new Random(7));

    @Test
    void nothingIsShedByAGatewayThatKeepsUp() {
        inTime(100);

        assertThat(Priority.values())
                .allSatisfy(priority -> assertThat(shed(priority)).isZero());
    }

    @Test
    void pausesThatComeAloneShedNothing() {
        for (int pause = 0; pause < 100; pause++) {
            late(1);
            inTime(1);
        }
        late(3);

        assertThat(shed(Priority.BROWSING)).isZero();
    }

    @Test
    void aFewLateTicksInARowShedSomeBrowsing() {
        late(5);

        assertThat(shed(Priority.BROWSING)).isPositive().isLessThan(REQUESTS / 2);
        assertThat(shed(Priority.ORDINARY)).isZero();
    }

    @Test
    void browsingIsShedBeforeTheCheckout() {
        late(10);

        assertThat(shed(Priority.BROWSING)).isEqualTo(REQUESTS);
        assertThat(shed(Priority.ORDINARY)).isPositive();
        assertThat(shed(Priority.CHECKOUT)).isZero();
    }

    @Test
    void mostOfThoseWhoLookGiveWayWhileOrdersAreRefused() {
        refuseOrders(100);

        assertThat(shed(Priority.BROWSING)).isBetween(REQUESTS * 5L / 10, REQUESTS * 7L / 10);
        assertThat(shed(Priority.ORDINARY)).isZero();
        assertThat(shed(Priority.CHECKOUT)).isZero();

        inTime(100);
        assertThat(shed(Priority.BROWSING)).isZero();
    }

    @Test
    void whatMakesRoomIsNeverShed() {
        late(1_000);

        assertThat(shed(Priority.CHECKOUT)).isEqualTo(REQUESTS);
        assertThat(shed(Priority.RELEASE)).isZero();
        assertThat(shed(Priority.CONTROL)).isZero();
    }

    @Test
    void allIsLetInAgainTwoSecondsAfterTheLoad() {
        late(1_000);
        inTime((int) Duration.ofSeconds(2).dividedBy(Pressure.TICK) + 1);

        assertThat(shed(Priority.BROWSING)).isZero();
    }

    private void late(int ticks) {
        IntStream.range(0, ticks).forEach(tick -> pressure.record(Pressure.LATE.plusMillis(1)));
    }

    private void refuseOrders(int ticks) {
        IntStream.range(0, ticks).forEach(tick -> {
            pressure.checkoutRefused();
            pressure.record(Duration.ZERO);
        });
    }

    private void inTime(int ticks) {
        IntStream.range(0, ticks).forEach(tick -> pressure.record(Duration.ZERO));
    }

    private long shed(Priority priority) {
        return IntStream.range(0, REQUESTS)
                .filter(request -> pressure.sheds(priority))
                .count();
    }
}
