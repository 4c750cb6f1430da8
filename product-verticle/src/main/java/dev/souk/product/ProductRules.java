package dev.souk.product;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products.Quantity;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

/** What the fields of a request must be. Each method returns its value or throws a {@link Fault} that names the field. */
final class ProductRules {
    static final int MAX_IDS = 100;

    private static final Pattern SKU = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_NAME = 200;
    private static final int MAX_DESCRIPTION = 4_000;
    private static final int MAX_SEARCH = 200;
    private static final int MAX_REASON = 500;
    private static final int MAX_KEY = 255;
    private static final long MAX_PRICE = 1_000_000_000_000L;
    private static final long MAX_PIECES = 1_000_000_000L;

    private ProductRules() {}

    static String sku(String sku) {
        check(
                sku != null && SKU.matcher(sku).matches(),
                "/sku",
                "must be 1 to 64 letters, digits, dots, dashes and underscores, the first a letter or a digit");
        return sku;
    }

    static String name(String name) {
        check(name != null && !name.isBlank() && length(name) <= MAX_NAME, "/name", "must be 1 to 200 characters");
        check(name.chars().noneMatch(Character::isISOControl), "/name", "must not hold control characters");
        return name;
    }

    static String description(String description) {
        return text(description, MAX_DESCRIPTION, "/description");
    }

    static Money price(Money price) {
        check(
                price != null && price.amount() >= 0 && price.amount() <= MAX_PRICE,
                "/price",
                "must be from 0 to 10^12 in minor units");
        return price;
    }

    static long stock(long stock) {
        check(stock >= 0 && stock <= MAX_PIECES, "/stock", "must be from 0 to 10^9");
        return stock;
    }

    static long delta(long delta) {
        check(
                delta != 0 && delta >= -MAX_PIECES && delta <= MAX_PIECES,
                "/delta",
                "must be from -10^9 to 10^9 and not 0");
        return delta;
    }

    /** A reason may be absent. */
    static String reason(String reason) {
        return reason == null ? null : text(reason, MAX_REASON, "/reason");
    }

    static String idempotencyKey(String key) {
        check(key != null && !key.isEmpty(), "Idempotency-Key", "is required");
        return text(key, MAX_KEY, "Idempotency-Key");
    }

    /** A search may be absent, which finds everything. */
    static String search(String q) {
        return q == null ? "" : text(q, MAX_SEARCH, "q");
    }

    static UUID id(UUID id, String pointer) {
        check(id != null, pointer, "is required");
        return id;
    }

    static List<UUID> ids(List<UUID> ids) {
        check(ids.size() <= MAX_IDS, "/productIds", "must be 100 at most");
        return ids;
    }

    static List<Quantity> lines(List<Quantity> lines) {
        check(!lines.isEmpty() && lines.size() <= MAX_IDS, "/lines", "must be 1 to 100");
        for (int number = 0; number < lines.size(); number++) {
            id(lines.get(number).productId(), "/lines/" + number + "/productId");
        }
        return lines;
    }

    private static String text(String text, int most, String pointer) {
        check(
                Objects.requireNonNull(text, pointer).indexOf('\0') < 0 && length(text) <= most,
                pointer,
                "must be " + most + " characters at most, none of them NUL");
        return text;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static void check(boolean holds, String pointer, String detail) {
        if (!holds) {
            throw Fault.invalid(pointer, detail);
        }
    }
}
