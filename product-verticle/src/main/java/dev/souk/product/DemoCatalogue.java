package dev.souk.product;

import dev.souk.contracts.Money;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A few things to look at and to order, for a shop that has nothing yet. */
final class DemoCatalogue {
    private static final Logger LOG = LoggerFactory.getLogger(DemoCatalogue.class);

    static final List<NewProduct> PRODUCTS = List.of(
            product(
                    "SPICE-SAFFRON-5G",
                    "Saffron threads, 5 g",
                    "Hand-picked stigmas of the autumn crocus, deep red and dry.",
                    Map.of("origin", "Khorasan", "weightGrams", 5, "organic", true),
                    2_900,
                    400),
            product(
                    "SPICE-RAS-100G",
                    "Ras el hanout, 100 g",
                    "The top of the shop: more than twenty spices, ground on the day they are packed.",
                    Map.of("origin", "Fez", "weightGrams", 100, "spices", 27),
                    850,
                    1_000),
            product(
                    "SPICE-SUMAC-200G",
                    "Sumac, 200 g",
                    "Tart and dark red, for salads and grilled meat.",
                    Map.of("origin", "Gaziantep", "weightGrams", 200),
                    620,
                    800),
            product(
                    "LAMP-BRASS-M",
                    "Brass lantern, medium",
                    "Pierced by hand; throws stars on the wall.",
                    Map.of("material", "brass", "heightCm", 38, "socket", "E14"),
                    8_900,
                    120),
            product(
                    "LAMP-MOSAIC-S",
                    "Mosaic table lamp",
                    "Coloured glass set in plaster on a bronze foot.",
                    Map.of("material", "glass", "heightCm", 24.5, "colours", List.of("turquoise", "amber", "ruby")),
                    5_450,
                    150),
            product(
                    "RUG-KILIM-120X180",
                    "Kilim, 120 x 180 cm",
                    "Flat-woven wool in natural dyes.",
                    Map.of("material", "wool", "size", Map.of("widthCm", 120, "lengthCm", 180), "handmade", true),
                    24_900,
                    60),
            product(
                    "RUG-BERBER-200X300",
                    "Beni Ourain carpet, 200 x 300 cm",
                    "Thick, undyed wool from the Middle Atlas.",
                    Map.of("material", "wool", "size", Map.of("widthCm", 200, "lengthCm", 300), "handmade", true),
                    120_000,
                    50),
            product(
                    "TEA-GLASS-6",
                    "Tea glasses, set of six",
                    "Small and tulip-shaped, with a gold rim.",
                    Map.of("pieces", 6, "volumeMl", 120),
                    2_400,
                    500),
            product(
                    "TEA-POT-BRASS",
                    "Engraved teapot",
                    "For mint tea poured from high up; holds eight glasses.",
                    Map.of("material", "silver-plated brass", "volumeMl", 1_000),
                    6_800,
                    90),
            product(
                    "SOAP-ALEPPO-200G",
                    "Aleppo soap, 200 g",
                    "Olive and laurel oil, aged for nine months.",
                    Map.of("weightGrams", 200, "laurelPercent", 30, "vegan", true),
                    790,
                    900),
            product(
                    "BAG-LEATHER-M",
                    "Leather satchel",
                    "Goat leather, tanned with bark and sewn by hand.",
                    Map.of("material", "leather", "colours", List.of("tan", "oxblood")),
                    11_500,
                    75),
            product(
                    "DATES-MEDJOOL-1KG",
                    "Medjool dates, 1 kg",
                    "Large and soft; the best of this year's harvest.",
                    Map.of("origin", "Jordan Valley", "weightGrams", 1_000, "organic", true),
                    1_650,
                    700));

    private final Supplier<UUID> ids;
    private final Clock clock;

    DemoCatalogue(Supplier<UUID> ids, Clock clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /** Offers them, unless there are products already. */
    Future<Void> fill(CatalogueStore catalogue) {
        return catalogue
                .insertIntoEmpty(PRODUCTS, ids, clock.instant())
                .onSuccess(filled -> LOG.info(
                        filled ? "the demo catalogue of {} products is in" : "there are products already: no demo data",
                        PRODUCTS.size()))
                .mapEmpty();
    }

    private static NewProduct product(
            String sku, String name, String description, Map<String, Object> attributes, long cents, long stock) {
        return new NewProduct(sku, name, description, Attributes.of(attributes), new Money(cents, "USD"), stock);
    }
}
