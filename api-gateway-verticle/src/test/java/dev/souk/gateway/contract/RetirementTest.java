package dev.souk.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class RetirementTest {
    private static final Contract CONTRACT = Contract.parse("""
            paths:
              /a:
                get: {operationId: old, security: [], deprecated: true, x-souk-sunset: 2027-05-01}
                post: {operationId: young, security: []}
            """);

    @Test
    void tellsTheDayInTheFormsThatTheRfcsWant() {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();

        CONTRACT.operations().getFirst().retirement().orElseThrow().tell(headers);

        assertThat(headers.get("Sunset")).isEqualTo("Sat, 01 May 2027 00:00:00 GMT");
        // 2026-05-01T00:00:00Z
        assertThat(headers.get("Deprecation")).isEqualTo("@1777593600");
    }

    @Test
    void whatIsNotDeprecatedHasNoEnd() {
        assertThat(CONTRACT.operations().getLast().retirement()).isEmpty();
    }
}
