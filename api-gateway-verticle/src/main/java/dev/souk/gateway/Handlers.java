package dev.souk.gateway;

import static java.util.Map.entry;

import dev.souk.gateway.http.ApiHandler;
import java.util.Map;

/** Who handles which operation of the contract. */
final class Handlers {
    private Handlers() {}

    static Map<String, ApiHandler> table(
            UsersHandler users,
            ProductsHandler products,
            OrdersHandler orders,
            OperationsHandler operations,
            DocsHandler docs) {
        return Map.ofEntries(
                entry("registerUser", users::register),
                entry("createToken", users::logIn),
                entry("getMe", users::me),
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
                entry("getHealth", operations::health),
                entry("getReady", operations::ready),
                entry("getContractYaml", docs::yaml),
                entry("getContractJson", docs::json),
                entry("getDocs", docs::page),
                entry("getDocsFile", docs::file),
                entry("getProblemPage", docs::problem));
    }
}
