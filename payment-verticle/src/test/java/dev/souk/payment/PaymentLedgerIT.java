package dev.souk.payment;

import static dev.souk.payment.PaymentShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.ChargeOutcome.Charged;
import dev.souk.contracts.Payments.ChargeOutcome.Closed;
import dev.souk.contracts.Payments.ChargeOutcome.Declined;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.contracts.Payments.RefundOutcome.Refunded;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shop's ledger and the provider's agree, whatever happens between them. */
class PaymentLedgerIT {
    private static final List<String> METHODS = List.of(
            "pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_declined", "pm_card_flaky", "pm_card_timeout");

    @RegisterExtension
    static final PaymentDatabase DATABASE = new PaymentDatabase();

    @TempDir
    Path folder;

    private PaymentShop shop;

    @BeforeEach
    void open() {
        shop = PaymentShop.open(
                DATABASE,
                folder,
                Map.of(
                        "SOUK_PAYMENT_PROVIDER_TIMEOUT", "300ms",
                        "SOUK_PAYMENT_BREAKER_RESET", "100ms",
                        "SOUK_PAYMENT_BREAKER_FAILURES", "20"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void agreesWithTheProviderWhileConnectionsToTheDatabaseAreCut() {
        List<Charge> orders = IntStream.range(0, 400)
                .mapToObj(number -> order("pm_card_visa"))
                .toList();
        List<Charge> cancelled = orders.subList(0, 100);

        // when
        List<Future<ChargeOutcome>> charging =
                spread(orders, order -> shop.untilSettled(() -> shop.beginCharge(order)));
        List<Future<RefundOutcome>> refunding =
                spread(cancelled, order -> shop.untilSettled(() -> shop.beginRefund(order)));
        long cut = 0;
        while (!done(charging) || !done(refunding)) {
            cut += DATABASE.cutConnections();
            ServiceFixture.await(shop.vertx().timer(15, TimeUnit.MILLISECONDS));
            assertThat(cut).as("cuts while nothing gets any further").isLessThan(2_000);
            if (cut > 100) {
                break;
            }
        }

        // then
        ServiceFixture.await(Future.all(charging));
        ServiceFixture.await(Future.all(refunding));
        assertThat(cut).as("connections cut at work").isPositive();
        orders.subList(100, 400).forEach(order -> assertThat(shop.charge(order)).isInstanceOf(Charged.class));
        cancelled.forEach(order -> assertThat(shop.charge(order)).isInstanceOf(Closed.class));
        assertThat(DATABASE.number("SELECT count(*) FROM payment WHERE status = 'PENDING'"))
                .isZero();
        assertThat(DATABASE.balance("PROVIDER_RECEIVABLE")).isEqualTo(300 * 120_000L);
        shop.assertReconciled();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithTheProviderHoweverChargesAndRefundsMeet(long seed) {
        Random random = new Random(seed);
        List<Charge> orders = IntStream.range(0, 120)
                .mapToObj(number -> order(METHODS.get(random.nextInt(METHODS.size()))))
                .toList();
        Set<Charge> refunded = new HashSet<>();
        List<Future<?>> asked = new ArrayList<>();
        shop.provider().misbehave(Map.of("errorRate", 0.2, "hangRate", 0.03, "latencyMs", 5));

        // when
        for (int round = 0; round < 600; round++) {
            Charge order = orders.get(random.nextInt(orders.size()));
            if (random.nextInt(4) == 0) {
                refunded.add(order);
                asked.add(shop.beginRefund(order));
            } else {
                asked.add(shop.beginCharge(order));
            }
            if (random.nextInt(10) == 0) {
                ServiceFixture.await(shop.vertx().timer(1 + random.nextInt(20), TimeUnit.MILLISECONDS));
            }
        }
        ServiceFixture.await(Future.join(asked).otherwiseEmpty());
        assertThat(asked)
                .allSatisfy(answer -> assertThat(answer.succeeded() || PaymentShop.isOpen(answer.cause()))
                        .as("%s", answer)
                        .isTrue());
        List<Future<RefundOutcome>> refunds =
                spread(List.copyOf(refunded), order -> shop.untilSettled(() -> shop.beginRefund(order)));
        ServiceFixture.await(Future.all(refunds));
        List<Future<ChargeOutcome>> charges = spread(orders, order -> shop.untilSettled(() -> shop.beginCharge(order)));
        ServiceFixture.await(Future.all(charges));

        // then
        for (int index = 0; index < orders.size(); index++) {
            Charge order = orders.get(index);
            Class<?> end = refunded.contains(order)
                    ? Closed.class
                    : order.paymentMethod().equals("pm_card_declined") ? Declined.class : Charged.class;
            assertThat(charges.get(index).result())
                    .as("seed %d, %s", seed, order)
                    .isInstanceOf(end);
        }
        assertThat(refunds).extracting(Future::result).hasAtLeastOneElementOfType(Refunded.class);
        assertThat(DATABASE.number("SELECT count(*) FROM payment WHERE status = 'PENDING'"))
                .isZero();
        shop.assertReconciled();
    }

    private static <T> List<Future<T>> spread(List<Charge> orders, Function<Charge, Future<T>> ask) {
        return orders.stream().map(ask).toList();
    }

    private static boolean done(List<? extends Future<?>> futures) {
        return futures.stream().allMatch(Future::isComplete);
    }
}
