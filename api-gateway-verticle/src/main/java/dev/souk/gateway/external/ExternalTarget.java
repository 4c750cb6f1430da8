package dev.souk.gateway.external;

import dev.souk.contracts.Fault;
import dev.souk.gateway.problem.Problem;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request asks of which external service.
 *
 * @param service its name
 * @param path what follows it, as it was sent, from its slash on
 * @param query what follows the question mark, as it was sent; empty if there is none
 */
record ExternalTarget(String service, String path, Optional<String> query) {
    static final String PREFIX = "/api/v1/ext/";

    private static final Pattern NAMED = Pattern.compile(Pattern.quote(PREFIX) + "([^/]+)(/.*)?", Pattern.DOTALL);
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e&&[^\\\\\"<>^`{|}#]]*");
    /** Encoded once, twice or three times over: who decodes once more than we do must not find a way out. */
    private static final Pattern HIDDEN = Pattern.compile("%(25){0,2}(2[ef]|5c|00)");

    /** @throws Fault {@code INVALID_REQUEST} for a path that could lead out of the service's own */
    static ExternalTarget of(String path, String query) {
        Matcher named = NAMED.matcher(path);
        if (!named.matches()) {
            throw Problem.of("not-found", "There is nothing at this path.").refusal();
        }
        String below = Optional.ofNullable(named.group(2)).orElse("");
        if (!PLAIN.matcher(below).matches() || isDevious(below)) {
            throw Fault.invalid(
                    "path", "must be plain: no . or .. as a part, no // to begin with, no encoded slash or dot");
        }
        return new ExternalTarget(named.group(1), below, Optional.ofNullable(query));
    }

    /** The address below the path that the service was registered with. */
    String below(String basePath) {
        String whole = basePath + path;
        return (whole.isEmpty() ? "/" : whole) + query.map(sent -> "?" + sent).orElse("");
    }

    private static boolean isDevious(String path) {
        return path.startsWith("//")
                || HIDDEN.matcher(path.toLowerCase(Locale.ROOT)).find()
                || path.lines()
                        .flatMap(line -> Pattern.compile("/").splitAsStream(line))
                        .anyMatch(ExternalTarget::isDots);
    }

    /** Parameters of a part do not count: some servers cut them off before they look at it. */
    private static boolean isDots(String part) {
        int parameters = part.indexOf(';');
        String name = parameters < 0 ? part : part.substring(0, parameters);
        return name.equals(".") || name.equals("..");
    }
}
