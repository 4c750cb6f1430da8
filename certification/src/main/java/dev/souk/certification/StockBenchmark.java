package dev.souk.certification;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Money;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Quantity;
import dev.souk.contracts.Products.Reservation;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.bus.Deadline;
import dev.souk.product.ProductVerticle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How many orders a second get their stock, through the bus, one JVM, every commit on the disk: with group commit, and
 * with batches of one; all on one hot product, and spread over a thousand. The four take turns, so that what else the
 * machine does hits all of them; medians and ratios are printed.
 */
public final class StockBenchmark {
    private static final int CALLERS = 64;
    private static final int PRODUCTS = 1_000;
    private static final int ROUNDS = 5;
    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final long STOCK = 100_000_000;

    private StockBenchmark() {}

    /** One way to do the same work. */
    private record Way(String name, BenchmarkShop shop, List<UUID> products, List<Double> rates) {}

    public static void main(String[] arguments) throws Exception {
        try (BenchmarkShop grouped = shop(512);
                BenchmarkShop single = shop(1)) {
            List<UUID> inGrouped = products(grouped);
            List<UUID> inSingle = products(single);
            List<Way> ways = List.of(
                    new Way("group commit, one hot product", grouped, inGrouped.subList(0, 1), new ArrayList<>()),
                    new Way("group commit, 1,000 products", grouped, inGrouped, new ArrayList<>()),
                    new Way("batches of 1, one hot product", single, inSingle.subList(0, 1), new ArrayList<>()),
                    new Way("batches of 1, 1,000 products", single, inSingle, new ArrayList<>()));
            ways.forEach(way -> measure(way, WARM_UP));
            for (int round = 0; round < ROUNDS; round++) {
                ways.forEach(way -> way.rates().add(measure(way, ROUND)));
            }
            print(ways);
        }
    }

    private static BenchmarkShop shop(int mostInBatch) {
        return BenchmarkShop.start(
                Map.of("SOUK_PRODUCT_DATABASE_BATCH", Integer.toString(mostInBatch)), ProductVerticle.DEFINITION);
    }

    private static List<UUID> products(BenchmarkShop shop) {
        CallContext admin = new CallContext(
                "benchmark",
                Optional.of(new Caller(UUID.randomUUID(), Caller.Role.ADMIN)),
                Deadline.in(Duration.ofMinutes(5)));
        List<UUID> ids = new ArrayList<>();
        for (int number = 0; number < PRODUCTS; number++) {
            ids.add(BenchmarkShop.await(shop.call(
                            Products.CREATE,
                            new Products.Create("sku-" + number, "Product", "", Map.of(), new Money(100, "USD"), STOCK),
                            admin))
                    .id());
        }
        return ids;
    }

    /** Orders a second that were answered "reserved". */
    private static double measure(Way way, Duration length) {
        AtomicLong reserved = new AtomicLong();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch callers = new CountDownLatch(CALLERS);
        long begin = System.nanoTime();
        long end = begin + length.toNanos();
        for (int caller = 0; caller < CALLERS; caller++) {
            int first = caller * PRODUCTS / CALLERS;
            way.shop()
                    .node()
                    .context()
                    .vertx()
                    .getOrCreateContext()
                    .runOnContext(start -> reserveNext(way, first, end, reserved, failure, callers));
        }
        try {
            callers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw new IllegalStateException(way.name(), failure.get());
        }
        return reserved.get() / ((System.nanoTime() - begin) / 1e9);
    }

    private static void reserveNext(
            Way way,
            int number,
            long end,
            AtomicLong reserved,
            AtomicReference<Throwable> failure,
            CountDownLatch callers) {
        if (System.nanoTime() - end > 0) {
            callers.countDown();
            return;
        }
        UUID product = way.products().get(number % way.products().size());
        Products.Reserve request =
                new Products.Reserve(way.shop().node().context().ids().get(), List.of(new Quantity(product, 1)));
        way.shop()
                .call(Products.RESERVE, request, CallContext.ofService("benchmark", Duration.ofSeconds(10)))
                .onComplete(answer -> {
                    if (answer.succeeded() && answer.result() instanceof Reservation.Reserved) {
                        reserved.incrementAndGet();
                        reserveNext(way, number + 1, end, reserved, failure, callers);
                    } else {
                        failure.set(
                                answer.failed()
                                        ? answer.cause()
                                        : new IllegalStateException("answered " + answer.result()));
                        callers.countDown();
                    }
                });
    }

    private static void print(List<Way> ways) {
        System.out.printf(
                Locale.ROOT,
                "reserving stock through the bus, %d callers, one JVM, fsync on, %d rounds of %d s, medians:%n",
                CALLERS,
                ROUNDS,
                ROUND.toSeconds());
        ways.forEach(way -> System.out.printf(
                Locale.ROOT, "  %-32s %,9.0f /s   (rounds: %s)%n", way.name(), median(way.rates()), rounds(way)));
        double hot = median(ways.get(0).rates());
        double spread = median(ways.get(1).rates());
        System.out.printf(
                Locale.ROOT,
                "  group commit is %.1f times as fast on one product, %.1f times spread; hot is %+.0f %% of spread%n",
                hot / median(ways.get(2).rates()),
                spread / median(ways.get(3).rates()),
                (hot / spread - 1) * 100);
    }

    private static String rounds(Way way) {
        return way.rates().stream()
                .map(rate -> String.format(Locale.ROOT, "%,.0f", rate))
                .reduce((left, right) -> left + ", " + right)
                .orElse("");
    }

    private static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElseThrow();
    }
}
