package dev.souk.notification;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Notifications.CreateWebhook;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a webhook must be, as far as its form tells. */
final class WebhookRules {
    private static final int MAX_URL = 2_000;
    private static final int MAX_PORT = 65_535;
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private WebhookRules() {}

    /** @throws Fault {@code INVALID_REQUEST} with all that is wrong */
    static void check(CreateWebhook asked) {
        List<Violation> violations = Stream.of(
                        wrongUrl(asked.url()).map(detail -> new Violation("/url", detail)),
                        wrongEvents(asked.events()).map(detail -> new Violation("/events", detail)))
                .flatMap(Optional::stream)
                .toList();
        if (!violations.isEmpty()) {
            String detail = violations.stream()
                    .map(violation -> violation.pointer() + ": " + violation.detail())
                    .collect(Collectors.joining("; "));
            throw Fault.of(Fault.Code.INVALID_REQUEST, detail, violations);
        }
    }

    private static Optional<String> wrongUrl(URI url) {
        if (url == null || url.toString().isEmpty()) {
            return Optional.of("must be given");
        }
        if (url.toASCIIString().length() > MAX_URL) {
            return Optional.of("must be at most " + MAX_URL + " characters");
        }
        if (url.getScheme() == null || !SCHEMES.contains(url.getScheme().toLowerCase(Locale.ROOT))) {
            return Optional.of("must begin with https:// or http://");
        }
        if (url.getRawAuthority() != null && url.getRawAuthority().contains("@")) {
            return Optional.of("must not hold credentials");
        }
        if (url.getHost() == null || url.getPort() == 0 || url.getPort() > MAX_PORT) {
            return Optional.of("must name a host, and a port from 1 to " + MAX_PORT + " if any");
        }
        return url.getRawFragment() == null ? Optional.empty() : Optional.of("must not hold a fragment");
    }

    private static Optional<String> wrongEvents(Set<String> events) {
        return !events.isEmpty() && Reaction.TYPES.containsAll(events)
                ? Optional.empty()
                : Optional.of("must be at least one of " + String.join(", ", new TreeSet<>(Reaction.TYPES)));
    }
}
