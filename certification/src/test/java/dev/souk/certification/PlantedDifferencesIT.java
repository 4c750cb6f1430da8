package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopProcess;
import dev.souk.launcher.verify.Verification.Finding;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The checker is checked: in a shop in which all is well, one thing after the other is made wrong, as a bug would leave it
 * behind, and each time the verdict must name it.
 */
class PlantedDifferencesIT {
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(30);
    /** Of which there is more than one piece. */
    private static final String A_PRODUCT = "product_id = (SELECT product_id FROM stock ORDER BY product_id LIMIT 1)";

    /**
     * What a bug would leave behind.
     *
     * @param bug what went wrong
     * @param service in whose database
     * @param finding how the finding begins that must name it
     */
    private record Planted(String bug, String service, String plant, String undo, String finding) {}

    private static final List<Planted> DIFFERENCES = List.of(
            new Planted(
                    "one unit of stock is lost",
                    "product",
                    "UPDATE stock SET available = available - 1 WHERE " + A_PRODUCT,
                    "UPDATE stock SET available = available + 1 WHERE " + A_PRODUCT,
                    "1. available, reserved and sold"),
            new Planted(
                    "the inbox is off, and a confirmed order is booked twice",
                    "product",
                    "UPDATE stock SET sold = sold + 1, available = available - 1 WHERE " + A_PRODUCT,
                    "UPDATE stock SET sold = sold - 1, available = available + 1 WHERE " + A_PRODUCT,
                    "1. reserved is the sum"),
            taken("one event is dropped from the history", "order", "order_event", "type = 'ORDER_SHIPPED'", "7. "),
            taken(
                    "an event was struck off before it arrived",
                    "notification",
                    "inbox",
                    "source = 'order'",
                    "8. the notifications"),
            taken("the stock was never told", "product", "inbox", "source = 'order'", "8. the stock"),
            taken("a mail was forgotten", "notification", "notification", "type = 'ORDER_CONFIRMED'", "8. a mail"),
            taken("an order is lost", "order", "orders", "status = 'DELIVERED'", "2. nobody is charged"),
            taken("an order has lost its lines", "order", "order_line", "true", "4. every order has lines"),
            taken("a charge is not booked", "payment", "ledger_entry", "side = 'DEBIT'", "2. the ledger's debits"),
            new Planted(
                    "the compensation was skipped",
                    "product",
                    """
                    CREATE TABLE taken AS SELECT order_id FROM reservation WHERE state = 'RELEASED';
                    UPDATE reservation SET state = 'COMMITTED' WHERE order_id IN (SELECT order_id FROM taken)
                    """,
                    """
                    UPDATE reservation SET state = 'RELEASED' WHERE order_id IN (SELECT order_id FROM taken);
                    DROP TABLE taken
                    """,
                    "3. a rejected or cancelled order holds no stock"),
            new Planted(
                    "money went astray",
                    "payment",
                    "UPDATE ledger_entry SET amount = amount + 1 WHERE side = 'CREDIT'",
                    "UPDATE ledger_entry SET amount = amount - 1 WHERE side = 'CREDIT'",
                    "2. the ledger's debits"),
            new Planted(
                    "a checkout is stuck",
                    "order",
                    "INSERT INTO saga (order_id, step, owner, lease_until, version, attempts) "
                            + "SELECT id, 'charge', 'nobody', now() + interval '1 hour', 1, 1 FROM orders LIMIT 1",
                    "DELETE FROM saga WHERE owner = 'nobody'",
                    "6. no order is pending"),
            new Planted(
                    "an event is parked",
                    "order",
                    "INSERT INTO event_delivery (receiver, aggregate_id, seq, parked_at) "
                            + "SELECT 'product', id, 1, now() FROM orders LIMIT 1",
                    "DELETE FROM event_delivery WHERE parked_at IS NOT NULL",
                    "6. nothing is left"),
            new Planted("two events have one id", "order", """
                    CREATE TABLE taken AS SELECT * FROM order_event WHERE type = 'ORDER_DELIVERED';
                    UPDATE order_event SET id = (SELECT id FROM order_event WHERE type = 'ORDER_SHIPPED')
                    WHERE type = 'ORDER_DELIVERED'
                    """, """
                    UPDATE order_event SET id = taken.id FROM taken
                    WHERE order_event.order_id = taken.order_id AND order_event.seq = taken.seq;
                    DROP TABLE taken
                    """, "8. the notifications"));

    /** Rows that are taken away, and put back. */
    private static Planted taken(String bug, String service, String table, String which, String finding) {
        return new Planted(
                bug,
                service,
                "CREATE TABLE taken AS SELECT * FROM %1$s WHERE %2$s; DELETE FROM %1$s WHERE %2$s"
                        .formatted(table, which),
                "INSERT INTO %s SELECT * FROM taken; DROP TABLE taken".formatted(table),
                finding);
    }

    @Test
    @Tag("long")
    void eachTurnsTheVerdictRed() throws Exception {
        Map<String, String> settings = ShopProcess.settings("planted");
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            new CheckoutStory(settings).tell();
            Verdict.assertNothingWrong(settings, SETTLES_WITHIN);

            for (Planted planted : DIFFERENCES) {
                Databases.change(settings, planted.service(), planted.plant());
                assertThat(wrong(settings))
                        .as(planted.bug())
                        .anyMatch(finding -> finding.startsWith(planted.finding()));
                Databases.change(settings, planted.service(), planted.undo());
                assertThat(wrong(settings)).as("after: " + planted.bug()).isEmpty();
            }
            assertThat(verify(settings)).isZero();

            Databases.change(settings, "order", "ALTER TABLE order_line RENAME TO hidden");
            assertThat(verify(settings)).as("what cannot be read is not well").isNotZero();
            Databases.change(settings, "order", "ALTER TABLE hidden RENAME TO order_line");

            chargeOnceMore(settings);
            assertThat(wrong(settings))
                    .as("the provider was charged twice")
                    .anyMatch(finding -> finding.startsWith("2. our charges are the provider's"));
            assertThat(verify(settings)).isEqualTo(1);
            assertThat(shop.isAlive()).isTrue();
        }
    }

    private static List<String> wrong(Map<String, String> settings) {
        return Verdict.of(settings, Duration.ZERO).stream()
                .filter(finding -> !finding.holds())
                .map(Finding::toString)
                .toList();
    }

    private static int verify(Map<String, String> settings) {
        return ShopProcess.souk(settings, "verify", "--wait", "1").exitStatus();
    }

    private static void chargeOnceMore(Map<String, String> settings) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(Verdict.sandbox(settings).resolve("/v1/charges"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "charge:" + UUID.randomUUID())
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"amount": 100, "currency": "USD", "paymentMethod": "pm_card_visa"}
                        """))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(201);
        }
    }
}
