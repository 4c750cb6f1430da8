package dev.souk.kit.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.kit.testing.ServiceFixture;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
    @Test
    void aPageHasTwentyItemsUnlessAskedOtherwise() {
        assertThat(Page.limit(null)).isEqualTo(20);
        assertThat(Page.limit(1)).isEqualTo(1);
        assertThat(Page.limit(100)).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void otherLimitsAreRefused(int limit) {
        assertThat(ServiceFixture.refusal(() -> Page.limit(limit))).isEqualTo(Fault.Code.INVALID_REQUEST);
    }

    @Test
    void oneRowMoreThanAskedForMeansThatThereIsANextPage() {
        Page<String> page = Page.of(List.of("a", "b", "c"), 2, Cursor::after);

        assertThat(page.items()).containsExactly("a", "b");
        assertThat(Cursor.decode(page.nextCursor(), 1)).isEqualTo(Cursor.after("b"));
    }

    @Test
    void theLastPageHasNoCursorEvenIfItIsFull() {
        assertThat(Page.of(List.of("a", "b"), 2, Cursor::after).nextCursor()).isNull();
        assertThat(Page.of(List.<String>of(), 2, Cursor::after).nextCursor()).isNull();
    }
}
