package dev.souk.kit.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import dev.souk.kit.testing.ServiceFixture;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
    @Test
    void isReadAsItWasWritten() {
        Cursor cursor =
                Cursor.after(Instant.parse("2026-01-02T03:04:05.123456Z"), UUID.randomUUID(), "", "ä€ 🧺/+", 7L);

        assertThat(Cursor.decode(cursor.encode(), 5)).isEqualTo(cursor);
    }

    @Test
    void fitsIntoAnAddress() {
        assertThat(Cursor.after("???>>>~~~", "ÿÿÿ").encode()).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a", "!!!!", "ä", "b3BhcXVl", "YQ==YQ==", "%41", "/+/+"})
    void whatIsNoCursorIsTheClientsFault(String text) {
        assertThatThrownBy(() -> Cursor.decode(text, 2))
                .isInstanceOfSatisfying(
                        Fault.class,
                        fault -> assertThat(fault.violations())
                                .containsExactly(new Fault.Violation("cursor", "is not a cursor of this list")));
    }

    @Test
    void theCursorOfAnotherListIsRefused() {
        String ofThree = Cursor.after("a", "b", "c").encode();

        assertThat(ServiceFixture.refusal(() -> Cursor.decode(ofThree, 2))).isEqualTo(Fault.Code.INVALID_REQUEST);
    }
}
