package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
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
}
