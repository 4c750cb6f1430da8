package dev.souk.product;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.event.EventSettings;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The product service.
 *
 * @param demoData whether an empty catalogue is filled at the start
 * @param reservationTimeToLive after how long it is asked whether the order behind a hold on stock still stands
 * @param reservationSweep how often such holds are looked for
 */
record ProductConfig(
        DatabaseConfig database,
        EventSettings events,
        boolean demoData,
        Duration reservationTimeToLive,
        Duration reservationSweep) {
    static final String SERVICE = "product";

    static final Setting<Boolean> DEMO_DATA =
            Setting.flag("SOUK_DEMO_DATA", false, "whether an empty catalogue is filled with a small demo one");
    private static final Setting<Duration> RESERVATION_TTL = Setting.duration(
            "SOUK_RESERVATION_TTL", "10m", "how long stock is held before it is asked whether its order still stands");
    private static final Setting<Duration> RESERVATION_SWEEP =
            Setting.duration("SOUK_RESERVATION_SWEEP", "30s", "how often stock that is held too long is looked for");

    static final List<Setting<?>> SETTINGS = Stream.of(
                    DatabaseConfig.settings(SERVICE),
                    EventSettings.SETTINGS,
                    List.<Setting<?>>of(DEMO_DATA, RESERVATION_TTL, RESERVATION_SWEEP))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** @throws ConfigurationException naming the setting that is wrong */
    static ProductConfig from(Environment environment) {
        return new ProductConfig(
                DatabaseConfig.from(environment, SERVICE),
                EventSettings.from(environment),
                environment.get(DEMO_DATA),
                environment.get(RESERVATION_TTL),
                environment.get(RESERVATION_SWEEP));
    }
}
