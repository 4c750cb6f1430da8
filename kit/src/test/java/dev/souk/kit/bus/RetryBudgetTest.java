package dev.souk.kit.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private final RetryBudget budget = new RetryBudget();

    @Test
    void aFewAreFreeThenOneInTenCalls() {
        long free = retries(1_000);
        IntStream.range(0, 100).forEach(call -> budget.deposit());

        assertThat(free).isEqualTo(10);
        assertThat(retries(1_000)).isEqualTo(10);
    }

    @Test
    void whatIsSavedIsBounded() {
        IntStream.range(0, 1_000_000).forEach(call -> budget.deposit());

        assertThat(retries(1_000)).isEqualTo(100);
    }

    private long retries(int wanted) {
        return IntStream.range(0, wanted).filter(retry -> budget.withdraw()).count();
    }
}
