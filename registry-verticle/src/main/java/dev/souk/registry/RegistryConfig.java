package dev.souk.registry;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.kit.net.ClosedAddresses;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the operator decides about the registry.
 *
 * @param allowLinkLocal whether a URL may lead to a link-local or metadata address
 */
record RegistryConfig(DatabaseConfig database, boolean allowLinkLocal) {
    static final String SERVICE = "registry";

    static final List<Setting<?>> SETTINGS = Stream.of(
                    DatabaseConfig.settings(SERVICE), List.<Setting<?>>of(ClosedAddresses.ALLOWED))
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** @throws ConfigurationException naming the setting that is wrong */
    static RegistryConfig from(Environment environment) {
        return new RegistryConfig(DatabaseConfig.from(environment, SERVICE), environment.get(ClosedAddresses.ALLOWED));
    }
}
