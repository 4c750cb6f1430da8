package dev.souk.product;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import java.util.Optional;
import java.util.UUID;

/**
 * What is to be changed of a product; what is empty stays as it is.
 *
 * @param expectedVersion the version that the editor saw
 * @throws Fault {@code INVALID_REQUEST} naming the field that is wrong
 */
record ProductEdit(
        UUID productId,
        long expectedVersion,
        Optional<String> name,
        Optional<String> description,
        Optional<Attributes> attributes,
        Optional<Money> price) {
    ProductEdit {
        ProductRules.id(productId, "/productId");
        name.ifPresent(ProductRules::name);
        description.ifPresent(ProductRules::description);
        price.ifPresent(ProductRules::price);
    }

    static ProductEdit of(Products.Change request) {
        return new ProductEdit(
                request.productId(),
                request.expectedVersion(),
                Optional.ofNullable(request.name()),
                Optional.ofNullable(request.description()),
                Optional.ofNullable(request.attributes()).map(Attributes::of),
                Optional.ofNullable(request.price()));
    }
}
