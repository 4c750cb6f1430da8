package dev.souk.kit.node;

import dev.souk.kit.config.Setting;
import io.vertx.core.Deployable;
import java.util.List;
import java.util.function.Function;

/**
 * A service that a node can run.
 *
 * @param name as it is known on the bus and on the command line
 * @param settings what can be configured of it
 * @param verticle makes the verticle that wires it
 */
public record ServiceDefinition(
        String name, List<Setting<?>> settings, Function<ServiceContext, ? extends Deployable> verticle) {
    public ServiceDefinition {
        settings = List.copyOf(settings);
    }
}
