package dev.souk.product;

import static dev.souk.contracts.Fault.Code.FORBIDDEN;
import static dev.souk.contracts.Fault.Code.INVALID_REQUEST;
import static dev.souk.contracts.Fault.Code.NOT_FOUND;
import static dev.souk.contracts.Fault.Code.PRECONDITION_FAILED;
import static dev.souk.contracts.Fault.Code.SKU_TAKEN;
import static dev.souk.contracts.Fault.Code.UNAUTHENTICATED;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Archive;
import dev.souk.contracts.Products.Change;
import dev.souk.contracts.Products.Create;
import dev.souk.contracts.Products.Find;
import dev.souk.contracts.Products.Get;
import dev.souk.contracts.Products.Lookup;
import dev.souk.contracts.Products.Product;
import dev.souk.contracts.Products.ProductPage;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Quote;
import dev.souk.contracts.Products.Quoted;
import dev.souk.contracts.Products.Reserve;
import dev.souk.contracts.Products.Sort;
import dev.souk.kit.db.Cursor;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith({VertxExtension.class, TestDatabase.Provider.class})
class CatalogueIT {
    private static final Caller ADMIN = ServiceFixture.admin();
    private static final Money PRICE = new Money(4_900, "USD");
    private static final UUID NOBODYS = UUID.randomUUID();

    private static TestDatabase database;
    private static ServiceFixture shop;

    @BeforeAll
    static void open(Vertx vertx, TestDatabase given) {
        database = given;
        shop = ServiceFixture.deploy(vertx, given.variables(), ProductVerticle.DEFINITION);
    }

    @BeforeEach
    void empty() {
        database.run("TRUNCATE product CASCADE");
    }

    @Test
    void keepsAProductAsItWasGiven() {
        Map<String, Object> attributes = new HashMap<>(Map.of(
                "text",
                "𝄞 'quoted'; DROP TABLE product; --",
                "count",
                12,
                "large",
                123_456_789_012_345L,
                "fraction",
                new BigDecimal("24.5"),
                "list",
                List.of(1, "two", false),
                "object",
                Map.of("deep", Map.of("er", new BigDecimal("0.1")))));
        attributes.put("none", null);
        Create create = new Create("LAMP-1", "Lämpchen 灯", "Two\nlines", attributes, PRICE, 7);

        Product created = shop.call(Products.CREATE, create, ADMIN);

        assertThat(created)
                .usingRecursiveComparison()
                .ignoringFields("id", "createdAt", "updatedAt")
                .isEqualTo(
                        new Product(null, "LAMP-1", "Lämpchen 灯", "Two\nlines", attributes, PRICE, 7, 1, null, null));
        assertThat(created.id().version()).isEqualTo(7);
        assertThat(created.updatedAt()).isEqualTo(created.createdAt());
        assertThat(get(created.id())).isEqualTo(created);
        assertThat(list(new Find(null, null, null, null)).items()).containsExactly(created);
    }

    @Test
    void aSkuIsTakenForGood() {
        Product lamp = create("LAMP", "Lamp", PRICE);
        shop.call(Products.ARCHIVE, new Archive(lamp.id()), ADMIN);

        assertThat(refusal(() -> create("LAMP", "Another", PRICE))).isEqualTo(SKU_TAKEN);
        assertThat(database.number("SELECT count(*) FROM product")).isEqualTo(1);
        assertThat(database.number("SELECT count(*) FROM stock")).isEqualTo(1);
    }

    @Test
    void changesWhatIsGivenAndLeavesTheRest() {
        Product lamp = shop.call(Products.CREATE, new Create("LAMP", "Lamp", "Old", Map.of("a", 1), PRICE, 3), ADMIN);

        Product renamed = change(new Change(lamp.id(), 1, "Lantern", null, null, null));
        Product redone = change(new Change(lamp.id(), 2, null, "", Map.of(), new Money(1, "EUR")));

        assertThat(renamed)
                .usingRecursiveComparison()
                .ignoringFields("updatedAt")
                .isEqualTo(new Product(
                        lamp.id(), "LAMP", "Lantern", "Old", Map.of("a", 1), PRICE, 3, 2, lamp.createdAt(), null));
        assertThat(renamed.updatedAt()).isAfter(lamp.updatedAt());
        assertThat(redone)
                .usingRecursiveComparison()
                .ignoringFields("updatedAt")
                .isEqualTo(new Product(
                        lamp.id(), "LAMP", "Lantern", "", Map.of(), new Money(1, "EUR"), 3, 3, lamp.createdAt(), null));
        assertThat(get(lamp.id())).isEqualTo(redone);
    }

