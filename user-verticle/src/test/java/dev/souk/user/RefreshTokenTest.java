package dev.souk.user;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTokenTest {
    private final SecureRandom random = new SecureRandom();
    private final RefreshToken token = RefreshToken.first(random);

    @Test
    void isReadAsItWasWritten() {
        assertThat(RefreshToken.parse(token.text())).contains(token);
    }

    @Test
    void isFollowedByAnotherOfItsFamily() {
        RefreshToken next = token.next(random);

        assertThat(next.family()).isEqualTo(token.family());
        assertThat(next.text()).isNotEqualTo(token.text());
        assertThat(next.hash()).hasSize(32).isNotEqualTo(token.hash());
        assertThat(RefreshToken.parse(next.text())).contains(next);
    }

    @Test
    void isOfNoOtherFamily() {
        assertThat(IntStream.range(0, 1_000)
                        .mapToObj(any -> RefreshToken.first(random).family()))
                .doesNotHaveDuplicates();
    }

    @Test
    void isNeverPrinted() {
        assertThat(token.toString()).isEqualTo("RefreshToken[***]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a.b.c",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\u0000"
            })
    void isNothingOfAnotherForm(String text) {
        assertThat(RefreshToken.parse(text)).isEmpty();
    }
}
