package dev.souk.certification;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Money;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Status;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Users;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.notification.NotificationVerticle;
import dev.souk.order.OrderVerticle;
import dev.souk.payment.PaymentVerticle;
import dev.souk.product.ProductVerticle;
import dev.souk.user.UserVerticle;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long an event takes from the commit that wrote it to the commit with which its receiver has applied it, while
 * orders are placed at a steady rate, on schedule, however slow the answers are. Both moments are the commit timestamps
 * that PostgreSQL itself keeps, so nothing is measured with two clocks. All services run in this JVM, every commit goes to
 * the disk, every order is paid at the sandbox.
 */
public final class EventBenchmark {
    private static final int DEFAULT_RATE = 500;
    private static final Duration WARM_UP = Duration.ofSeconds(60);
    private static final Duration LENGTH = Duration.ofSeconds(20);
    private static final int PRODUCTS = 100;

    private EventBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int rate = arguments.length > 0 ? Integer.parseInt(arguments[0]) : DEFAULT_RATE;
        try (BenchmarkShop shop = BenchmarkShop.start(
                Map.of(),
                UserVerticle.DEFINITION,
                ProductVerticle.DEFINITION,
                PaymentVerticle.DEFINITION,
                NotificationVerticle.DEFINITION,
                OrderVerticle.DEFINITION)) {
            Load load = new Load(shop);
            load.run(rate, WARM_UP);
            String from = now(shop);
            int before = load.confirmed.get();
            int otherBefore = load.other.get();
            load.run(rate, LENGTH);
            String until = now(shop);
            int confirmed = load.confirmed.get() - before;
            System.out.printf(
                    Locale.ROOT,
                    "from commit to applied, %d orders/s asked for, %.0f/s confirmed, %d refused or late, one JVM, fsync"
                            + " on:%n",
                    rate,
                    confirmed / (double) LENGTH.toSeconds(),
                    load.other.get() - otherBefore);
            Map<UUID, Long> written = commits(shop, "order", "SELECT id, %s FROM order_event", from, until);
            for (String receiver : List.of("product", "notification")) {
                print(receiver, written, commits(shop, receiver, "SELECT event_id, %s FROM inbox", from, ""));
            }
        }
    }

    /** Places orders on schedule. */
    private static final class Load {
        private final BenchmarkShop shop;
        private final CallContext admin = caller(UUID.randomUUID(), Caller.Role.ADMIN);
        private final List<UUID> products = new ArrayList<>();
        private final UUID user;
        private final AtomicInteger confirmed = new AtomicInteger();
        private final AtomicInteger other = new AtomicInteger();
        private final AtomicInteger running = new AtomicInteger();

        Load(BenchmarkShop shop) {
            this.shop = shop;
            this.user = BenchmarkShop.await(shop.call(
                            Users.REGISTER,
                            new Users.Register("Ada", "ada@example.com", "correct horse battery staple"),
                            admin))
                    .id();
            for (int number = 0; number < PRODUCTS; number++) {
                products.add(BenchmarkShop.await(shop.call(
                                Products.CREATE,
                                new Products.Create(
                                        "sku-" + number, "Product", "", Map.of(), new Money(100, "USD"), 10_000_000),
                                admin))
                        .id());
            }
        }

        /** Returns when all orders have their answer. */
        void run(int rate, Duration length) {
            long interval = TimeUnit.SECONDS.toNanos(1) / rate;
            long begin = System.nanoTime();
            long orders = length.toNanos() / interval;
            for (long number = 0; number < orders; number++) {
                long left = begin + number * interval - System.nanoTime();
                if (left > 0) {
                    LockSupport.parkNanos(left);
                }
                place(products.get((int) (number % products.size())));
            }
            while (running.get() > 0) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }

        private void place(UUID product) {
            running.incrementAndGet();
            Orders.Place request = new Orders.Place(
                    UUID.randomUUID().toString(), List.of(new Quantity(product, 1)), "pm_card_visa", null);
            shop.call(Orders.PLACE, request, caller(user, Caller.Role.CUSTOMER)).onComplete(answer -> {
                boolean isConfirmed =
                        answer.succeeded() && answer.result().order().status() == Status.CONFIRMED;
                (isConfirmed ? confirmed : other).incrementAndGet();
                running.decrementAndGet();
            });
        }

        private static CallContext caller(UUID user, Caller.Role role) {
            return new CallContext(
                    "benchmark", Optional.of(new Caller(user, role)), Deadline.in(Duration.ofMinutes(2)));
        }
    }

    private static String now(BenchmarkShop shop) throws SQLException {
        try (Connection connection = shop.connect("order");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    /** When the row of each event was committed, in microseconds. */
    private static Map<UUID, Long> commits(BenchmarkShop shop, String service, String query, String from, String until)
            throws SQLException {
        String committed = "pg_xact_commit_timestamp(xmin)";
        String sql = query.formatted("(extract(epoch FROM " + committed + ") * 1000000)::bigint") + " WHERE "
                + committed + " > '" + from + "'" + (until.isEmpty() ? "" : " AND " + committed + " < '" + until + "'");
        Map<UUID, Long> commits = new HashMap<>();
        try (Connection connection = shop.connect(service);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                commits.put(rows.getObject(1, UUID.class), rows.getLong(2));
            }
        }
        return commits;
    }

    private static void print(String receiver, Map<UUID, Long> written, Map<UUID, Long> applied) {
        List<Long> latencies = written.entrySet().stream()
                .filter(event -> applied.containsKey(event.getKey()))
                .map(event -> applied.get(event.getKey()) - event.getValue())
                .sorted()
                .toList();
        if (latencies.isEmpty()) {
            throw new IllegalStateException("no event reached " + receiver);
        }
        System.out.printf(
                Locale.ROOT,
                "  %-13s %,7d events   p50 %6.2f ms   p90 %6.2f ms   p99 %6.2f ms   longest %7.2f ms%n",
                receiver,
                latencies.size(),
                at(latencies, 0.50),
                at(latencies, 0.90),
                at(latencies, 0.99),
                latencies.getLast() / 1_000.0);
    }

    private static double at(List<Long> sorted, double share) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share))) / 1_000.0;
    }
}
