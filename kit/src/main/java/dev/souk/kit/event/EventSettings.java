package dev.souk.kit.event;

import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.time.Duration;
import java.util.List;

/**
 * How patiently events are delivered.
 *
 * @param poll how often a relay looks for events that nobody told it of
 * @param attempts how often an event that its receiver refuses is sent before it is parked
 * @param inboxKept how long a receiver remembers which events it has applied; longer than any event may be on its way
 */
public record EventSettings(Duration poll, int attempts, Duration inboxKept) {
    private static final Setting<Duration> POLL = Setting.duration(
            "SOUK_EVENTS_POLL", "500ms", "how often undelivered events are looked for that nobody told of");
    private static final Setting<Integer> ATTEMPTS = Setting.integer(
            "SOUK_EVENTS_ATTEMPTS",
            8,
            1,
            100,
            "how often an event that its receiver refuses is sent before it is parked");
    private static final Setting<Duration> INBOX_KEPT = Setting.duration(
            "SOUK_EVENTS_INBOX_KEPT", "720h", "how long a receiver remembers the events that it has applied");

    public static final List<Setting<?>> SETTINGS = List.of(POLL, ATTEMPTS, INBOX_KEPT);

    public static EventSettings from(Environment environment) {
        return new EventSettings(environment.get(POLL), environment.get(ATTEMPTS), environment.get(INBOX_KEPT));
    }
}
