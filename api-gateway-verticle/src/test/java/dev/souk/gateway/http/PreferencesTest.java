package dev.souk.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {
    private static final String ASYNC = "respond-async";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "respond-async",
                "Respond-ASYNC",
                " respond-async ",
                "respond-async, wait=10",
                "return=minimal,respond-async",
                "respond-async; foo=bar",
                "respond-async=\"\"",
                ",,respond-async",
                "foo=\"a, b\", respond-async",
                "foo=\"a\\\"\", respond-async"
            })
    void findsWhatIsPreferred(String header) {
        assertThat(Preferences.contain(header, ASYNC)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "respond",
                "respond-asynchronously",
                "not-respond-async",
                "respond-async=no",
                "foo=respond-async",
                "foo; respond-async",
                "foo=\"a, respond-async\"",
                "foo=\"a\\\", respond-async\"",
                "foo=\"never closed, respond-async",
                "foo=\"\\"
            })
    void passesOverWhatIsNot(String header) {
        assertThat(Preferences.contain(header, ASYNC)).isFalse();
    }
}
