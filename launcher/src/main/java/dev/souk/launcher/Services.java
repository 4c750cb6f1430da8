package dev.souk.launcher;

import dev.souk.gateway.GatewayVerticle;
import dev.souk.kit.node.ServiceDefinition;
import dev.souk.notification.NotificationVerticle;
import dev.souk.order.OrderVerticle;
import dev.souk.payment.PaymentVerticle;
import dev.souk.product.ProductVerticle;
import dev.souk.registry.RegistryVerticle;
import dev.souk.user.UserVerticle;
import java.util.List;

/** The services of the shop. */
final class Services {
    static final String GATEWAY = GatewayVerticle.DEFINITION.name();
    static final String PAYMENT = PaymentVerticle.DEFINITION.name();

    static final List<ServiceDefinition> ALL = List.of(
            UserVerticle.DEFINITION,
            ProductVerticle.DEFINITION,
            PaymentVerticle.DEFINITION,
            NotificationVerticle.DEFINITION,
            OrderVerticle.DEFINITION,
            RegistryVerticle.DEFINITION,
            GatewayVerticle.DEFINITION);

    private Services() {}

    /** The names of all services. */
    static List<String> names() {
        return ALL.stream().map(ServiceDefinition::name).toList();
    }

    /** The services of these names, all for none. @throws LaunchException for a name that is none */
    static List<ServiceDefinition> named(List<String> names) {
        names.stream().filter(name -> !names().contains(name)).findFirst().ifPresent(name -> {
            throw new LaunchException("there is no service '" + name + "'; there are " + String.join(", ", names()));
        });
        return names.isEmpty()
                ? ALL
                : ALL.stream().filter(service -> names.contains(service.name())).toList();
    }
}
