package dev.souk.gateway;

import dev.souk.gateway.grpc.GrpcConfig;
import dev.souk.gateway.http.ServerConfig;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.time.Duration;
import java.util.List;

/**
 * How the gateway is configured.
 *
 * @param server the HTTP server
 * @param grpc the gRPC server
 * @param checkoutDeadline how long a client waits for the end of an order; then it is told that the order is pending
 * @param events how order events are streamed
 */
public record GatewayConfig(ServerConfig server, GrpcConfig grpc, Duration checkoutDeadline, EventStreamConfig events) {
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

    public static final List<Setting<?>> SETTINGS = List.of(
            HOST, PORT, GRPC_PORT, CORS_ORIGINS, CHECKOUT_DEADLINE, REQUEST_DEADLINE, EVENT_STREAMS, EVENT_HEARTBEAT);

    /** @throws ConfigurationException naming the setting that is wrong */
    public static GatewayConfig from(Environment environment) {
        ServerConfig server = new ServerConfig(
                environment.get(HOST),
                environment.get(PORT),
                environment.find(CORS_ORIGINS).orElse(List.of()),
                environment.get(REQUEST_DEADLINE));
        GrpcConfig grpc =
                new GrpcConfig(environment.get(HOST), environment.find(GRPC_PORT), environment.get(REQUEST_DEADLINE));
        EventStreamConfig events =
                new EventStreamConfig(environment.get(EVENT_STREAMS), environment.get(EVENT_HEARTBEAT));
        return new GatewayConfig(server, grpc, environment.get(CHECKOUT_DEADLINE), events);
    }
}
