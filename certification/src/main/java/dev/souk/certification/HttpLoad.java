package dev.souk.certification;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients of a shop's gateway: one request in five places an order, the others look at products. What is sent is decided by
 * the schedule alone, however slow the answers are, unless it is asked for as fast as it is answered.
 */
final class HttpLoad implements AutoCloseable {
    private static final int ORDER_EVERY = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What became of a request. */
    enum End {
        GOOD,
        SHED,
        OTHER
    }

    /**
     * @param sent when, as {@link System#nanoTime}
     * @param nanos how long it took from when it was due
     */
    record Sample(boolean isOrder, End end, long sent, long nanos) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpClientAgent http;
    private final int port;
    private final String token;
    private final List<String> products;
    private final AtomicInteger number = new AtomicInteger();

    HttpLoad(int port, String token, List<String> products) {
        this.port = port;
        this.token = token;
        this.products = products;
        this.http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(2_000),
                new PoolOptions().setHttp1MaxSize(1_024).setMaxWaitQueueSize(-1));
    }

    /** Sends at a steady rate; returns when all have been answered or given up. */
    List<Sample> atRate(int rate, Duration length) {
        Schedule schedule = new Schedule();
        List<Sample> samples = new ArrayList<>();
        schedule.run(rate, length, piece -> {
            long due = System.nanoTime();
            send(due).onComplete(sample -> {
                synchronized (samples) {
                    samples.add(sample.result());
                }
                schedule.ended();
            });
        });
        return samples;
    }

    /** Sends the next as soon as one is answered, so many at once. */
    List<Sample> inTurn(int clients, Duration length) {
        long end = System.nanoTime() + length.toNanos();
        List<Sample> samples = new ArrayList<>();
        List<Future<?>> all = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            all.add(next(end, samples));
        }
        BenchmarkShop.await(Future.join(all), length.plus(PATIENCE).plus(PATIENCE));
        return samples;
    }

    @Override
    public void close() {
        BenchmarkShop.await(vertx.close());
    }

    private Future<?> next(long end, List<Sample> samples) {
        if (System.nanoTime() - end > 0) {
            return Future.succeededFuture();
        }
        return send(System.nanoTime()).compose(sample -> {
            synchronized (samples) {
                samples.add(sample);
            }
            return next(end, samples);
        });
    }

    private Future<Sample> send(long due) {
        int own = number.incrementAndGet();
        boolean isOrder = own % ORDER_EVERY == 0;
        String product = products.get(own % products.size());
        Future<Integer> status = isOrder ? place(product) : read(product);
        return status.map(code -> sample(isOrder, code == (isOrder ? 201 : 200), code == 503, due))
                .otherwise(failure -> sample(isOrder, false, false, due));
    }

    private static Sample sample(boolean isOrder, boolean isGood, boolean isShed, long due) {
        End end = isGood ? End.GOOD : isShed ? End.SHED : End.OTHER;
        return new Sample(isOrder, end, due, System.nanoTime() - due);
    }

    private Future<Integer> read(String product) {
        return request(HttpMethod.GET, "/api/v1/products/" + product, Buffer.buffer());
    }

    private Future<Integer> place(String product) {
        return request(
                HttpMethod.POST,
                "/api/v1/orders",
                new JsonObject()
                        .put("paymentMethod", "pm_card_visa")
                        .put(
                                "items",
                                List.of(new JsonObject()
                                        .put("productId", product)
                                        .put("quantity", 1)))
                        .toBuffer());
    }

    private Future<Integer> request(HttpMethod method, String path, Buffer body) {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setMethod(method)
                .setURI(path)
                .setTimeout(PATIENCE.toMillis())
                .putHeader("Authorization", "Bearer " + token);
        if (body.length() > 0) {
            options.putHeader("Content-Type", "application/json")
                    .putHeader("Idempotency-Key", UUID.randomUUID().toString());
        }
        return http.request(options)
                .compose(request -> request.send(body))
                .compose(response -> response.body().map(read -> response.statusCode()));
    }
}
