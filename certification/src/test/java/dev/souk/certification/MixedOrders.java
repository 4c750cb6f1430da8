package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Many customers ordering at once: of a hundred orders ten are declined, five want what is out of stock, five are cancelled
 * at a random moment, and two are sent twice. Everything is drawn from one seed. What each was told is remembered.
 */
final class MixedOrders {
    private static final int CUSTOMERS = 20;
    private static final int CLIENTS = 48;
    private static final int PRODUCTS = 50;

    private final ShopClient client;
    private final List<String> customers = new ArrayList<>();
    private final List<String> products = new ArrayList<>();
    private final String soldOut;
    private final Map<String, Told> told = new ConcurrentHashMap<>();
    private final Queue<String> odd = new ConcurrentLinkedQueue<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();

    /** What a customer was told about an order. */
    private record Told(Order order, Answer answer) {}

    private record Order(String customer, String key, String body) {}

    MixedOrders(Map<String, String> settings) {
        client = new ShopClient(ShopProcess.url(settings));
        String admin = client.admin();
        for (int number = 0; number < CUSTOMERS; number++) {
            customers.add(client.customer());
        }
        for (int number = 0; number < PRODUCTS; number++) {
            products.add(client.product(admin, 1_000_000));
        }
        soldOut = client.product(admin, 0);
    }

    /** Places so many orders, each to its end. */
    void place(int orders, long seed) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        AtomicInteger next = new AtomicInteger();
        for (int number = 0; number < CLIENTS; number++) {
            threads.add(Thread.ofVirtual().start(() -> {
                int order = next.getAndIncrement();
                while (order < orders) {
                    placeOne(new SplittableRandom(seed * 1_000_003 + order));
                    order = next.getAndIncrement();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** Whether the customers were told what the rules say, and in about the proportions that were asked for. */
    void assertTold(int orders) {
        assertThat(odd).isEmpty();
        assertThat(told).hasSize(orders);
        assertThat(count(201)).isBetween(orders * 78L / 100, orders * 90L / 100);
        assertThat(count(402)).isBetween(orders * 7L / 100, orders * 13L / 100);
        assertThat(count(409)).isBetween(orders * 3L / 100, orders * 12L / 100);
        assertThat(cancelled.get()).isGreaterThan(orders / 50);
        assertThat(repeated.get()).isGreaterThan(orders / 100);
    }

    /** Asks for some of them again, whatever became of them: the answers are the same, byte for byte. */
    void askAgain(int most) {
        told.values().stream().limit(most).forEach(before -> {
            Answer again = send(before.order());
            assertThat(again.status()).isEqualTo(before.answer().status());
            assertThat(again.body()).isEqualTo(before.answer().body());
        });
    }

    @Override
    public String toString() {
        return told.size() + " orders: " + count(201) + " confirmed, " + count(402) + " declined, " + count(409)
                + " out of stock or cancelled first; " + cancelled + " cancelled, " + repeated + " sent twice";
    }

    private void placeOne(SplittableRandom random) {
        double kind = random.nextDouble();
        String method = kind < 0.10
                ? (random.nextBoolean() ? "pm_card_declined" : "pm_card_insufficient_funds")
                : "pm_card_visa";
        String product = kind >= 0.10 && kind < 0.15 ? soldOut : products.get(random.nextInt(products.size()));
        boolean cancels = kind >= 0.15 && kind < 0.20;
        boolean isImpatient = random.nextDouble() < 0.02;
        Order order = new Order(
                customers.get(random.nextInt(customers.size())),
                UUID.randomUUID().toString(),
                ShopClient.orderBody(product, 1 + random.nextInt(3)).replace("pm_card_visa", method));
        try {
            Thread twice = isImpatient ? Thread.ofVirtual().start(() -> repeat(order)) : null;
            Answer answer = cancels ? cancelAtSomeMoment(order, random) : toTheEnd(order);
            told.put(order.key(), new Told(order, answer));
            if (answer.status() != 201 && answer.status() != 402 && answer.status() != 409) {
                odd.add(answer.status() + " " + answer.body());
            }
            if (twice != null) {
                twice.join();
            }
        } catch (CompletionException e) {
            odd.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat(Order order) {
        repeated.incrementAndGet();
        Answer answer = toTheEnd(order);
        if (answer.status() >= 500) {
            odd.add(answer.status() + " " + answer.body());
        }
    }

    /** Before it is confirmed, or after. */
    private Answer cancelAtSomeMoment(Order order, SplittableRandom random) {
        Answer accepted = client.send("POST", "/api/v1/orders", headers(order, true), order.body())
                .join();
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(40)).toNanos());
        if (accepted.status() == 202 || accepted.status() == 201) {
            String id = accepted.json().path("id").asText();
            Answer answer = cancel(order, id);
            while (answer.status() == 503 || answer.status() == 504) {
                answer = cancel(order, id);
            }
            if (answer.status() == 200) {
                cancelled.incrementAndGet();
            } else {
                odd.add("cancel " + answer.status() + " " + answer.body());
            }
        }
        return toTheEnd(order);
    }

    private Answer cancel(Order order, String id) {
        return client.post("/api/v1/orders/" + id + "/cancel", ShopClient.bearer(order.customer()), "{}");
    }

    private Answer toTheEnd(Order order) {
        Answer answer = send(order);
        while (answer.hasNoEndYet()) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            answer = send(order);
        }
        return answer;
    }

    private Answer send(Order order) {
        return client.send("POST", "/api/v1/orders", headers(order, false), order.body())
                .join();
    }

    private static Map<String, String> headers(Order order, boolean async) {
        return async
                ? Map.of(
                        "Authorization",
                        "Bearer " + order.customer(),
                        "Idempotency-Key",
                        order.key(),
                        "Prefer",
                        "respond-async")
                : Map.of("Authorization", "Bearer " + order.customer(), "Idempotency-Key", order.key());
    }

    private long count(int status) {
        return told.values().stream()
                .filter(one -> one.answer().status() == status)
                .count();
    }
}
