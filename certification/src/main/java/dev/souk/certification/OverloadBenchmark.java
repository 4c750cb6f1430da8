package dev.souk.certification;

import dev.souk.certification.HttpLoad.End;
import dev.souk.certification.HttpLoad.Sample;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What a shop does when twice as much comes as it can do. The shop is a process of its own, as {@code ./souk up} starts it,
 * and its clients another, each on half of the processors. Its capacity is the highest steady rate at which at least 95 of 100
 * requests are answered as they should within a second; then come as many for a while, then twice as many, then half; and
 * at last a thousand who only keep connections busy come beside that half.
 */
public final class OverloadBenchmark {
    private static final Duration WARM_UP = Duration.ofSeconds(75);
    private static final Duration TRIAL = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofSeconds(8);
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final Duration AFTERWARDS = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final int ATTACKERS = 1_000;
    private static final int CLIENTS = 32;
    private static final int FAILED_RATES = 3;
    private static final double STEP_UP = 1.08;
    private static final long GOOD_NANOS = Duration.ofSeconds(1).toNanos();

    private OverloadBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        try (StartedShop shop = StartedShop.start(Processors.divide().prefix());
                HttpLoad load = shop.load()) {
            load.inTurn(CLIENTS, WARM_UP);
            int first = (int) (0.5 * rate(load.inTurn(CLIENTS, TRIAL), TRIAL, sample -> true));
            int capacity = capacity(load, first);
            List<Sample> at = load.atRate(capacity, LENGTH);
            load.atRate(capacity / 2, STEP);
            List<Sample> above = load.atRate(2 * capacity, LENGTH);
            List<Sample> after = load.atRate(capacity / 2, AFTERWARDS);
            print("at capacity", capacity, at);
            print("at twice", 2 * capacity, above);
            System.out.printf(
                    Locale.ROOT,
                    "of the goodput at capacity %.0f %%, of its orders %.0f %%; p99 of what is let in %.1f times; normal again"
                            + " after %d s%n",
                    100 * good(above) / good(at),
                    100
                            * rate(above, LENGTH, OverloadBenchmark::isGoodOrder)
                            / rate(at, LENGTH, OverloadBenchmark::isGoodOrder),
                    percentile(above, 0.99) / percentile(at, 0.99),
                    recovery(after, 2 * percentile(at, 0.99)));
            attack(shop.port(), load, capacity / 2);
        }
    }

    /** The same ordinary load without and with those who send heads that never end. */
    private static void attack(int port, HttpLoad load, int rate) throws IOException {
        List<Sample> before = load.atRate(rate, LENGTH);
        try (SlowHeaders attackers = new SlowHeaders(port, ATTACKERS)) {
            List<Sample> during = load.atRate(rate, LENGTH);
            print("undisturbed", rate, before);
            print("attacked", rate, during);
            System.out.printf(
                    Locale.ROOT,
                    "with %,d clients whose headers never end (cut off %,d times): %.1f %% of the goodput without%n",
                    ATTACKERS,
                    attackers.cut(),
                    100 * good(during) / good(before));
        }
    }

    private static int capacity(HttpLoad load, int first) {
        int capacity = first;
        int failed = 0;
        for (int rate = first; failed < FAILED_RATES; rate = (int) (rate * STEP_UP)) {
            if (canKeepUp(load, rate)) {
                capacity = rate;
                failed = 0;
                System.out.println(rate + "/s is kept up with");
            } else {
                failed++;
            }
        }
        return capacity;
    }

    /** Whatever else the machine had to do at that moment is no bound of the shop: each rate has a second chance. */
    private static boolean canKeepUp(HttpLoad load, int rate) {
        return isKeptUpWith(load.atRate(rate, STEP)) || isKeptUpWith(load.atRate(rate, STEP));
    }

    private static boolean isKeptUpWith(List<Sample> samples) {
        long inTime = samples.stream()
                .filter(sample -> sample.end() == End.GOOD && sample.nanos() < GOOD_NANOS)
                .count();
        return inTime >= 0.95 * samples.size();
    }

    private static void print(String title, int asked, List<Sample> samples) {
        System.out.printf(
                Locale.ROOT,
                "%-12s %,6d/s asked for: good %,7.0f/s (orders %,6.0f/s), shed %,7.0f/s (orders %,5.0f/s), otherwise failed %d;"
                        + " p50 %.1f ms, p99 %.1f ms%n",
                title,
                asked,
                good(samples),
                rate(samples, LENGTH, OverloadBenchmark::isGoodOrder),
                rate(samples, LENGTH, sample -> sample.end() == End.SHED),
                rate(samples, LENGTH, sample -> sample.end() == End.SHED && sample.isOrder()),
                samples.stream().filter(sample -> sample.end() == End.OTHER).count(),
                percentile(samples, 0.5),
                percentile(samples, 0.99));
    }

    private static double good(List<Sample> samples) {
        return rate(samples, LENGTH, sample -> sample.end() == End.GOOD);
    }

    private static boolean isGoodOrder(Sample sample) {
        return sample.isOrder() && sample.end() == End.GOOD;
    }

    private static double rate(List<Sample> samples, Duration length, Predicate<Sample> counted) {
        return samples.stream().filter(counted).count() / (length.toMillis() / 1_000.0);
    }

    /** Of what was answered as it should be, in milliseconds. */
    private static double percentile(List<Sample> samples, double part) {
        long[] nanos = samples.stream()
                .filter(sample -> sample.end() == End.GOOD)
                .mapToLong(Sample::nanos)
                .sorted()
                .toArray();
        return nanos[(int) Math.ceil(part * nanos.length) - 1] / 1e6;
    }

    /**
     * Until the end of the last second in which fewer than 99 of 100 were answered well and as fast as this, in seconds: what
     * befalls one request in a thousand on any day is no sign of an overload.
     */
    private static long recovery(List<Sample> samples, double millis) {
        long begin = samples.stream().mapToLong(Sample::sent).min().orElseThrow();
        return IntStream.range(0, (int) AFTERWARDS.dividedBy(WINDOW))
                .filter(window -> !isNormal(
                        samples.stream()
                                .filter(sample -> (sample.sent() - begin) / WINDOW.toNanos() == window)
                                .toList(),
                        millis))
                .map(window -> window + 1)
                .max()
                .orElse(0);
    }

    private static boolean isNormal(List<Sample> samples, double millis) {
        long well = samples.stream()
                .filter(sample -> sample.end() == End.GOOD && sample.nanos() / 1e6 <= millis)
                .count();
        return well >= 0.99 * samples.size();
    }
}
