package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Notifications.CreateWebhook;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookRulesTest {
    private static final Set<String> CONFIRMED = Set.of("ORDER_CONFIRMED");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.com",
                "//example.com/",
                "/hook",
                "ftp://example.com/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http:example.com",
                "http:///hook",
                "https://user@example.com/",
                "https://user:secret@example.com/",
                "https://@example.com/",
                "https://example.com:0/",
                "https://example.com:65536/",
                "https://exa_mple.com/",
                "https://example.com/#here"
            })
    void refusesATargetThatCannotBe(String url) {
        assertThat(refusal(new CreateWebhook(URI.create(url), CONFIRMED)).violations())
                .extracting(Violation::pointer)
                .containsExactly("/url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com",
                "HTTPS://example.com:8443/hook?a=b&c=%20",
                "https://[2606:4700::1111]/",
                "https://8.8.8.8:1/",
                "https://example.com:65535/\u00fc"
            })
    void takesATargetThatCanBe(String url) {
        assertThatCode(() -> WebhookRules.check(new CreateWebhook(URI.create(url), CONFIRMED)))
                .doesNotThrowAnyException();
    }

    @Test
    void takesTwoThousandCharactersAndNoMore() {
        String longest = "https://example.com/" + "a".repeat(1_980);
        CreateWebhook tooLong = new CreateWebhook(URI.create(longest + "a"), CONFIRMED);

        assertThatCode(() -> WebhookRules.check(new CreateWebhook(URI.create(longest), CONFIRMED)))
                .doesNotThrowAnyException();
        assertThat(refusal(tooLong).violations()).extracting(Violation::pointer).containsExactly("/url");
    }

    @Test
    void takesEveryEventOfTheContracts() {
        assertThat(Reaction.TYPES).hasSize(11);
        assertThatCode(() -> WebhookRules.check(new CreateWebhook(URI.create("https://example.com/"), Reaction.TYPES)))
                .doesNotThrowAnyException();
    }

    @Test
    void tellsAllThatIsWrong() {
        assertThat(refusal(new CreateWebhook(null, Set.of())).violations())
                .extracting(Violation::pointer)
                .containsExactly("/url", "/events");
        assertThat(refusal(new CreateWebhook(
                                URI.create("https://example.com"), Set.of("ORDER_CONFIRMED", "ORDER_EATEN")))
                        .violations())
                .extracting(Violation::pointer)
                .containsExactly("/events");
    }

    private static Fault refusal(CreateWebhook asked) {
        Fault fault = catchThrowableOfType(Fault.class, () -> WebhookRules.check(asked));
        assertThat(fault).isNotNull();
        assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
        return fault;
    }
}
