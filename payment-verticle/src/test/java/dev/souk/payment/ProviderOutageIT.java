package dev.souk.payment;

import static dev.souk.payment.PaymentShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.ChargeOutcome.Charged;
import dev.souk.contracts.Payments.ChargeOutcome.Declined;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ProviderOutageIT {
    private static final double CLOSED = 0;
    private static final double OPEN = 2;

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
                Map.of("SOUK_PAYMENT_PROVIDER_TIMEOUT", "500ms", "SOUK_PAYMENT_BREAKER_RESET", "300ms"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @Test
    void leavesAProviderAloneWhoIsDownAndChargesOnceWhenHeIsBack() {
        List<Charge> orders = orders(20, "pm_card_visa");
        shop.provider().misbehave(Map.of("down", true));
        Await.until("the breaker opens", () -> {
            ServiceFixture.await(
                    Future.join(orders.stream().map(shop::beginCharge).toList()).otherwiseEmpty());
            return shop.breaker() == OPEN;
        });

        // when
        List<Future<ChargeOutcome>> charging = orders.stream()
                .map(order -> shop.untilSettled(() -> shop.beginCharge(order)))
                .toList();
        shop.provider().behave();

        // then
        ServiceFixture.await(Future.all(charging));
        assertThat(charging).extracting(Future::result).hasOnlyElementsOfType(Charged.class);
        orders.forEach(
                order -> assertThat(shop.provider().history(order.orderId())).containsExactly("charge"));
        Await.until("the breaker closes", () -> {
            shop.charge(order("pm_card_visa"));
            return shop.breaker() == CLOSED;
        });
        shop.assertReconciled();
    }

    @Test
    void failsAtOnceWhileTheBreakerIsOpen() {
        shop.close();
        shop = PaymentShop.open(
                DATABASE,
                folder.resolve("patient"),
                Map.of(
                        "SOUK_PAYMENT_PROVIDER_TIMEOUT", "500ms",
                        "SOUK_PAYMENT_BREAKER_FAILURES", "1",
                        "SOUK_PAYMENT_BREAKER_RESET", "1m"));
        shop.provider().misbehave(Map.of("hangRate", 1));
        // One failure for each instance.
        ServiceFixture.await(Future.join(orders(6, "pm_card_visa").stream()
                        .map(shop::beginCharge)
                        .toList())
                .otherwiseEmpty());
        long begun = System.nanoTime();

        // when
        List<Future<ChargeOutcome>> refused =
                orders(20, "pm_card_visa").stream().map(shop::beginCharge).toList();

        // then
        ServiceFixture.await(Future.join(refused).otherwiseEmpty());
        assertThat(refused)
                .allSatisfy(
                        charge -> assertThat(((Fault) charge.cause()).code()).isEqualTo(Fault.Code.UNAVAILABLE));
        assertThat(System.nanoTime() - begun).isLessThan(450_000_000L);
        assertThat(shop.breaker()).isEqualTo(OPEN);
    }

    @Test
    void aRefusalIsNoFailure() {
        // when
        orders(30, "pm_card_declined")
                .forEach(order -> assertThat(shop.charge(order)).isInstanceOf(Declined.class));

        // then
        assertThat(shop.breaker()).isEqualTo(CLOSED);
        assertThat(shop.charge(order("pm_card_visa"))).isInstanceOf(Charged.class);
        shop.assertReconciled();
    }

    @Test
    void chargesOnceThroughAProviderWhoFailsAndHangs() {
        shop.provider().misbehave(Map.of("errorRate", 0.4, "hangRate", 0.1));
        List<Charge> orders = orders(60, "pm_card_visa");

        // when
        List<Future<ChargeOutcome>> charging = orders.stream()
                .map(order -> shop.untilSettled(() -> shop.beginCharge(order)))
                .toList();

        // then
        ServiceFixture.await(Future.all(charging));
        assertThat(charging).extracting(Future::result).hasOnlyElementsOfType(Charged.class);
        assertThat(shop.provider().lines()).hasSize(orders.size());
        shop.assertReconciled();
    }

    private static List<Charge> orders(int number, String paymentMethod) {
        return IntStream.range(0, number).mapToObj(any -> order(paymentMethod)).toList();
    }
}
