package dev.souk.certification;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Event;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.db.Database;
import dev.souk.kit.db.GroupCommit;
import dev.souk.kit.event.Outbox;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Orders that are written straight into the order service's database, first placed, then confirmed, each with its event
 * and its deliveries in one commit, as the service itself does it. Their stock was reserved before. The service's own
 * relays bring the events to the product and the notification service.
 */
final class OrderEventLoad implements EventBenchmark.Load {
    private static final int RESERVED_AT_ONCE = 256;
    private static final long STOCK = 100_000_000;
    private static final String SOURCE = "order";
    private static final Map<String, Object> TOTAL = Map.of("amount", 100, "currency", "USD");
    private static final String TOLD = """
            , history AS (
                INSERT INTO order_event (id, order_id, seq, type, data, at, node)
                SELECT event.id, changed.id, changed.last_seq, $3, $4::text::jsonb, now(), 'benchmark'
                FROM changed JOIN unnest($1::uuid[], $2::uuid[]) AS event (order_id, id) ON event.order_id = changed.id
                RETURNING order_id, seq, type
            ), told AS (
                INSERT INTO event_delivery (receiver, aggregate_id, seq)
                SELECT receiver, order_id, seq
                FROM history JOIN unnest('{product,notification,notification}'::text[],
                    '{ORDER_CONFIRMED,ORDER_PLACED,ORDER_CONFIRMED}'::text[]) AS route (receiver, type)
                    ON route.type = history.type
            )
            SELECT count(*) FROM history
            """;

    private final BenchmarkShop shop;
    private final Schedule schedule = new Schedule();
    private final Deque<UUID> reserved = new ArrayDeque<>();
    private final UUID user;
    private final UUID product;
    private final GroupCommit<UUID, Boolean> placing;
    private final GroupCommit<UUID, Boolean> confirming;
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    OrderEventLoad(BenchmarkShop shop) {
        this.shop = shop;
        CallContext admin = CheckoutLoad.caller(UUID.randomUUID(), Caller.Role.ADMIN);
        user = BenchmarkShop.await(shop.call(
                        Users.REGISTER,
                        new Users.Register("Ada", "ada@example.com", "correct horse battery staple"),
                        admin))
                .id();
        product = BenchmarkShop.await(shop.call(
                        Products.CREATE,
                        new Products.Create("sku", "Product", "", Map.of(), new Money(100, "USD"), STOCK),
                        admin))
                .id();
        Database database = BenchmarkShop.await(shop.openDatabase("order"));
        placing = database.groupWrite("benchmark-place", this::place);
        confirming = database.groupWrite("benchmark-confirm", this::confirm);
    }

    @Override
    public void run(int rate, Duration length) {
        reserve((int) (rate * length.toSeconds()));
        var context = shop.node().context().vertx().getOrCreateContext();
        schedule.run(rate, length, number -> {
            UUID order = reserved.remove();
            context.runOnContext(begin -> write(order));
        });
    }

    @Override
    public int done() {
        return written.get();
    }

    @Override
    public int failed() {
        return failed.get();
    }

    private void reserve(int orders) {
        CallContext admin = CheckoutLoad.caller(UUID.randomUUID(), Caller.Role.ADMIN);
        while (reserved.size() < orders) {
            List<Future<?>> batch = new ArrayList<>();
            for (int number = 0; number < RESERVED_AT_ONCE; number++) {
                UUID order = shop.node().context().ids().get();
                reserved.add(order);
                batch.add(shop.call(
                        Products.RESERVE, new Products.Reserve(order, List.of(new Quantity(product, 1))), admin));
            }
            BenchmarkShop.await(Future.all(batch));
        }
    }

    private void write(UUID order) {
        placing.submit(order, deadline())
                .compose(placed -> confirming.submit(order, deadline()))
                .onComplete(end -> {
                    (end.succeeded() ? written : failed).incrementAndGet();
                    schedule.ended();
                });
    }

    private Future<List<Boolean>> place(SqlClient client, List<UUID> orders) {
        return happen(
                client, orders, 1, "ORDER_PLACED", Map.of("userId", user, "items", List.of(), "total", TOTAL), """
                WITH changed AS (
                    INSERT INTO orders (id, user_id, idempotency_key, request_id, fingerprint, payment_method,
                        answer_by, status, total, currency, last_seq, created_at, updated_at)
                    SELECT id, $6, id::text, 'benchmark', '', 'pm_card_visa', now(), 'PENDING', 100, 'USD', $5,
                        now(), now()
                    FROM unnest($1::uuid[]) AS fresh (id)
                    RETURNING id, last_seq
                )
                """);
    }

    private Future<List<Boolean>> confirm(SqlClient client, List<UUID> orders) {
        return happen(client, orders, 2, "ORDER_CONFIRMED", Map.of("userId", user, "total", TOTAL), """
                WITH changed AS (
                    UPDATE orders
                    SET status = 'CONFIRMED', checkout_status = 'CONFIRMED', checkout_at = now(), last_seq = $5
                    WHERE id = ANY ($1) AND user_id = $6
                    RETURNING id, last_seq
                )
                """);
    }

    private Future<List<Boolean>> happen(
            SqlClient client, List<UUID> orders, int seq, String type, Map<String, Object> data, String changed) {
        List<Event> events = orders.stream()
                .map(order -> new Event(shop.node().context().ids().get(), order, seq, type, Instant.now(), data))
                .toList();
        return client.preparedQuery(changed + TOLD)
                .execute(Tuple.of(
                        orders.toArray(UUID[]::new),
                        events.stream().map(Event::id).toArray(UUID[]::new),
                        type,
                        WireFormat.encode(data).toString(),
                        seq,
                        user))
                .onSuccess(committed ->
                        shop.node().context().bus().signal(Outbox.signal(SOURCE), new Event.Batch(SOURCE, events)))
                .map(committed -> orders.stream().map(order -> true).toList());
    }

    private static Deadline deadline() {
        return Deadline.in(Duration.ofSeconds(10));
    }
}
