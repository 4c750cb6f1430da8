package dev.souk.certification;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * How long an event takes from the commit that wrote it to the commit with which its receiver has applied it, while
 * orders come at a steady rate, on schedule, however slow the answers are. Both moments are the commit timestamps that
 * PostgreSQL itself keeps, so nothing is measured with two clocks. All services run in this JVM, every commit goes to the
 * disk. Measured twice: the way of the events by itself, with orders written as the order service writes them; and with
 * the whole checkout on the same processors, every order priced, reserved and paid at the sandbox.
 */
public final class EventBenchmark {
    private static final Set<String> BOTH = Set.of("events", "checkout");
    private static final int RATE = 500;
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final int ROUNDS = 3;
    private static final List<String> RECEIVERS = List.of("product", "notification");
    private static final int MOST_WARM_UPS = 9;
    /** Of a second's time, in milliseconds: what the compiler may take when it has come to rest. */
    private static final int RESTING_COMPILER = 50;

    private static final Duration LENGTH = Duration.ofSeconds(20);

    private EventBenchmark() {}

    /** Orders that come on schedule. */
    interface Load {
        /** Returns when all of them have their answer. */
        void run(int rate, Duration length);

        /** How many ended as they should. */
        int done();

        /** How many did not, or not in time. */
        int failed();
    }

    /** Without arguments both are measured; otherwise the one that is named, {@code events} or {@code checkout}. */
    public static void main(String[] arguments) throws SQLException {
        Set<String> wanted = arguments.length == 0 ? BOTH : Set.of(arguments);
        if (!BOTH.containsAll(wanted)) {
            throw new IllegalArgumentException("there are " + BOTH + ", not all of " + wanted);
        }
        if (wanted.contains("events")) {
            measure("the way of the events by itself", OrderEventLoad::new);
        }
        if (wanted.contains("checkout")) {
            measure("with the whole checkout", CheckoutLoad::new);
        }
    }

    private static void measure(String title, Function<BenchmarkShop, Load> loads) throws SQLException {
        try (BenchmarkShop shop = BenchmarkShop.startAll()) {
            Load load = loads.apply(shop);
            warmUp(load);
            int done = load.done();
            int failed = load.failed();
            Map<String, List<Round>> rounds = new LinkedHashMap<>();
            for (int round = 0; round < ROUNDS; round++) {
                String from = now(shop);
                load.run(RATE, LENGTH);
                Map<UUID, Long> written = commits(shop, "order", "SELECT id, %s FROM order_event", from, now(shop));
                for (String receiver : RECEIVERS) {
                    Map<UUID, Long> applied = commits(shop, receiver, "SELECT event_id, %s FROM inbox", from, "");
                    rounds.computeIfAbsent(receiver, first -> new ArrayList<>())
                            .add(Round.of(receiver, written, applied));
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "%s, %d orders/s asked for, %.0f/s confirmed, %d refused or late, one JVM, fsync on, medians of %d rounds of"
                            + " %d s:%n",
                    title,
                    RATE,
                    (load.done() - done) / (double) LENGTH.multipliedBy(ROUNDS).toSeconds(),
                    load.failed() - failed,
                    ROUNDS,
                    LENGTH.toSeconds());
            rounds.forEach(EventBenchmark::print);
        }
    }

    /** Until the compiler rests: it takes half a processor in the first minutes of a JVM, which a shop does not notice later. */
    private static void warmUp(Load load) {
        CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
        for (int round = 0; round < MOST_WARM_UPS; round++) {
            long before = compiler.getTotalCompilationTime();
            load.run(RATE, WARM_UP);
            if (compiler.getTotalCompilationTime() - before < RESTING_COMPILER * WARM_UP.toSeconds()) {
                return;
            }
        }
        System.out.println("the compiler has not come to rest: a part of what follows is its doing");
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

    private static void print(String receiver, List<Round> rounds) {
        System.out.printf(
                Locale.ROOT,
                "  %-13s %,7d events   p50 %6.2f ms   p90 %6.2f ms   p99 %6.2f ms   (rounds: %s)%n",
                receiver,
                rounds.stream().mapToInt(Round::events).sum(),
                median(rounds, Round::p50),
                median(rounds, Round::p90),
                median(rounds, Round::p99),
                rounds.stream()
                        .map(round -> String.format(Locale.ROOT, "%.2f/%.2f", round.p50(), round.p99()))
                        .collect(Collectors.joining(", ")));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> value) {
        return rounds.stream().mapToDouble(value).sorted().toArray()[rounds.size() / 2];
    }

    /** From commit to commit, in milliseconds. */
    private record Round(int events, double p50, double p90, double p99) {
        static Round of(String receiver, Map<UUID, Long> written, Map<UUID, Long> applied) {
            List<Long> latencies = written.entrySet().stream()
                    .filter(event -> applied.containsKey(event.getKey()))
                    .map(event -> applied.get(event.getKey()) - event.getValue())
                    .sorted()
                    .toList();
            if (latencies.isEmpty()) {
                throw new IllegalStateException("no event reached " + receiver);
            }
            return new Round(latencies.size(), at(latencies, 0.50), at(latencies, 0.90), at(latencies, 0.99));
        }

        private static double at(List<Long> sorted, double share) {
            return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * share))) / 1_000.0;
        }
    }
}
