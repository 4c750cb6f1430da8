package dev.souk.gateway;

import static java.util.Map.entry;

import dev.souk.gateway.external.ExternalServicesHandler;
import dev.souk.gateway.http.ApiHandler;
import dev.souk.gateway.limit.RateLimits;
import dev.souk.kit.bus.Bus;
import java.util.Map;

/** Who handles which operation of the contract. */
final class Handlers {
    private Handlers() {}

    static Map<String, ApiHandler> table(
            Bus bus,
            GatewayConfig config,
            GatewayFiles files,
            RateLimits limits,
            OrderEventStreams events,
            ExternalServicesHandler external,
            OperationsHandler operations) {
        UsersHandler users = new UsersHandler(bus, limits);
        ProductsHandler products = new ProductsHandler(bus);
        OrdersHandler orders = new OrdersHandler(bus, config.checkoutDeadline());
        PaymentsHandler payments = new PaymentsHandler(bus);
        NotificationsHandler notifications = new NotificationsHandler(bus);
        WebhooksHandler webhooks = new WebhooksHandler(bus);
        DocsHandler docs = new DocsHandler(files.contract(), files.problems(), files.docs());
        return Map.ofEntries(
                entry("registerUser", users::register),
                entry("createToken", users::logIn),
                entry("refreshToken", users::refresh),
                entry("logOut", users::logOut),
                entry("getMe", users::me),
                entry("changeMe", users::changeMe),
                entry("getUser", users::get),
                entry("listUsers", users::list),
                entry("getKeys", users::keys),
                entry("listProducts", products::list),
                entry("getProduct", products::get),
                entry("createProduct", products::create),
                entry("changeProduct", products::change),
                entry("archiveProduct", products::archive),
                entry("getStock", products::stock),
                entry("adjustStock", products::adjustStock),
                entry("placeOrder", orders::place),
                entry("listOrders", orders::list),
                entry("getOrder", orders::get),
                entry("getOrderTimeline", orders::timeline),
                entry("followOrder", events::follow),
                entry("cancelOrder", orders::cancel),
                entry("shipOrder", orders::ship),
                entry("deliverOrder", orders::deliver),
                entry("listPayments", payments::list),
                entry("listNotifications", notifications::list),
                entry("createWebhook", webhooks::create),
                entry("listWebhooks", webhooks::list),
                entry("deleteWebhook", webhooks::delete),
                entry("listDeliveries", webhooks::deliveries),
                entry("redeliverEvent", webhooks::redeliver),
                entry("listServices", external::list),
                entry("registerService", external::register),
                entry("removeService", external::remove),
                entry("getFromService", external::relay),
                entry("postToService", external::relay),
                entry("putToService", external::relay),
                entry("patchAtService", external::relay),
                entry("deleteAtService", external::relay),
                entry("askOptionsOfService", external::relay),
                entry("getHealth", operations::health),
                entry("getReady", operations::ready),
                entry("getContractYaml", docs::yaml),
                entry("getContractJson", docs::json),
                entry("getDocs", docs::page),
                entry("getDocsFile", docs::file),
                entry("getProblemPage", docs::problem));
    }
}
