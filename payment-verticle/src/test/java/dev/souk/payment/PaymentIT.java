package dev.souk.payment;

import static dev.souk.payment.PaymentShop.order;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.ChargeOutcome.Charged;
import dev.souk.contracts.Payments.ChargeOutcome.Closed;
import dev.souk.contracts.Payments.ChargeOutcome.Declined;
import dev.souk.contracts.Payments.Find;
import dev.souk.contracts.Payments.Kind;
import dev.souk.contracts.Payments.Payment;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.contracts.Payments.RefundOutcome.NothingCharged;
import dev.souk.contracts.Payments.RefundOutcome.Refunded;
import dev.souk.contracts.Payments.Status;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaymentIT {
    @RegisterExtension
    static final PaymentDatabase DATABASE = new PaymentDatabase();

    @TempDir
    Path folder;

    private PaymentShop shop;

    @BeforeEach
    void open() {
        shop = PaymentShop.open(DATABASE, folder, Map.of("SOUK_PAYMENT_PROVIDER_TIMEOUT", "800ms"));
    }

    @AfterEach
    void close() {
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_visa", "pm_card_timeout", "pm_card_flaky"})
    void chargesOnceHoweverItIsAnswered(String paymentMethod) {
        Charge order = order(paymentMethod);

        // when
        ChargeOutcome outcome = shop.chargeUntilSettled(order);

        // then
        assertThat(outcome).isInstanceOf(Charged.class).isEqualTo(shop.charge(order));
        assertThat(shop.provider().history(order.orderId())).containsExactly("charge");
        assertThat(DATABASE.balance("PROVIDER_RECEIVABLE")).isEqualTo(120_000);
        shop.assertReconciled();
    }

    @Test
    void saysThatAChargeIsOpenWhenItsAnswerDoesNotCome() {
        Charge order = order("pm_card_timeout");

        // when
        Fault.Code refusal = ServiceFixture.refusal(() -> shop.charge(order));

        // then
        assertThat(refusal).isEqualTo(Fault.Code.TIMEOUT);
        assertThat(payments(order)).extracting(Payment::status).containsExactly(Status.PENDING);
        assertThat(DATABASE.booked()).isEmpty();
    }

    @Test
    void carriesOnWhereAnotherProcessStopped() {
        Charge order = order("pm_card_timeout");
        Charge cancelled = order("pm_card_timeout");
        ServiceFixture.refusal(() -> shop.charge(order));
        ServiceFixture.refusal(() -> shop.charge(cancelled));
        shop.provider().misbehave(Map.of("hangRate", 1));
        ServiceFixture.refusal(() -> shop.refund(cancelled));
        shop.close();

        // when
        shop = PaymentShop.open(DATABASE, folder, Map.of());

        // then
        assertThat(shop.charge(cancelled)).isInstanceOf(Closed.class);
        assertThat(shop.charge(order)).isInstanceOf(Charged.class);
        assertThat(shop.refund(cancelled)).isInstanceOf(Refunded.class);
        assertThat(shop.provider().history(order.orderId())).containsExactly("charge");
        assertThat(shop.provider().history(cancelled.orderId())).containsExactly("charge", "refund");
        shop.assertReconciled();
    }

    @Test
    void waitsForAProviderWhoIsSlow() {
        shop.close();
        shop = PaymentShop.open(DATABASE, folder.resolve("slow"), Map.of());

        // when
        ChargeOutcome outcome = shop.charge(order("pm_card_slow"));

        // then
        assertThat(outcome).isInstanceOf(Charged.class);
        shop.assertReconciled();
    }

    @ParameterizedTest
    @CsvSource({
        "pm_card_declined, card_declined",
        "pm_card_insufficient_funds, insufficient_funds",
        "pm_unheard_of, unknown_payment_method"
    })
    void keepsARefusalOfTheProvider(String paymentMethod, String reason) {
        Charge order = order(paymentMethod);

        // when
        ChargeOutcome outcome = shop.charge(order);

        // then
        assertThat(outcome).isEqualTo(new Declined(reason)).isEqualTo(shop.charge(order));
        assertThat(shop.refund(order)).isInstanceOf(NothingCharged.class);
        assertThat(payments(order)).extracting(Payment::status).containsExactly(Status.FAILED);
        assertThat(shop.breaker()).isZero();
        shop.assertReconciled();
    }

    @Test
    void chargesOnceHoweverManyAskAtOnce() {
        Charge order = order("pm_card_visa");

        // when
        List<Future<ChargeOutcome>> asked = IntStream.range(0, 40)
                .mapToObj(number -> shop.untilSettled(() -> shop.beginCharge(order)))
                .toList();

        // then
        ServiceFixture.await(Future.all(asked));
        assertThat(asked)
                .extracting(Future::result)
                .containsOnly(asked.getFirst().result());
        assertThat(shop.provider().history(order.orderId())).containsExactly("charge");
        assertThat(payments(order)).hasSize(1);
        shop.assertReconciled();
    }

    @Test
    void refusesToChargeAnOrderOtherwiseThanBefore() {
        Charge order = order("pm_card_visa");
        ChargeOutcome first = shop.charge(order);
        Charge dearer = new Charge(order.orderId(), order.userId(), new Money(130_000, "USD"), "pm_card_visa");

        // when
        Fault.Code refusal = ServiceFixture.refusal(() -> shop.charge(dearer));

        // then
        assertThat(refusal).isEqualTo(Fault.Code.IDEMPOTENCY_KEY_REUSED);
        assertThat(shop.charge(order)).isEqualTo(first);
        shop.assertReconciled();
    }

    @Test
    void refusesWhatIsNoCharge() {
        UUID id = UUID.randomUUID();
        Money price = new Money(1, "EUR");

        // then
        List.of(
                        new Charge(null, id, price, "pm_card_visa"),
                        new Charge(id, null, price, "pm_card_visa"),
                        new Charge(id, id, null, "pm_card_visa"),
                        new Charge(id, id, new Money(-1, "EUR"), "pm_card_visa"),
                        new Charge(id, id, price, null),
                        new Charge(id, id, price, "pm \0"))
                .forEach(wrong -> assertThat(ServiceFixture.refusal(() -> shop.charge(wrong)))
                        .isEqualTo(Fault.Code.INVALID_REQUEST));
        assertThat(DATABASE.number("SELECT count(*) FROM payment_order")).isZero();
    }

    @Test
    void givesBackOnceWhatWasCharged() {
        Charge order = order("pm_card_visa");
        shop.charge(order);

        // when
        RefundOutcome outcome = shop.refund(order);

        // then
        assertThat(outcome).isInstanceOf(Refunded.class).isEqualTo(shop.refund(order));
        assertThat(shop.charge(order)).isInstanceOf(Closed.class);
        assertThat(shop.provider().history(order.orderId())).containsExactly("charge", "refund");
        assertThat(DATABASE.balance("PROVIDER_RECEIVABLE")).isZero();
        assertThat(DATABASE.balance("SALES_RETURNS")).isEqualTo(120_000);
        shop.assertReconciled();
    }

    @Test
    void refusesAChargeThatComesAfterItsRefund() {
        Charge order = order("pm_card_visa");

        // when
        RefundOutcome refunded = shop.refund(order);
        ChargeOutcome charged = shop.charge(order);

        // then
        assertThat(refunded).isInstanceOf(NothingCharged.class);
        assertThat(charged).isInstanceOf(Closed.class);
        assertThat(shop.refund(order)).isInstanceOf(NothingCharged.class);
        assertThat(shop.provider().history(order.orderId())).isEmpty();
        assertThat(payments(order)).isEmpty();
    }

    @Test
    void aChargeWaitsForARefundThatIsBeingKept() {
        Charge order = order("pm_card_visa");
        AtomicReference<Future<ChargeOutcome>> charging = new AtomicReference<>();

        // when
        DATABASE.close(order.orderId(), () -> {
            charging.set(shop.beginCharge(order));
            Await.until("the charge waits", () -> DATABASE.waiting() > 0);
        });

        // then
        assertThat(ServiceFixture.await(charging.get())).isInstanceOf(Closed.class);
        assertThat(shop.provider().history(order.orderId())).isEmpty();
    }

    @Test
    void givesBackAChargeWhoseAnswerNeverCame() {
        Charge order = order("pm_card_timeout");
        ServiceFixture.refusal(() -> shop.charge(order));

        // when
        RefundOutcome outcome = shop.refund(order);

        // then
        assertThat(outcome).isInstanceOf(Refunded.class);
        assertThat(payments(order))
                .extracting(payment -> payment.kind() + " " + payment.status())
                .containsExactly("CHARGE SUCCEEDED", "REFUND SUCCEEDED");
        shop.assertReconciled();
    }

    @Test
    void aChargeThatNeverReachedTheProviderIsRefusedWhenItDoes() {
        Charge order = order("pm_card_visa");
        shop.provider().misbehave(Map.of("down", true));
        ServiceFixture.refusal(() -> shop.charge(order));
        shop.provider().behave();

        // when
        RefundOutcome outcome = shop.refundUntilSettled(order);

        // then
        assertThat(outcome).isInstanceOf(NothingCharged.class);
        assertThat(shop.charge(order)).isInstanceOf(Closed.class);
        assertThat(shop.provider().history(order.orderId())).containsExactly("void");
        assertThat(payments(order)).extracting(Payment::status).containsOnly(Status.FAILED);
        shop.assertReconciled();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pm_card_visa", "pm_card_slow", "pm_card_timeout", "pm_card_declined", "pm_card_flaky"})
    void nothingIsHeldAfterARefundThatMeetsItsCharge(String paymentMethod) {
        Charge order = order(paymentMethod);
        shop.provider().misbehave(Map.of("latencyMs", 100));
        Future<ChargeOutcome> charging = shop.beginCharge(order);
        Await.until("the charge has begun", () -> !payments(order).isEmpty());

        // when
        RefundOutcome refunded = shop.refundUntilSettled(order);

        // then
        Await.until("the charge is answered", charging::isComplete);
        assertThat(charging.failed() ? PaymentShop.isOpen(charging.cause()) : !(charging.result() instanceof Charged))
                .isTrue();
        assertThat(shop.chargeUntilSettled(order)).isInstanceOf(Closed.class);
        assertThat(shop.refund(order)).isEqualTo(refunded);
        assertThat(DATABASE.balance("PROVIDER_RECEIVABLE")).isZero();
        assertThat(payments(order)).extracting(Payment::status).doesNotContain(Status.PENDING);
        shop.assertReconciled();
    }

    @Test
    void showsPaymentsToTheirUserAndToAdmins() {
        Charge order = order("pm_card_visa");
        shop.charge(order);
        shop.refund(order);
        Caller owner = new Caller(order.userId(), Caller.Role.CUSTOMER);
        Find find = new Find(order.orderId());

        // when
        List<Payment> shown = shop.fixture().call(Payments.LIST, find, owner).items();

        // then
        assertThat(shown).extracting(Payment::kind).containsExactly(Kind.CHARGE, Kind.REFUND);
        assertThat(shown).allSatisfy(payment -> {
            assertThat(payment.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(payment.amount()).isEqualTo(order.amount());
            assertThat(payment.provider()).isEqualTo("sandbox");
            assertThat(payment.providerReference()).isNotBlank();
        });
        assertThat(payments(order)).isEqualTo(shown);
        assertThat(shop.fixture()
                        .call(Payments.LIST, find, ServiceFixture.customer())
                        .items())
                .isEmpty();
        assertThat(ServiceFixture.refusal(() -> shop.fixture().call(Payments.LIST, find)))
                .isEqualTo(Fault.Code.UNAUTHENTICATED);
    }

    private List<Payment> payments(Charge order) {
        return shop.fixture()
                .call(Payments.LIST, new Find(order.orderId()), ServiceFixture.admin())
                .items();
    }
}