    @Test
    void aStaleEditChangesNothing() {
        Product lamp = create("LAMP", "Lamp", PRICE);
        change(new Change(lamp.id(), 1, "Lantern", null, null, null));

        assertThat(refusal(() -> change(new Change(lamp.id(), 1, "Candle", null, null, null))))
                .isEqualTo(PRECONDITION_FAILED);
        assertThat(get(lamp.id()).name()).isEqualTo("Lantern");
    }

    @Test
    void aSaleDoesNotStaleAnEdit() {
        Product lamp = create("LAMP", "Lamp", PRICE);
        shop.call(Products.RESERVE, new Reserve(UUID.randomUUID(), List.of(new Quantity(lamp.id(), 2))));

        Product changed = change(new Change(lamp.id(), 1, "Lantern", null, null, null));

        assertThat(changed.version()).isEqualTo(2);
        assertThat(changed.available()).isEqualTo(lamp.available() - 2);
    }

    @Test
    void whatIsArchivedIsGoneFromSightButNotFromOrders() {
        Product lamp = create("LAMP", "Lamp", PRICE);
        Product rug = create("RUG", "Rug", PRICE);

        assertThat(shop.call(Products.ARCHIVE, new Archive(lamp.id()), ADMIN)).isEqualTo(Done.DONE);

        assertThat(refusal(() -> get(lamp.id()))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> change(new Change(lamp.id(), 1, "Lantern", null, null, null))))
                .isEqualTo(NOT_FOUND);
        assertThat(list(new Find(null, null, null, null)).items()).containsExactly(rug);
        List<UUID> ids = List.of(lamp.id(), NOBODYS, rug.id());
        assertThat(shop.call(Products.LOOKUP, new Lookup(ids)).items()).containsExactlyInAnyOrder(lamp, rug);
        assertThat(shop.call(Products.QUOTE, new Quote(ids)).items())
                .containsExactly(new Quoted(rug.id(), "RUG", "Rug", PRICE));
    }

    @Test
    void archivingAgainIsDoneAlready() {
        Product lamp = create("LAMP", "Lamp", PRICE);
        shop.call(Products.ARCHIVE, new Archive(lamp.id()), ADMIN);
        List<String> first = database.rows("SELECT archived_at FROM product");

        assertThat(shop.call(Products.ARCHIVE, new Archive(lamp.id()), ADMIN)).isEqualTo(Done.DONE);
        assertThat(database.rows("SELECT archived_at FROM product")).isEqualTo(first);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(refusal(() -> get(NOBODYS))).isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> change(new Change(NOBODYS, 1, "Lamp", null, null, null))))
                .isEqualTo(NOT_FOUND);
        assertThat(refusal(() -> shop.call(Products.ARCHIVE, new Archive(NOBODYS), ADMIN)))
                .isEqualTo(NOT_FOUND);
        assertThat(shop.call(Products.LOOKUP, new Lookup(List.of())).items()).isEmpty();
    }

    @Test
    void onlyAdminsEdit() {
        Product lamp = create("LAMP", "Lamp", PRICE);
        Caller customer = ServiceFixture.customer();
        Create create = new Create("RUG", "Rug", "", Map.of(), PRICE, 1);
        Change change = new Change(lamp.id(), 1, "Lantern", null, null, null);
        Archive archive = new Archive(lamp.id());

        assertThat(refusal(() -> shop.call(Products.CREATE, create, customer))).isEqualTo(FORBIDDEN);
        assertThat(refusal(() -> shop.call(Products.CHANGE, change, customer))).isEqualTo(FORBIDDEN);
        assertThat(refusal(() -> shop.call(Products.ARCHIVE, archive, customer)))
                .isEqualTo(FORBIDDEN);
        assertThat(refusal(() -> shop.call(Products.CREATE, create))).isEqualTo(UNAUTHENTICATED);
        assertThat(refusal(() -> shop.call(Products.CHANGE, change))).isEqualTo(UNAUTHENTICATED);
        assertThat(refusal(() -> shop.call(Products.ARCHIVE, archive))).isEqualTo(UNAUTHENTICATED);
        assertThat(list(new Find(null, null, null, null)).items()).containsExactly(lamp);
    }

    @Test
    void refusesWhatIsNotWellFormed() {
        assertThat(refusal(() -> create("", "Lamp", PRICE))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> create("LAMP", "Lamp", (Money) null))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> get(null))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> shop.call(Products.ARCHIVE, new Archive(null), ADMIN)))
                .isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> shop.call(Products.QUOTE, new Quote(Collections.nCopies(101, NOBODYS)))))
                .isEqualTo(INVALID_REQUEST);
        // PostgreSQL's own limit of JSON, which nobody checks before.
        Create nul = new Create("LAMP", "Lamp", "", Map.of("a", "\0"), PRICE, 1);
        assertThat(refusal(() -> shop.call(Products.CREATE, nul, ADMIN))).isEqualTo(INVALID_REQUEST);
        assertThat(database.number("SELECT count(*) FROM product")).isZero();
    }

    @ParameterizedTest
    @EnumSource(Sort.class)
    void pagesHaveNoGapAndNoDouble(Sort sort) {
        for (int number = 0; number < 45; number++) {
            create("SKU-" + number, "Lamp " + number % 7, new Money(number % 5 * 100, "USD"));
        }
        database.run("UPDATE product SET created_at = timestamptz '2026-01-01' + price_amount * interval '1 s'");

        List<Product> seen = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        String cursor = null;
        do {
            ProductPage page = list(new Find(null, sort, 7, cursor));
            seen.addAll(page.items());
            sizes.add(page.items().size());
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(sizes).containsExactly(7, 7, 7, 7, 7, 7, 3);
        assertThat(seen).doesNotHaveDuplicates().isSortedAccordingTo(order(sort));
    }

    @Test
    void aFullLastPageIsTheLast() {
        create("A", "Lamp", PRICE);
        create("B", "Rug", PRICE);

        assertThat(list(new Find(null, null, 2, null)).nextCursor()).isNull();
        assertThat(list(new Find(null, null, 1, null)).nextCursor()).isNotNull();
    }

    @Test
    void whatIsSoldOrAddedMeanwhileDoesNotShiftThePages() {
        Product first = create("A", "A lamp", PRICE);
        create("B", "B lamp", PRICE);
        create("C", "C lamp", PRICE);
        String cursor = list(new Find(null, Sort.NAME, 2, null)).nextCursor();
        create("AA", "AA lamp", PRICE);
        shop.call(Products.ARCHIVE, new Archive(first.id()), ADMIN);

        assertThat(list(new Find(null, Sort.NAME, 2, cursor)).items())
                .extracting(Product::sku)
                .containsExactly("C");
    }

    @ParameterizedTest
    @EnumSource(Sort.class)
    void aCursorIsOfItsSortAlone(Sort sort) {
        create("A", "Lamp", PRICE);
        create("B", "Rug", PRICE);
        String cursor = list(new Find(null, sort, 1, null)).nextCursor();

        for (Sort other : Sort.values()) {
            Find find = new Find(null, other, 1, cursor);
            if (other == sort) {
                assertThat(list(find).items()).hasSize(1);
            } else {
                assertThat(refusal(() -> list(find))).isEqualTo(INVALID_REQUEST);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NAME,             NAME,             a,                    no-uuid",
        "NAME,             name,             a,                    00000000-0000-0000-0000-000000000000",
        "PRICE,            PRICE,            a,                    00000000-0000-0000-0000-000000000000",
        "PRICE,            PRICE,            99999999999999999999, 00000000-0000-0000-0000-000000000000",
        "PRICE_DESCENDING, PRICE_DESCENDING, 1.5,                  00000000-0000-0000-0000-000000000000",
        "NEWEST,           NEWEST,           2026-01-01T00:00:00Z, 00000000-0000-0000-0000-000000000000",
        "NEWEST,           NEWEST,           9223372036854775807,  00000000-0000-0000-0000-000000000000",
        "NEWEST,           NEWEST,           -1,                   00000000-0000-0000-0000-000000000000"
    })
    void refusesACursorThatItDidNotMake(Sort sort, String ofSort, String key, String id) {
        String cursor = Cursor.after(ofSort, key, id).encode();

        assertThat(refusal(() -> list(new Find(null, sort, 1, cursor)))).isEqualTo(INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%%%", "bm9uZQ", "' OR 1=1 --"})
    void refusesWhatIsNoCursor(String cursor) {
        assertThat(refusal(() -> list(new Find(null, null, 1, cursor)))).isEqualTo(INVALID_REQUEST);
    }

    @Test
    void refusesLimitsOutOfBounds() {
        assertThat(refusal(() -> list(new Find(null, null, 0, null)))).isEqualTo(INVALID_REQUEST);
        assertThat(refusal(() -> list(new Find(null, null, 101, null)))).isEqualTo(INVALID_REQUEST);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "%            | PERCENT",
                "100%         | PERCENT",
                "_            | UNDER_SCORE",
                "\\           | BACKSLASH",
                "\\%          | \"\"",
                "'; DROP      | SQL",
                "'            | SQL",
                "--           | SQL",
                "WOOL         | PERCENT,PLAIN",
                "wool rug     | PLAIN",
                "écru         | ACCENT",
                "ÉCRU         | ACCENT",
                "灯           | ACCENT",
                "plain        | PLAIN",
                "needle       | PLAIN",
                "r_s          | UNDER_SCORE",
                "[a-z]        | \"\"",
                "nothing such | \"\"",
                "$1           | \"\""
            })
    void findsTheTextAsItStands(String q, String skus) {
        create("PLAIN", "A wool rug", "a needle in here");
        create("PERCENT", "100% Wool", "");
        create("UNDER_SCORE", "Rugs", "");
        create("BACKSLASH", "a\\b", "");
        create("SQL", "Robert'; DROP TABLE product; --", "");
        create("ACCENT", "Écru 灯", "");

        assertThat(list(new Find(q, Sort.NAME, null, null)).items())
                .extracting(Product::sku)
                .containsExactlyInAnyOrder(skus.isEmpty() ? new String[0] : skus.split(","));
    }

    @Test
    void searchesPageByPage() {
        for (int number = 0; number < 5; number++) {
            create("LAMP-" + number, "Lamp", PRICE);
            create("RUG-" + number, "Rug", PRICE);
        }

        ProductPage first = list(new Find("lamp", Sort.NEWEST, 3, null));
        ProductPage second = list(new Find("lamp", Sort.NEWEST, 3, first.nextCursor()));

        assertThat(first.items()).extracting(Product::sku).containsExactly("LAMP-4", "LAMP-3", "LAMP-2");
        assertThat(second.items()).extracting(Product::sku).containsExactly("LAMP-1", "LAMP-0");
        assertThat(second.nextCursor()).isNull();
    }

    @Test
    void anEmptySearchFindsEverything() {
        create("A", "Lamp", PRICE);

        assertThat(list(new Find("", null, null, null)).items()).hasSize(1);
    }

    private static Comparator<Product> order(Sort sort) {
        Comparator<Product> id = Comparator.comparing(product -> product.id().toString());
        return switch (sort) {
            case NAME -> Comparator.comparing(Product::name).thenComparing(id);
            case PRICE ->
                Comparator.<Product>comparingLong(product -> product.price().amount())
                        .thenComparing(id);
            case PRICE_DESCENDING -> order(Sort.PRICE).reversed();
            case NEWEST ->
                Comparator.comparing(Product::createdAt).thenComparing(id).reversed();
        };
    }

    private static Product create(String sku, String name, Money price) {
        return shop.call(Products.CREATE, new Create(sku, name, null, null, price, 10), ADMIN);
    }

    private static Product create(String sku, String name, String description) {
        return shop.call(Products.CREATE, new Create(sku, name, description, null, PRICE, 10), ADMIN);
    }

    private static Product change(Change change) {
        return shop.call(Products.CHANGE, change, ADMIN);
    }

    private static Product get(UUID id) {
        return shop.call(Products.GET, new Get(id));
    }

    private static ProductPage list(Find find) {
        return shop.call(Products.LIST, find);
    }
}
