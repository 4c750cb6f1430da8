package dev.souk.product;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.db.DatabaseConfig;
import java.util.List;
import java.util.stream.Stream;

/**
 * The product service.
 *
 * @param demoData whether an empty catalogue is filled at the start
 */
record ProductConfig(DatabaseConfig database, boolean demoData) {
    static final String SERVICE = "product";

    static final Setting<Boolean> DEMO_DATA =
            Setting.flag("SOUK_DEMO_DATA", false, "whether an empty catalogue is filled with a small demo one");

    static final List<Setting<?>> SETTINGS = Stream.concat(
                    DatabaseConfig.settings(SERVICE).stream(), Stream.of(DEMO_DATA))
            .toList();

    /** @throws ConfigurationException naming the setting that is wrong */
    static ProductConfig from(Environment environment) {
        return new ProductConfig(DatabaseConfig.from(environment, SERVICE), environment.get(DEMO_DATA));
    }
}
