package dev.souk.gateway;

import dev.souk.gateway.external.ExternalConfig;
import dev.souk.gateway.grpc.GrpcConfig;
import dev.souk.gateway.http.ConnectionConfig;
import dev.souk.gateway.http.ServerConfig;
import dev.souk.gateway.http.TlsConfig;
import dev.souk.gateway.http.TrustedProxies;
import dev.souk.gateway.limit.LimitConfig;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the gateway is configured.
 *
 * @param server the HTTP server
 * @param grpc the gRPC server
 * @param checkoutDeadline how long a client waits for the end of an order; then it is told that the order is pending
 * @param events how order events are streamed
 * @param limits how much clients may do
 * @param external how external services are reached
 */
public record GatewayConfig(
        ServerConfig server,
        GrpcConfig grpc,
        Duration checkoutDeadline,
        EventStreamConfig events,
        LimitConfig limits,
        ExternalConfig external) {
    public static final Setting<String> HOST =
            Setting.text("SOUK_HTTP_HOST", "127.0.0.1", "the address that clients reach the shop at");
    public static final Setting<Integer> PORT =
            Setting.integer("SOUK_HTTP_PORT", 8080, 0, 65_535, "the port that clients reach the shop at; 0 for any");
    public static final Setting<Integer> GRPC_PORT = new Setting<>(
            "SOUK_GRPC_PORT",
            "",
            "the port that gRPC clients reach the shop at, at the same address; 0 for any; none for no gRPC",
            false,
            PORT.parse());
    public static final Setting<List<String>> CORS_ORIGINS =
            Setting.list("SOUK_CORS_ORIGINS", "", "origins whose pages may call, such as https://shop.example");
    public static final Setting<Duration> CHECKOUT_DEADLINE = Setting.duration(
            "SOUK_CHECKOUT_DEADLINE", "5s", "how long a client waits for the end of an order before it gets a 202");
    public static final Setting<Duration> REQUEST_DEADLINE =
            Setting.duration("SOUK_REQUEST_DEADLINE", "3s", "how long any other request may take");
    public static final Setting<Integer> EVENT_STREAMS = Setting.integer(
            "SOUK_EVENT_STREAMS", 500, 1, 100_000, "how many clients may follow an order's events at a time");
    public static final Setting<Duration> EVENT_HEARTBEAT = Setting.duration(
            "SOUK_EVENT_HEARTBEAT", "15s", "how often a client that follows an order hears that the gateway is there");

    public static final Setting<Path> TLS_CERT =
            Setting.path("SOUK_HTTP_TLS_CERT", "", "the server's certificate and its chain, PEM; none for clear text");
    public static final Setting<Path> TLS_KEY = Setting.path("SOUK_HTTP_TLS_KEY", "", "its key, PEM (PKCS #8)");
    public static final Setting<List<String>> TRUSTED_PROXIES =
            Setting.list("SOUK_TRUSTED_PROXIES", "", "networks such as 10.0.0.0/8 whose X-Forwarded-For is believed");
    public static final Setting<Integer> CONNECTIONS =
            Setting.integer("SOUK_HTTP_CONNECTIONS", 10_000, 1, 1_000_000, "how many clients are connected at a time");
    public static final Setting<Integer> CONNECTIONS_OF_ADDRESS =
            Setting.integer("SOUK_HTTP_CONNECTIONS_ADDRESS", 1_000, 1, 1_000_000, "how many of them from one address");
    public static final Setting<Duration> HEAD_DEADLINE = Setting.duration(
            "SOUK_HTTP_HEAD_DEADLINE", "10s", "how long the head of a request may take; then its connection is cut");
    public static final Setting<Duration> BODY_DEADLINE = Setting.duration(
            "SOUK_HTTP_BODY_DEADLINE", "10s", "how long the body of a request may take; then it is refused");
    public static final Setting<Duration> ANSWER_DEADLINE = Setting.duration(
            "SOUK_HTTP_ANSWER_DEADLINE", "30s", "how long a client may take to accept an answer before it is cut off");
    public static final Setting<Boolean> RATE_LIMIT = Setting.flag(
            "SOUK_RATE_LIMIT", true, "whether there are limits on what clients may do; off for load tests only");
    public static final Setting<Integer> RATE_LIMIT_USER = limit("SOUK_RATE_LIMIT_USER", 100, "requests a second");
    public static final Setting<Integer> RATE_LIMIT_ADDRESS =
            limit("SOUK_RATE_LIMIT_ADDRESS", 200, "requests a second from one address");
    public static final Setting<Integer> RATE_LIMIT_REGISTRATIONS =
            limit("SOUK_RATE_LIMIT_REGISTRATIONS", 20, "registrations a minute from one address");
    public static final Setting<Integer> RATE_LIMIT_LOGINS =
            limit("SOUK_RATE_LIMIT_FAILED_LOGINS", 10, "failed log-ins a minute to one account");
    public static final Setting<Integer> RATE_LIMIT_LOGINS_ADDRESS =
            limit("SOUK_RATE_LIMIT_FAILED_LOGINS_ADDRESS", 100, "failed log-ins a minute from one address");

    public static final List<Setting<?>> SETTINGS = Stream.of(
                    List.of(
                            HOST,
                            PORT,
                            GRPC_PORT,
                            CORS_ORIGINS,
                            CHECKOUT_DEADLINE,
                            REQUEST_DEADLINE,
                            EVENT_STREAMS,
                            EVENT_HEARTBEAT,
                            TLS_CERT,
                            TLS_KEY,
                            TRUSTED_PROXIES,
                            CONNECTIONS,
                            CONNECTIONS_OF_ADDRESS,
                            HEAD_DEADLINE,
                            BODY_DEADLINE,
                            ANSWER_DEADLINE,
                            RATE_LIMIT,
                            RATE_LIMIT_USER,
                            RATE_LIMIT_ADDRESS,
                            RATE_LIMIT_REGISTRATIONS,
                            RATE_LIMIT_LOGINS,
                            RATE_LIMIT_LOGINS_ADDRESS),
                    ExternalConfig.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** @throws ConfigurationException naming the setting that is wrong */
    public static GatewayConfig from(Environment environment) {
        ServerConfig server = new ServerConfig(
                environment.get(HOST),
                environment.get(PORT),
                environment.find(CORS_ORIGINS).orElse(List.of()),
                environment.get(REQUEST_DEADLINE),
                TlsConfig.of(environment.find(TLS_CERT), environment.find(TLS_KEY)),
                new TrustedProxies(environment.find(TRUSTED_PROXIES).orElse(List.of())),
                connections(environment));
        GrpcConfig grpc =
                new GrpcConfig(environment.get(HOST), environment.find(GRPC_PORT), environment.get(REQUEST_DEADLINE));
        EventStreamConfig events =
                new EventStreamConfig(environment.get(EVENT_STREAMS), environment.get(EVENT_HEARTBEAT));
        return new GatewayConfig(
                server,
                grpc,
                environment.get(CHECKOUT_DEADLINE),
                events,
                limits(environment),
                ExternalConfig.from(environment));
    }

    private static ConnectionConfig connections(Environment environment) {
        return new ConnectionConfig(
                environment.get(CONNECTIONS),
                // Whoever tests with load sends it all from one address.
                environment.get(RATE_LIMIT) ? environment.get(CONNECTIONS_OF_ADDRESS) : environment.get(CONNECTIONS),
                environment.get(HEAD_DEADLINE),
                environment.get(BODY_DEADLINE),
                environment.get(ANSWER_DEADLINE));
    }

    private static LimitConfig limits(Environment environment) {
        return new LimitConfig(
                environment.get(RATE_LIMIT),
                environment.get(RATE_LIMIT_USER),
                environment.get(RATE_LIMIT_ADDRESS),
                environment.get(RATE_LIMIT_REGISTRATIONS),
                environment.get(RATE_LIMIT_LOGINS),
                environment.get(RATE_LIMIT_LOGINS_ADDRESS));
    }

    private static Setting<Integer> limit(String name, int fallback, String about) {
        return Setting.integer(name, fallback, 1, 1_000_000, about);
    }
}
