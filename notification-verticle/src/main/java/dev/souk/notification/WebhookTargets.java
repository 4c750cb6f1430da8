package dev.souk.notification;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.util.List;

/** Where a webhook's name leads at this moment, as far as it may lead there. */
final class WebhookTargets {
    private final NameLookup names;
    private final boolean allowPrivate;

    /** A name leads to where webhooks must not. */
    static final class Forbidden extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Forbidden(String host) {
            super(host + " leads to an address that is not public", null, false, false);
        }
    }

    WebhookTargets(NameLookup names, boolean allowPrivate) {
        this.names = names;
        this.allowPrivate = allowPrivate;
    }

    /**
     * The addresses of a host; connect to one of these and to nothing else: asked again, the name may lead elsewhere. Fails
     * with {@link Forbidden} if only one of them is not public, with {@link java.net.UnknownHostException} if there is none.
     */
    Future<List<InetAddress>> find(String host) {
        return names.find(host).map(addresses -> {
            if (!allowPrivate && !addresses.stream().allMatch(AddressGuard::isPublic)) {
                throw new Forbidden(host);
            }
            return addresses;
        });
    }
}
