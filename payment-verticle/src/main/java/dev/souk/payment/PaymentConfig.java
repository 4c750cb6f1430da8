package dev.souk.payment;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.db.DatabaseConfig;
import java.util.List;
import java.util.stream.Stream;

/** What the operator decides about payments. */
record PaymentConfig(DatabaseConfig database, ProviderConfig provider) {
    static final String SERVICE = "payment";

    static final List<Setting<?>> SETTINGS = Stream.concat(
                    DatabaseConfig.settings(SERVICE).stream(), ProviderConfig.SETTINGS.stream())
            .toList();

    /** @throws ConfigurationException naming the setting that is wrong */
    static PaymentConfig from(Environment environment) {
        return new PaymentConfig(DatabaseConfig.from(environment, SERVICE), ProviderConfig.from(environment));
    }
}
