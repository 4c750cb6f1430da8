package dev.souk.order;

import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.event.EventSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * @param lease how long an instance may work on a checkout before another takes it over
 * @param sweep how often checkouts without an owner are looked for
 */
record OrderConfig(DatabaseConfig database, EventSettings events, Duration lease, Duration sweep) {
    private static final Setting<Duration> LEASE = Setting.duration(
            "SOUK_CHECKOUT_LEASE", "10s", "how long a checkout belongs to an instance that has gone silent");
    private static final Setting<Duration> SWEEP =
            Setting.duration("SOUK_CHECKOUT_SWEEP", "500ms", "how often checkouts without an owner are looked for");

    static final List<Setting<?>> SETTINGS = Stream.of(
                    DatabaseConfig.settings("order"), List.of(LEASE, SWEEP), EventSettings.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    static OrderConfig from(Environment environment) {
        return new OrderConfig(
                DatabaseConfig.from(environment, "order"),
                EventSettings.from(environment),
                environment.get(LEASE),
                environment.get(SWEEP));
    }
}
