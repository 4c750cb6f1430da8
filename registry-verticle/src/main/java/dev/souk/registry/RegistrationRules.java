package dev.souk.registry;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.contracts.Registry.Register;
import dev.souk.kit.net.ClosedAddresses;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What an external service must be, as far as its form tells; where its name leads to is looked at when it is connected to. */
final class RegistrationRules {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,62}");
    private static final Pattern PLAIN_PATH = Pattern.compile("(/[A-Za-z0-9._~!$&'()*+,;=:@-]*)*");
    private static final Pattern HEALTH_PATH = Pattern.compile("/[\\x21-\\x7e&&[^#]]*");
    private static final Pattern DOTS = Pattern.compile("(^|/)\\.{1,2}(/|$)");
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final int MAX_URL = 2_000;
    private static final int MAX_HEALTH_PATH = 500;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_WEIGHT = 100;

    private final boolean allowLinkLocal;

    RegistrationRules(boolean allowLinkLocal) {
        this.allowLinkLocal = allowLinkLocal;
    }

    /** @throws Fault {@code INVALID_REQUEST} with all that is wrong */
    void check(Register asked) {
        List<Violation> violations = Stream.of(
                        wrongName(asked.name()).map(detail -> new Violation("/name", detail)),
                        wrongUrl(asked.url()).map(detail -> new Violation("/url", detail)),
                        wrongHealthPath(asked.healthPath()).map(detail -> new Violation("/healthPath", detail)),
                        wrongWeight(asked.weight()).map(detail -> new Violation("/weight", detail)))
                .flatMap(Optional::stream)
                .toList();
        if (!violations.isEmpty()) {
            String detail = violations.stream()
                    .map(violation -> violation.pointer() + ": " + violation.detail())
                    .collect(Collectors.joining("; "));
            throw Fault.of(Fault.Code.INVALID_REQUEST, detail, violations);
        }
    }

    private static Optional<String> wrongName(String name) {
        return name != null && NAME.matcher(name).matches()
                ? Optional.empty()
                : Optional.of("must be a small letter and at most 62 more, digits or hyphens");
    }

    private Optional<String> wrongUrl(URI url) {
        if (url == null || url.toString().length() > MAX_URL) {
            return Optional.of("must be given, with at most " + MAX_URL + " characters");
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
        if (url.getRawQuery() != null || url.getRawFragment() != null) {
            return Optional.of("must hold no query and no fragment");
        }
        if (!PLAIN_PATH.matcher(url.getRawPath()).matches()
                || DOTS.matcher(url.getRawPath()).find()) {
            return Optional.of("must have a plain path, with no part that is . or .. or encoded");
        }
        return closed(url.getHost())
                ? Optional.of("must not lead to a link-local or metadata address")
                : Optional.empty();
    }

    private boolean closed(String host) {
        if (allowLinkLocal) {
            return false;
        }
        try {
            return ClosedAddresses.contain(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException e) {
            // A name, which leads somewhere else each time.
            return false;
        }
    }

    private static Optional<String> wrongHealthPath(String path) {
        if (path == null) {
            return Optional.empty();
        }
        return path.length() <= MAX_HEALTH_PATH
                        && HEALTH_PATH.matcher(path).matches()
                        && !DOTS.matcher(path).find()
                ? Optional.empty()
                : Optional.of("must be a path such as /health, of at most " + MAX_HEALTH_PATH + " characters");
    }

    private static Optional<String> wrongWeight(Integer weight) {
        return weight == null || weight >= 1 && weight <= MAX_WEIGHT
                ? Optional.empty()
                : Optional.of("must be from 1 to " + MAX_WEIGHT);
    }
}
