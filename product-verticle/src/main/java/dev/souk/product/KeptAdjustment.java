package dev.souk.product;

import dev.souk.contracts.Products.StockLevel;

/**
 * An adjustment of a product's stock that was made.
 *
 * @param reason null if none was given
 * @param result the stock right after it
 */
public record KeptAdjustment(long delta, String reason, StockLevel result) {}
