package dev.souk.certification;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** Begins pieces of work at a steady rate, however slowly they end, and knows when all have ended. */
final class Schedule {
    private final AtomicInteger running = new AtomicInteger();

    /** Begins each piece at its time and returns when all have ended. */
    void run(int rate, Duration length, IntConsumer work) {
        long interval = TimeUnit.SECONDS.toNanos(1) / rate;
        long begin = System.nanoTime();
        int pieces = (int) (length.toNanos() / interval);
        for (int number = 0; number < pieces; number++) {
            long left = begin + number * interval - System.nanoTime();
            if (left > 0) {
                LockSupport.parkNanos(left);
            }
            running.incrementAndGet();
            work.accept(number);
        }
        while (running.get() > 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** A piece of work has ended. */
    void ended() {
        running.decrementAndGet();
    }
}
