package dev.souk.product;

import static dev.souk.contracts.Fault.Code.PRECONDITION_FAILED;
import static dev.souk.contracts.Fault.Code.SKU_TAKEN;
import static dev.souk.kit.bus.OperationHandler.on;
import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.ProductEvent;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Archive;
import dev.souk.contracts.Products.Change;
import dev.souk.contracts.Products.Create;
import dev.souk.contracts.Products.Product;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.event.EventFormat;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two instances of the service: what the catalogue tells of itself, to whom and in which order. */
@ExtendWith({VertxExtension.class, TestDatabase.Provider.class})
class ProductEventsIT {
    private static final Money PRICE = new Money(4_900, "USD");

    private static TestDatabase database;
    private static Shop shop;

    private final List<Event> told = new CopyOnWriteArrayList<>();
    private String notifications;

    @BeforeAll
    static void open(Vertx vertx, TestDatabase given) {
        database = given;
        shop = new Shop(
                ServiceFixture.deploy(vertx, given.variables(), ProductVerticle.DEFINITION, ProductVerticle.DEFINITION),
                given);
    }

    @BeforeEach
    void openReceiver() {
        database.run("TRUNCATE product, event_delivery CASCADE");
        notifications = receiver();
    }

    @AfterEach
    void everythingIsDelivered() {
        awaitDelivered();
        shop.remove(notifications);
    }

    @Test
    void tellsTheLifeOfAProductInItsOrder() {
        Product lamp = create("LAMP");
        change(lamp, 1, "Lantern");
        change(lamp, 2, "Candle");
        archive(lamp);

        awaitTold(4);

        assertThat(told).extracting(Event::seq).containsExactly(1, 2, 3, 4);
        assertThat(told).extracting(Event::aggregateId).containsOnly(lamp.id());
        assertThat(told.stream().map(event -> EventFormat.read(event, ProductEvent.class)))
                .containsExactly(
                        new ProductEvent.Created("LAMP", "Lamp", PRICE),
                        new ProductEvent.Changed("LAMP", "Lantern", PRICE, 2),
                        new ProductEvent.Changed("LAMP", "Candle", PRICE, 3),
                        new ProductEvent.Archived("LAMP"));
        assertThat(told.getFirst().at()).isEqualTo(lamp.createdAt());
        assertThat(told).extracting(Event::id).doesNotHaveDuplicates();
        awaitDelivered();
        assertThat(database.rows("SELECT seq, type, node FROM product_event ORDER BY seq"))
                .containsExactly(
                        "1 PRODUCT_CREATED test",
                        "2 PRODUCT_CHANGED test",
                        "3 PRODUCT_CHANGED test",
                        "4 PRODUCT_ARCHIVED test");
    }

    @Test
    void saysExactlyWhatTheContractsSay() {
        Product lamp = create("LAMP");
        change(lamp, 1, "Lantern");
        archive(lamp);

        awaitTold(3);

        List<ProductEvent> events = List.of(
                new ProductEvent.Created("LAMP", "Lamp", PRICE),
                new ProductEvent.Changed("LAMP", "Lantern", PRICE, 2),
                new ProductEvent.Archived("LAMP"));
        assertThat(told)
                .extracting(event -> onTheWire(event.data()))
                .containsExactlyElementsOf(events.stream()
                        .map(event -> onTheWire(EventFormat.data((Record) event)))
                        .toList());
    }

    @Test
    void whatDidNotHappenIsNotTold() {
        Product lamp = create("LAMP");
        assertThat(refusal(() -> create("LAMP"))).isEqualTo(SKU_TAKEN);
        assertThat(refusal(() -> change(lamp, 7, "Lantern"))).isEqualTo(PRECONDITION_FAILED);
        archive(lamp);
        archive(lamp);
        Product rug = create("RUG");

        awaitTold(3);

        assertThat(told)
                .filteredOn(event -> event.aggregateId().equals(lamp.id()))
                .hasSize(2);
        assertThat(told)
                .filteredOn(event -> event.aggregateId().equals(rug.id()))
                .hasSize(1);
        assertThat(database.number("SELECT count(*) FROM product_event")).isEqualTo(3);
    }

    @Test
    void manyWhoEditAtOnceLeaveNoGap() {
        Product lamp = create("LAMP");
        for (int version = 1; version <= 5; version++) {
            int seen = version;
            await(Future.join(IntStream.range(0, 8)
                            .mapToObj(editor -> shop.start(
                                    Products.CHANGE, new Change(lamp.id(), seen, "By " + editor, null, null, null)))
                            .toList())
                    .otherwiseEmpty());
        }

        awaitTold(6);

        assertThat(told).extracting(Event::seq).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(database.number("SELECT version FROM product")).isEqualTo(6);
    }

    @Test
    void waitsForAReceiverThatIsAway() {
        shop.remove(notifications);
        Product lamp = create("LAMP");
        Product rug = create("RUG");
        change(lamp, 1, "Lantern");
        assertThat(database.number("SELECT count(*) FROM event_delivery WHERE receiver = 'notification'"))
                .isEqualTo(3);

        notifications = receiver();

        awaitTold(3);
        assertThat(told)
                .filteredOn(event -> event.aggregateId().equals(lamp.id()))
                .extracting(Event::seq)
                .containsExactly(1, 2);
        assertThat(told)
                .filteredOn(event -> event.aggregateId().equals(rug.id()))
                .hasSize(1);
    }

    @Test
    void aProductFromBeforeThereWereEventsBeginsWithItsNext() {
        Product lamp = create("LAMP");
        awaitTold(1);
        awaitDelivered();
        told.clear();
        database.run("DELETE FROM product_event");
        database.run("UPDATE product SET last_seq = 0");

        change(lamp, 1, "Lantern");

        awaitTold(1);
        assertThat(told.getFirst().seq()).isEqualTo(1);
        assertThat(told.getFirst().type()).isEqualTo("PRODUCT_CHANGED");
    }

    private static Object onTheWire(Map<String, Object> data) {
        return WireFormat.decode(WireFormat.encode(data), Object.class);
    }

    private String receiver() {
        return shop.stub("notification", on(Event.delivery("notification"), this::receive));
    }

    private Future<Event.Applied> receive(Event.Batch batch, CallContext context) {
        told.addAll(batch.events());
        return Future.succeededFuture(new Event.Applied(List.of()));
    }

    private void awaitTold(int events) {
        Await.until(events + " events are told", () -> told.size() >= events);
    }

    private static void awaitDelivered() {
        Await.until("all are acknowledged", () -> database.number("SELECT count(*) FROM event_delivery") == 0);
    }

    private static Product create(String sku) {
        return shop.services()
                .call(Products.CREATE, new Create(sku, "Lamp", null, Map.of("a", 1), PRICE, 10), Shop.ADMIN);
    }

    private static Product change(Product product, long version, String name) {
        return shop.services()
                .call(Products.CHANGE, new Change(product.id(), version, name, null, null, null), Shop.ADMIN);
    }

    private static void archive(Product product) {
        shop.services().call(Products.ARCHIVE, new Archive(product.id()), Shop.ADMIN);
    }
}
