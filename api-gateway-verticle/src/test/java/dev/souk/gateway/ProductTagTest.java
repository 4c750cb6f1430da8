package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProductTagTest {
    @ParameterizedTest
    @ValueSource(strings = {"\"3.17\"", "\"3.0\"", "W/\"3.17\"", "\"3\"", " \"3.17\" "})
    void readsTheVersionAlone(String ifMatch) {
        assertThat(ProductTag.version(ifMatch)).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"*", "3.17", "\"\"", "\"3.\"", "\"-3.1\"", "\"3.17\", \"4.1\"", "\"99999999999999999999\"", "w"})
    void knowsWhatIsNoTag(String ifMatch) {
        assertThat(ProductTag.version(ifMatch)).isEmpty();
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
        assertThat(ProductTag.isNamed("\"3.17\"", ifNoneMatch)).isEqualTo(named);
    }

    @Test
    void aPrefixIsNotTheTag() {
        assertThat(ProductTag.isNamed("\"3.17\"", "\"3.1\"")).isFalse();
    }
}
