package dev.souk.payment;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The payment provider, and how he is treated.
 *
 * @param timeout of one request
 * @param connections requests in flight at most
 * @param breakerFailures failures in a row after which he is left alone
 * @param breakerReset for how long, before he is tried again
 */
record ProviderConfig(
        String name, URI url, Duration timeout, int connections, int breakerFailures, Duration breakerReset) {
    static final Setting<String> NAME = Setting.text(
            "SOUK_PAYMENT_PROVIDER_NAME", "sandbox", "the payment provider's name, kept with each payment");
    static final Setting<URI> URL = new Setting<>(
            "SOUK_PAYMENT_PROVIDER_URL", "", "where the payment provider is", false, ProviderConfig::parseUrl);
    static final Setting<Duration> TIMEOUT = Setting.duration(
            "SOUK_PAYMENT_PROVIDER_TIMEOUT", "3500ms", "how long one request to the payment provider may take");
    static final Setting<Integer> CONNECTIONS = Setting.integer(
            "SOUK_PAYMENT_PROVIDER_CONNECTIONS", 64, 1, 10_000, "requests to the payment provider at once at most");
    static final Setting<Integer> BREAKER_FAILURES = Setting.integer(
            "SOUK_PAYMENT_BREAKER_FAILURES",
            5,
            1,
            1_000,
            "failures in a row after which the payment provider is left alone for a while");
    static final Setting<Duration> BREAKER_RESET =
            Setting.duration("SOUK_PAYMENT_BREAKER_RESET", "2s", "after how long he is tried again");

    static final List<Setting<?>> SETTINGS = List.of(NAME, URL, TIMEOUT, CONNECTIONS, BREAKER_FAILURES, BREAKER_RESET);

    /** @throws ConfigurationException naming the setting that is wrong */
    static ProviderConfig from(Environment environment) {
        return new ProviderConfig(
                environment.get(NAME),
                environment.get(URL),
                environment.get(TIMEOUT),
                environment.get(CONNECTIONS),
                environment.get(BREAKER_FAILURES),
                environment.get(BREAKER_RESET));
    }

    private static URI parseUrl(String text) {
        URI url = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        boolean plain = url.getUserInfo() == null && url.getQuery() == null && url.getFragment() == null;
        if (plain && url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
            return url;
        }
        throw new IllegalArgumentException("must be http://host:port or https://host:port");
    }
}
