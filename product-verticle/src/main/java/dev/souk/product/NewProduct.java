package dev.souk.product;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import java.util.Map;
import java.util.Objects;

/**
 * A product that is to be stored.
 *
 * @param stock how many pieces there are at first
 * @throws Fault {@code INVALID_REQUEST} naming the field that is wrong
 */
record NewProduct(String sku, String name, String description, Attributes attributes, Money price, long stock) {
    NewProduct {
        ProductRules.sku(sku);
        ProductRules.name(name);
        ProductRules.description(description);
        ProductRules.price(price);
        ProductRules.stock(stock);
    }

    static NewProduct of(Products.Create request) {
        return new NewProduct(
                request.sku(),
                request.name(),
                Objects.requireNonNullElse(request.description(), ""),
                Attributes.of(Objects.requireNonNullElse(request.attributes(), Map.of())),
                request.price(),
                request.stock());
    }
}
