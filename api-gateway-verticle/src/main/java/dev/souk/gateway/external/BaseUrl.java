package dev.souk.gateway.external;

import java.net.URI;
import java.util.Locale;

/**
 * Where a registered URL leads.
 *
 * @param authority host and port as the service is told them
 * @param path what all of its paths begin with; empty, or with a slash before and none behind
 */
record BaseUrl(boolean tls, String host, int port, String authority, String path) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    static BaseUrl of(URI url) {
        boolean tls = url.getScheme().toLowerCase(Locale.ROOT).equals("https");
        int usual = tls ? HTTPS_PORT : HTTP_PORT;
        return new BaseUrl(
                tls,
                url.getHost(),
                url.getPort() < 0 ? usual : url.getPort(),
                url.getRawAuthority(),
                url.getRawPath().replaceFirst("/+$", ""));
    }
}
