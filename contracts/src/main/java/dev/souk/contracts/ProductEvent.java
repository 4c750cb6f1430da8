package dev.souk.contracts;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** One step in the history of a product in the catalogue. Sales are no part of it: they are the orders' history. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ProductEvent.Created.class, name = "PRODUCT_CREATED"),
    @JsonSubTypes.Type(value = ProductEvent.Changed.class, name = "PRODUCT_CHANGED"),
    @JsonSubTypes.Type(value = ProductEvent.Archived.class, name = "PRODUCT_ARCHIVED")
})
public sealed interface ProductEvent {
    record Created(String sku, String name, Money price) implements ProductEvent {}

    /** Its entry in the catalogue as it is now. */
    record Changed(String sku, String name, Money price, long version) implements ProductEvent {}

    /** It cannot be ordered any more. */
    record Archived(String sku) implements ProductEvent {}
}
