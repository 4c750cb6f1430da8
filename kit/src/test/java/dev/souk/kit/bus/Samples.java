package dev.souk.kit.bus;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.Notifications;
import dev.souk.contracts.OrderEvent;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Ping;
import dev.souk.contracts.ProductEvent;
import dev.souk.contracts.Products;
import dev.souk.contracts.Registry;
import dev.souk.contracts.UserEvent;
import dev.souk.contracts.Users;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One value of each type that is sent, with every field filled: what its golden file of this version holds. */
final class Samples {
    private static final UUID USER = UUID.fromString("01990000-0000-7000-8000-000000000001");
    private static final UUID PRODUCT = UUID.fromString("01990000-0000-7000-8000-000000000002");
    private static final UUID OTHER_PRODUCT = UUID.fromString("01990000-0000-7000-8000-000000000003");
    private static final UUID ORDER = UUID.fromString("01990000-0000-7000-8000-000000000004");
    private static final UUID PAYMENT = UUID.fromString("01990000-0000-7000-8000-000000000005");
    private static final UUID NOTIFICATION = UUID.fromString("01990000-0000-7000-8000-000000000006");
    private static final UUID EVENT = UUID.fromString("01990000-0000-7000-8000-000000000007");
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05.123456Z");
    private static final Instant UPDATED = Instant.parse("2026-01-02T03:04:06Z");
    private static final Money PRICE = new Money(120_000, "USD");
    private static final Money TOTAL = new Money(240_000, "USD");
    private static final Map<String, Object> ATTRIBUTES = attributes();

    private static final Users.User ADA =
            new Users.User(USER, "Ada Lovelace", "ada@example.com", Caller.Role.CUSTOMER, CREATED);
    private static final Products.Product LAPTOP = new Products.Product(
            PRODUCT, "LAPTOP-1", "Laptop", "A laptop, 13″", ATTRIBUTES, PRICE, 42, 7, CREATED, UPDATED);
    private static final Orders.Line LINE = new Orders.Line(PRODUCT, "LAPTOP-1", "Laptop", 2, PRICE, TOTAL);
    private static final Orders.Order PLACED_ORDER = new Orders.Order(
            ORDER, USER, Orders.Status.REJECTED, Orders.Reason.OUT_OF_STOCK, List.of(LINE), TOTAL, CREATED, UPDATED);

    private static final Notifications.Webhook WEBHOOK = new Notifications.Webhook(
            UUID.fromString("01990000-0000-7000-8000-000000000008"),
            URI.create("https://hooks.example.com/souk?shop=1"),
            Set.of("ORDER_CONFIRMED"),
            CREATED);
    private static final Notifications.Delivery DELIVERY = new Notifications.Delivery(
            EVENT,
            "ORDER_CONFIRMED",
            Notifications.DeliveryStatus.PENDING,
            2,
            503,
            "the answer was 503",
            CREATED,
            UPDATED);

    private static final Registry.Entry EXTERNAL = new Registry.Entry(
            UUID.fromString("01990000-0000-7000-8000-000000000009"),
            "ratings",
            URI.create("https://ratings.example.com/v1"),
            "/health",
            3,
            Registry.Policy.WEIGHTED,
            CREATED);

