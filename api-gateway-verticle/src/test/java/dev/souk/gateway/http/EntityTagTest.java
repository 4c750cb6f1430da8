package dev.souk.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntityTagTest {
    @Test
    void isTheSameForTheSameAndAnotherForAnother() {
        assertThat(EntityTag.of(Buffer.buffer("a")))
                .isEqualTo(EntityTag.of(Buffer.buffer("a")))
                .isNotEqualTo(EntityTag.of(Buffer.buffer("b")))
                .matches("\"[A-Za-z0-9_-]{22}\"");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            delimiter = ';',
            value = {
                "\"3.17\"; true",
                "W/\"3.17\"; true",
                "*; true",
                "\"1.1\", \"3.17\"; true",
                "\"3.16\"; false",
                "3.17; false"
            })
    void findsItselfInIfNoneMatch(String ifNoneMatch, boolean named) {
        assertThat(EntityTag.isNamed("\"3.17\"", ifNoneMatch)).isEqualTo(named);
    }

    @Test
    void aPrefixIsNotTheTag() {
        assertThat(EntityTag.isNamed("\"3.17\"", "\"3.1\"")).isFalse();
    }
}
