package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.ProductEvent;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReactionTest {
    private static final UUID USER = Events.id();
    private static final UUID ORDER = Events.id();
    private static final Money TOTAL = new Money(1999, "USD");

    @Test
    void welcomesWhoIsNew() {
        Reaction reaction = Reaction.to(Events.registered(USER, "Ada", "ada@example.com"));

        assertThat(reaction.recipient()).contains(new Recipient("Ada", "ada@example.com"));
        assertThat(reaction.mail()).contains(MailTexts.welcome(USER));
        assertThat(data(reaction).getString("userId")).isEqualTo(USER.toString());
    }

    @Test
    void remembersWhoHasChanged() {
        Reaction reaction = Reaction.to(Events.changed(USER, 2, "Ada King", "ada.king@example.com"));

        assertThat(reaction.recipient()).contains(new Recipient("Ada King", "ada.king@example.com"));
        assertThat(reaction.mail()).isEmpty();
        assertThat(data(reaction))
                .isEqualTo(new JsonObject()
                        .put("userId", USER.toString())
                        .put("name", "Ada King")
                        .put("email", "ada.king@example.com")
                        .put("passwordChanged", false));
    }

    @Test
    void tellsTheUserOfTheirOrder() {
        assertThat(mails(new OrderEvent.Confirmed(USER, TOTAL)))
                .containsExactly(MailTexts.confirmed(USER, ORDER, TOTAL));
        assertThat(mails(new OrderEvent.Rejected(USER, Reason.OUT_OF_STOCK)))
                .containsExactly(MailTexts.rejected(USER, ORDER, Reason.OUT_OF_STOCK));
        assertThat(mails(new OrderEvent.Cancelled(USER, TOTAL))).containsExactly(MailTexts.cancelled(USER, ORDER));
        assertThat(mails(new OrderEvent.Shipped(USER))).containsExactly(MailTexts.shipped(USER, ORDER));
        assertThat(mails(new OrderEvent.Placed(USER, List.of(), TOTAL))).isEmpty();
        assertThat(mails(new OrderEvent.Delivered(USER))).isEmpty();
    }

    @Test
    void postsTheWholeEvent() {
        Event event = Events.confirmed(ORDER, USER);

        JsonObject posted = new JsonObject(Reaction.to(event).posted());

        assertThat(posted)
                .isEqualTo(new JsonObject()
                        .put("id", event.id().toString())
                        .put("type", "ORDER_CONFIRMED")
                        .put("at", "2026-01-02T03:04:05.678901Z")
                        .put(
                                "data",
                                new JsonObject()
                                        .put("orderId", ORDER.toString())
                                        .put("userId", USER.toString())
                                        .put(
                                                "total",
                                                new JsonObject()
                                                        .put("amount", 1999)
                                                        .put("currency", "USD"))));
    }

    @Test
    void namesTheProduct() {
        UUID productId = Events.id();

        Reaction reaction = Reaction.to(Events.of(productId, 1, new ProductEvent.Archived("LAMP")));

        assertThat(data(reaction))
                .isEqualTo(
                        new JsonObject().put("productId", productId.toString()).put("sku", "LAMP"));
        assertThat(reaction.mail()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void refusesWhatCannotBeRead(Event event) {
        assertThatIllegalArgumentException().isThrownBy(() -> Reaction.to(event));
    }

    static Stream<Event> refusesWhatCannotBeRead() {
        Event confirmed = Events.confirmed(ORDER, USER);
        Event registered = Events.registered(USER, "Ada", "ada@example.com");
        return Stream.of(
                Events.ofType("ORDER_EATEN"),
                Events.ofType(null),
                Events.with(confirmed, "userId", null),
                Events.with(confirmed, "userId", "nobody"),
                Events.with(confirmed, "total", null),
                Events.with(confirmed, "total", "much"),
                Events.with(registered, "name", null),
                Events.with(registered, "email", null),
                Events.with(registered, "email", "ada"),
                Events.with(registered, "email", "ada@example.com>\r\nRCPT TO:<eve@example.com"),
                Events.with(registered, "email", "ada@example.com,eve@example.com"),
                Events.with(registered, "email", "a b@example.com"));
    }

    private static List<Mail> mails(Record happened) {
        return Reaction.to(Events.of(ORDER, 2, happened)).mail().stream().toList();
    }

    private static JsonObject data(Reaction reaction) {
        return new JsonObject(reaction.posted()).getJsonObject("data");
    }
}
