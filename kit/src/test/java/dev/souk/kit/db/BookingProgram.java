package dev.souk.kit.db;

import dev.souk.kit.bus.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Books keys in a JVM of its own, 16 at a time, and prints each with its outcome as soon as it is told. Arguments: the
 * database's address, and how many keys.
 */
final class BookingProgram {
    private static final int CALLERS = 16;

    private BookingProgram() {}

    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        int keys = Integer.parseInt(arguments[1]);
        vertx.getOrCreateContext()
                .runOnContext(begun -> Bookings.open(vertx, arguments[0])
                        .map(Bookings::group)
                        .compose(group -> Future.all(IntStream.range(0, CALLERS)
                                .mapToObj(caller -> bookFrom(group, caller, keys))
                                .toList()))
                        .onFailure(Throwable::printStackTrace)
                        .onComplete(done -> Runtime.getRuntime().exit(done.succeeded() ? 0 : 1)));
    }

    private static Future<Void> bookFrom(GroupCommit<String, Long> group, int key, int keys) {
        if (key >= keys) {
            return Future.succeededFuture();
        }
        return group.submit("key-" + key, Deadline.in(Duration.ofSeconds(20))).compose(booking -> {
            System.out.println("key-" + key + " " + booking);
            return bookFrom(group, key + CALLERS, keys);
        });
    }
}
