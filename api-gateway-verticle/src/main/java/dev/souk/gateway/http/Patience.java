package dev.souk.gateway.http;

import dev.souk.contracts.Fault;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How long a client says that it waits. What nobody waits for any more is not done. */
final class Patience {
    private static final String HEADER = "X-Souk-Remaining-Ms";
    private static final Pattern MILLIS = Pattern.compile("[0-9]{1,9}");

    private Patience() {}

    /** Empty if the client does not say. @throws Fault {@code INVALID_REQUEST} if nobody knows what it says */
    static Optional<Duration> of(MultiMap headers) {
        List<String> said = headers.getAll(HEADER);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        if (said.size() > 1 || !MILLIS.matcher(said.getFirst()).matches()) {
            throw Fault.invalid(HEADER, "must be one whole number of milliseconds");
        }
        return Optional.of(Duration.ofMillis(Long.parseLong(said.getFirst())));
    }
}
