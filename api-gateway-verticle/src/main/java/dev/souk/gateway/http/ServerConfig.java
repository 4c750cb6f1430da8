package dev.souk.gateway.http;

import dev.souk.kit.config.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the HTTP server is configured.
 *
 * @param host the address that clients reach it at
 * @param port 0 for any that is free
 * @param corsOrigins pages of these origins may call it; exact, no wildcards
 * @param requestDeadline how long a request may take unless its handler knows better
 * @param tls empty for clear text
 * @param proxies who may say for whom they ask
 */
public record ServerConfig(
        String host,
        int port,
        List<String> corsOrigins,
        Duration requestDeadline,
        Optional<TlsConfig> tls,
        TrustedProxies proxies,
        ConnectionConfig connections) {
    private static final Pattern ORIGIN = Pattern.compile("https?://[^/?#*\\s]+");

    public ServerConfig {
        corsOrigins = List.copyOf(corsOrigins);
        for (String origin : corsOrigins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new ConfigurationException(
                        "SOUK_CORS_ORIGINS: '" + origin + "' is not an origin such as https://shop.example");
            }
        }
    }
}
