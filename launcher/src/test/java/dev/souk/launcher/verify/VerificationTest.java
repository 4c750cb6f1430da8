package dev.souk.launcher.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.launcher.verify.Invariants.Check;
import dev.souk.launcher.verify.Invariants.Copy;
import dev.souk.launcher.verify.Verification.Finding;
import org.junit.jupiter.api.Test;

/** What may pass for an invariant that was seen to hold, and what may not. */
class VerificationTest {

    @Test
    void onlyWhatWasComparedAndFoundRightHolds() {
        assertThat(new Finding(1, "stock", false, 7, 0, "", "").holds()).isTrue();
        assertThat(new Finding(1, "stock", false, 7, 1, "a lamp", "").holds()).isFalse();
        assertThat(new Finding(1, "stock", false, 0, 0, "", "").holds()).isFalse();
        assertThat(new Finding(1, "stock", true, 0, 0, "", "").holds()).isTrue();
        assertThat(new Finding(1, "stock", true, 0, 0, "", "no such table").holds())
                .isFalse();
    }

    @Test
    void theFileIsReadWithoutItsComments() {
        Invariants read = Invariants.parse("""
                -- what this is about
                --: copy order orders
                SELECT id FROM orders
                -- what follows

                --: check 3 nothing is refunded (may be empty)
                SELECT id, true FROM orders
                """);

        assertThat(read.copies()).containsExactly(new Copy("order", "orders", "SELECT id FROM orders"));
        assertThat(read.checks())
                .containsExactly(new Check(3, "nothing is refunded", true, "SELECT id, true FROM orders"));
    }

    @Test
    void aFileThatSaysNothingOrNonsenseIsRefused() {
        assertThatThrownBy(() -> Invariants.parse("-- nothing")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Invariants.parse("--: check nothing\nSELECT 1\n"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theInvariantsOfTheShopAreAllThere() {
        assertThat(Invariants.read().checks()).extracting(Check::number).contains(1, 2, 3, 4, 6, 7, 8);
    }
}
