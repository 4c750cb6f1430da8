package dev.souk.kit.db;

import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * One service's own database.
 *
 * @param service whose it is; its migrations lie under {@code db/migration/<service>}
 * @param sslMode as libpq names it: {@code disable}, {@code require}, {@code verify-full}, ...
 * @param poolSize connections at most, per service instance
 * @param mostInBatch how many writes are committed together at most
 */
public record DatabaseConfig(
        String service,
        String host,
        int port,
        String name,
        String user,
        String password,
        String sslMode,
        int poolSize,
        int mostInBatch) {
    private static final int DEFAULT_PORT = 5432;

    public DatabaseConfig {
        Objects.requireNonNull(service, "service");
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(password, "password");
    }

    /** The address setting of a service, {@code SOUK_USER_DATABASE_URL}. */
    public static Setting<URI> url(String service) {
        return Setting.databaseUrl(
                variable(service, "DATABASE_URL"),
                "database of the " + service + " service; set, it replaces the embedded one");
    }

    private static Setting<Integer> poolSizeOf(String service) {
        return Setting.integer(
                variable(service, "DATABASE_POOL"), 8, 1, 200, "connections of the " + service + " service at most");
    }

    private static Setting<Integer> mostInBatchOf(String service) {
        return Setting.integer(
                variable(service, "DATABASE_BATCH"),
                512,
                1,
                10_000,
                "writes of the " + service + " service committed together at most");
    }

    public static List<Setting<?>> settings(String service) {
        return List.of(url(service), poolSizeOf(service), mostInBatchOf(service));
    }

    public static DatabaseConfig from(Environment environment, String service) {
        URI url = environment.get(url(service));
        String[] login =
                Objects.requireNonNullElse(url.getRawUserInfo(), service).split(":", 2);
        return new DatabaseConfig(
                service,
                url.getHost(),
                url.getPort() < 0 ? DEFAULT_PORT : url.getPort(),
                url.getPath().substring(1),
                decoded(login[0]),
                login.length > 1 ? decoded(login[1]) : "",
                parameters(url).getOrDefault("sslmode", "disable"),
                environment.get(poolSizeOf(service)),
                environment.get(mostInBatchOf(service)));
    }

    @Override
    public String toString() {
        return "database " + name + " at " + host + ":" + port;
    }

    private static String variable(String service, String suffix) {
        return "SOUK_" + service.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + suffix;
    }

    private static Map<String, String> parameters(URI url) {
        String query = Objects.requireNonNullElse(url.getRawQuery(), "");
        return List.of(query.split("&")).stream()
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(Collectors.toMap(pair -> decoded(pair[0]), pair -> decoded(pair[1]), (first, last) -> last));
    }

    /** Percent-decoded as in any part of an address; a plus is a plus, which it is not in a web form. */
    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
