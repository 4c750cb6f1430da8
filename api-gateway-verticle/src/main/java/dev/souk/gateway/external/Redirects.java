package dev.souk.gateway.external;

import dev.souk.contracts.Registry.Entry;
import io.vertx.core.MultiMap;
import java.net.URI;
import java.util.Optional;

/** Makes redirects within a service lead through the gateway, and never into the shop or to the service's own address. */
final class Redirects {
    private static final String HEADER = "Location";

    private Redirects() {}

    /** Replaces the header, or takes it away if it leads to a path of the service's host that is not ours to show. */
    static void lead(MultiMap headers, Entry entry) {
        String location = headers.get(HEADER);
        if (location != null) {
            through(location, entry).ifPresentOrElse(led -> headers.set(HEADER, led), () -> headers.remove(HEADER));
        }
    }

    private static Optional<String> through(String location, Entry entry) {
        BaseUrl base = BaseUrl.of(entry.url());
        String own = entry.url().getScheme() + "://" + base.authority();
        if (location.regionMatches(true, 0, own, 0, own.length())
                && (location.length() == own.length() || "/?#".indexOf(location.charAt(own.length())) >= 0)) {
            return below(location.substring(own.length()), base, entry);
        }
        if (location.startsWith("/") && !location.startsWith("//")) {
            return below(location, base, entry);
        }
        return isElsewhere(location) ? Optional.of(location) : Optional.empty();
    }

    private static Optional<String> below(String path, BaseUrl base, Entry entry) {
        boolean isBelow = path.startsWith(base.path())
                && (path.length() == base.path().length()
                        || "/?#".indexOf(path.charAt(base.path().length())) >= 0);
        return isBelow
                ? Optional.of(ExternalTarget.PREFIX
                        + entry.name()
                        + path.substring(base.path().length()))
                : Optional.empty();
    }

    /** A relative one stays within what was asked for; a whole address is the service's own to answer for. */
    private static boolean isElsewhere(String location) {
        try {
            URI led = URI.create(location);
            return led.isAbsolute() || !location.startsWith("/") && !location.contains("..");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