    private static final Map<Class<?>, Object> BY_TYPE = Stream.of(
                    new Ping(),
                    new Done(),
                    // users
                    new Users.Register("Ada Lovelace", "ada@example.com", "correct horse battery"),
                    new Users.LogIn("ada@example.com", "correct horse battery"),
                    new Users.Refresh("b3BhcXVl"),
                    new Users.LogOut("b3BhcXVl"),
                    new Users.Change(
                            "Ada King", "ada.king@example.com", "correct horse battery", "staple battery horse"),
                    new Users.Get(USER),
                    new Users.Find("ada", 10, "b3BhcXVl"),
                    new Users.GetKeys(),
                    ADA,
                    new Users.UserPage(List.of(ADA), "b3BhcXVl"),
                    new Users.Token("header.payload.signature", "b3BhcXVl", "Bearer", 900),
                    new Users.KeySet(List.of(Map.of("kid", "key-1", "kty", "OKP", "crv", "Ed25519", "x", "AAAA"))),
                    // products
                    new Products.Find("lap", Products.Sort.PRICE_DESCENDING, 10, "b3BhcXVl"),
                    new Products.Get(PRODUCT),
                    new Products.Lookup(List.of(PRODUCT, OTHER_PRODUCT)),
                    new Products.Quote(List.of(PRODUCT, OTHER_PRODUCT)),
                    new Products.Create("LAPTOP-1", "Laptop", "A laptop, 13″", ATTRIBUTES, PRICE, 42),
                    new Products.Change(PRODUCT, 7, "Laptop", "A laptop, 13″", ATTRIBUTES, PRICE),
                    new Products.Archive(PRODUCT),
                    new Products.AdjustStock(PRODUCT, "key-1", -3, "broken in transit"),
                    new Products.GetStock(PRODUCT),
                    new Products.Reserve(
                            ORDER, List.of(new Products.Quantity(PRODUCT, 2), new Products.Quantity(OTHER_PRODUCT, 1))),
                    new Products.Release(ORDER),
                    LAPTOP,
                    new Products.ProductPage(List.of(LAPTOP), "b3BhcXVl"),
                    new Products.ProductList(List.of(LAPTOP)),
                    new Products.Quotation(List.of(new Products.Quoted(PRODUCT, "LAPTOP-1", "Laptop", PRICE))),
                    new Products.StockLevel(42, 5, 17),
                    new Products.Reservation.Reserved(),
                    new Products.Reservation.OutOfStock(List.of(PRODUCT)),
                    new Products.Reservation.Closed(),
                    // orders
                    new Orders.Place("key-1", List.of(new Products.Quantity(PRODUCT, 2)), "pm_card_visa", true),
                    new Orders.Get(ORDER, Set.of(Orders.Part.USER)),
                    new Orders.Find(Orders.Status.SHIPPED, USER, 10, "b3BhcXVl"),
                    new Orders.GetTimeline(ORDER, 3),
                    new Orders.Cancel(ORDER),
                    new Orders.Ship(ORDER),
                    new Orders.Deliver(ORDER),
                    new Orders.GetStandings(Set.of(ORDER)),
                    new Orders.Changed(ORDER),
                    PLACED_ORDER,
                    new Orders.Timeline(List.of(new Orders.Entry(
                            4, "ORDER_SHIPPED", UPDATED, "node-1", "0af7651916cd43dd8448eb211c80319c", Map.of()))),
                    new Orders.Standings(Map.of(ORDER, Orders.Status.DELIVERED)),
                    new Orders.Placement(PLACED_ORDER, "request-1", true),
                    new Orders.OrderView(PLACED_ORDER, ADA, List.of(LAPTOP), Set.of(Orders.Part.PRODUCTS)),
                    new Orders.OrderPage(List.of(PLACED_ORDER), "b3BhcXVl"),
                    // payments
                    new Payments.Charge(ORDER, USER, TOTAL, "pm_card_visa"),
                    new Payments.Refund(ORDER),
                    new Payments.Find(ORDER),
                    new Payments.ChargeOutcome.Charged(PAYMENT),
                    new Payments.ChargeOutcome.Declined("insufficient_funds"),
                    new Payments.ChargeOutcome.Closed(),
                    new Payments.RefundOutcome.Refunded(PAYMENT),
                    new Payments.RefundOutcome.NothingCharged(),
                    new Payments.PaymentList(List.of(new Payments.Payment(
                            PAYMENT,
                            Payments.Kind.CHARGE,
                            Payments.Status.SUCCEEDED,
                            TOTAL,
                            "sandbox",
                            "ch_1",
                            CREATED))),
                    // notifications
                    new Notifications.Find(10, "b3BhcXVl"),
                    new Notifications.NotificationPage(
                            List.of(new Notifications.Notification(
                                    NOTIFICATION,
                                    "ORDER_CONFIRMED",
                                    ORDER,
                                    Notifications.Channel.EMAIL,
                                    Notifications.NotificationStatus.SENT,
                                    CREATED)),
                            "b3BhcXVl"),
                    new Notifications.CreateWebhook(WEBHOOK.url(), WEBHOOK.events()),
                    new Notifications.NewWebhook(WEBHOOK, "whsec_AAAA"),
                    new Notifications.FindWebhooks(10, "b3BhcXVl"),
                    new Notifications.WebhookPage(List.of(WEBHOOK), "b3BhcXVl"),
                    new Notifications.DeleteWebhook(WEBHOOK.id()),
                    new Notifications.FindDeliveries(WEBHOOK.id(), 10, "b3BhcXVl"),
                    DELIVERY,
                    new Notifications.DeliveryPage(List.of(DELIVERY), "b3BhcXVl"),
                    new Notifications.Redeliver(WEBHOOK.id(), EVENT),
                    // external services
                    new Registry.Register("ratings", EXTERNAL.url(), "/health", 3, Registry.Policy.POWER_OF_TWO),
                    new Registry.Remove(EXTERNAL.id()),
                    new Registry.FindAll(),
                    EXTERNAL,
                    new Registry.Entries(List.of(EXTERNAL)),
                    new Registry.Changed(EXTERNAL.id()),
                    // events
                    new OrderEvent.Placed(USER, List.of(LINE), TOTAL),
                    new OrderEvent.Confirmed(USER, TOTAL),
                    new OrderEvent.Rejected(USER, Orders.Reason.PAYMENT_DECLINED),
                    new OrderEvent.Cancelled(USER, TOTAL),
                    new OrderEvent.Shipped(USER),
                    new OrderEvent.Delivered(USER),
                    new UserEvent.Registered("Ada Lovelace", "ada@example.com", Caller.Role.CUSTOMER),
                    new UserEvent.Changed("Ada King", "ada.king@example.com", true),
                    new ProductEvent.Created("LAPTOP-1", "Laptop", PRICE),
                    new ProductEvent.Changed("LAPTOP-1", "Laptop", PRICE, 7),
                    new ProductEvent.Archived("LAPTOP-1"),
                    new Event.Batch(
                            "order",
                            List.of(new Event(
                                    EVENT,
                                    ORDER,
                                    2,
                                    "ORDER_CONFIRMED",
                                    CREATED,
                                    Map.of(
                                            "userId", USER.toString(),
                                            "total", Map.of("amount", 240_000, "currency", "USD"))))),
                    new Event.Applied(List.of(new Event.Refused(EVENT, "its order is not known here"))))
            .collect(Collectors.toMap(Object::getClass, Function.identity()));

    private Samples() {}

    /** @throws AssertionError if there is none, which means that a new type needs one, and a golden file */
    static Object of(Class<?> type) {
        Object sample = BY_TYPE.get(type);
        if (sample == null) {
            throw new AssertionError(
                    type.getName() + " is sent over the bus but has no sample: add one to Samples, every field filled");
        }
        return sample;
    }

    private static Map<String, Object> attributes() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("colour", "grey");
        attributes.put("inches", new BigDecimal("13.5"));
        attributes.put("ports", List.of("usb-c", "hdmi"));
        attributes.put("size", Map.of("width", 30));
        return attributes;
    }
}
