package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Orders.Place;
import dev.souk.contracts.Products.Quantity;
import dev.souk.kit.bus.WireFormat;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ClaimTest {
    private static final Quantity TWO_LAPTOPS =
            new Quantity(UUID.fromString("01990000-0000-7000-8000-000000000001"), 2);
    private static final Quantity ONE_MOUSE = new Quantity(UUID.fromString("01990000-0000-7000-8000-000000000002"), 1);
    private static final Claim FIRST = claim(new Place("key", List.of(TWO_LAPTOPS, ONE_MOUSE), "pm_card_visa", null));

    @Test
    void theSameBodyAsksTheSameUnderAnyKeyAndRequest() {
        Claim again =
                Claim.of(new Place("other key", List.of(TWO_LAPTOPS, ONE_MOUSE), "pm_card_visa", null), "request-2");

        assertThat(again.asksTheSameAs(FIRST)).isTrue();
        assertThat(again).isNotEqualTo(FIRST);
    }

    @Test
    void whiteSpaceAndTheOrderOfFieldsMakeNoDifference() {
        Place written = WireFormat.decode(Buffer.buffer("""
                        { "paymentMethod": "pm_card_visa",
                          "items": [
                            {"quantity": 2, "productId": "01990000-0000-7000-8000-000000000001"},
                            {"productId": "01990000-0000-7000-8000-000000000002", "quantity": 1} ],
                          "idempotencyKey": "key" }
                        """), Place.class);

        assertThat(claim(written)).isEqualTo(FIRST);
    }

    @Test
    void anotherQuantityProductOrderOfItemsOrPaymentAsksForSomethingElse() {
        List<Place> others = List.of(
                new Place("key", List.of(new Quantity(TWO_LAPTOPS.productId(), 3), ONE_MOUSE), "pm_card_visa", null),
                new Place("key", List.of(TWO_LAPTOPS, new Quantity(UUID.randomUUID(), 1)), "pm_card_visa", null),
                new Place("key", List.of(TWO_LAPTOPS), "pm_card_visa", null),
                new Place("key", List.of(ONE_MOUSE, TWO_LAPTOPS), "pm_card_visa", null),
                new Place("key", List.of(TWO_LAPTOPS, ONE_MOUSE), "pm_card_slow", null));

        assertThat(others).noneMatch(other -> claim(other).asksTheSameAs(FIRST));
    }

    /** It is kept in the database: a version that computes it differently would refuse every replay. */
    @Test
    void theFingerprintStaysTheSameInEveryVersion() {
        assertThat(HexFormat.of().formatHex(FIRST.fingerprint()))
                .isEqualTo("d02efe4c564dc19930554807f20113502be4170bfdf59131d04fe7309824b18b");
    }

    @Test
    void doesNotPrintTheFingerprint() {
        assertThat(FIRST).hasToString("Claim[key=key, requestId=request-1]");
    }

    private static Claim claim(Place request) {
        return Claim.of(request, "request-1");
    }
}
