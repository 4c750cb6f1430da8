package dev.souk.gateway;

import dev.souk.gateway.http.GatewayServer;
import dev.souk.kit.config.ConfigurationException;
import java.time.Duration;

/**
 * How order events are streamed.
 *
 * @param limit how many streams are open at a time
 * @param heartbeat how often a stream is written to at least, so that nobody on the way takes it for dead
 */
public record EventStreamConfig(int limit, Duration heartbeat) {
    public EventStreamConfig {
        if (heartbeat.compareTo(GatewayServer.IDLE_LIMIT) >= 0) {
            throw new ConfigurationException("SOUK_EVENT_HEARTBEAT: must be shorter than "
                    + GatewayServer.IDLE_LIMIT.toSeconds() + "s, after which an idle connection is closed");
        }
    }
}
