package dev.souk.gateway;

import dev.souk.contracts.Products.Product;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ETag of a product, {@code "<version>.<available>"}: it changes with every edit and with every sale. */
final class ProductTag {
    private static final Pattern FORM = Pattern.compile("(?:W/)?\"([0-9]{1,18})(?:\\.[0-9]{1,18})?\"");

    private ProductTag() {}

    static String of(Product product) {
        return "\"" + product.version() + "." + product.available() + "\"";
    }

    /** The version that an {@code If-Match} stands on, so that a sale does not stale an edit; empty if it is no tag. */
    static OptionalLong version(String ifMatch) {
        Matcher tag = FORM.matcher(ifMatch.strip());
        return tag.matches() ? OptionalLong.of(Long.parseLong(tag.group(1))) : OptionalLong.empty();
    }
}
