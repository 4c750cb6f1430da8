/** The product service: the catalogue, and the stock that never goes below zero. */
package dev.souk.product;
