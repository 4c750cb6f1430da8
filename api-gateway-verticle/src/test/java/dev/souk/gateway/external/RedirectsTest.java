package dev.souk.gateway.external;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.Policy;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectsTest {
    private static final Entry RATINGS = new Entry(
            UUID.randomUUID(),
            "ratings",
            URI.create("http://10.0.0.7:8000/v1"),
            null,
            1,
            Policy.ROUND_ROBIN,
            Instant.EPOCH);

    @ParameterizedTest
    @CsvSource({
        "http://10.0.0.7:8000/v1/new?x=1, /api/v1/ext/ratings/new?x=1",
        "HTTP://10.0.0.7:8000/v1, /api/v1/ext/ratings",
        "/v1/new, /api/v1/ext/ratings/new",
        "/v1, /api/v1/ext/ratings",
        "new, new",
        "https://elsewhere.example/a, https://elsewhere.example/a",
        "http://10.0.0.7:80001/v1/a, http://10.0.0.7:80001/v1/a"
    })
    void leadThroughTheGateway(String location, String expected) {
        assertThat(led(location)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/v2/new", "/v12", "/api/v1/users", "http://10.0.0.7:8000/other", "//elsewhere/a", "../up", "::"
            })
    void thatLeadIntoTheShopOrToTheServicesOwnPathsAreDropped(String location) {
        assertThat(led(location)).isNull();
    }

    private static String led(String location) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("Location", location);
        Redirects.lead(headers, RATINGS);
        return headers.get("Location");
    }
}
