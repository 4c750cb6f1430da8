package dev.souk.gateway.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalTargetTest {
    @ParameterizedTest
    @CsvSource({
        "/api/v1/ext/ratings/products/7, '', /products/7",
        "/api/v1/ext/ratings/products/7, /v1, /v1/products/7",
        "/api/v1/ext/ratings/, /v1, /v1/",
        "/api/v1/ext/ratings, /v1, /v1",
        "/api/v1/ext/ratings, '', /",
        "/api/v1/ext/ratings/a%20b;c=d/e..f/..g/h./%C3%A9, '', /a%20b;c=d/e..f/..g/h./%C3%A9",
        "/api/v1/ext/ratings/a//b, '', /a//b"
    })
    void leadsBelowTheRegisteredPath(String path, String base, String expected) {
        ExternalTarget target = ExternalTarget.of(path, null);

        assertThat(target.service()).isEqualTo("ratings");
        assertThat(target.below(base)).isEqualTo(expected);
    }

    @Test
    void keepsTheQueryAsItWasSent() {
        ExternalTarget target = ExternalTarget.of("/api/v1/ext/ratings/a", "x=%2F..%2f&x=2&&y&=%zz");

        assertThat(target.below("/v1")).isEqualTo("/v1/a?x=%2F..%2f&x=2&&y&=%zz");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..",
                "/../admin",
                "/a/../../admin",
                "/.",
                "/a/./b",
                "/%2e%2e/admin",
                "/%2E./admin",
                "/.%2e/admin",
                "/%252e%252e/admin",
                "/%25252e%25252e/admin",
                "/..%2fadmin",
                "/a%2Fb",
                "/a%252Fb",
                "/..%5cadmin",
                "/..\\admin",
                "/..;x=1/admin",
                "/.;/admin",
                "//other.example/x",
                "/a%00",
                "/a b",
                "/a\r\nHost: other",
                "/a#b"
            })
    void refusesWhatCouldLeadOut(String below) {
        assertThatThrownBy(() -> ExternalTarget.of("/api/v1/ext/ratings" + below, null))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST));
    }
}
