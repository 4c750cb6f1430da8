package dev.souk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Money;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.Refund;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.kit.node.ServiceDefinition;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.sandbox.Sandbox;
import dev.souk.sandbox.SandboxConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Two instances of the real payment service, a real database, and the sandbox for a provider. */
final class PaymentShop implements AutoCloseable {
    private static final int INSTANCES = 2;

    private final Vertx vertx;
    private final PaymentDatabase database;
    private final ServiceFixture fixture;
    private final ProviderLedger provider;

    private PaymentShop(Vertx vertx, PaymentDatabase database, ServiceFixture fixture, ProviderLedger provider) {
        this.vertx = vertx;
        this.database = database;
        this.fixture = fixture;
        this.provider = provider;
    }

    /** @param settings beside the addresses */
    static PaymentShop open(PaymentDatabase database, Path folder, Map<String, String> settings) {
        Vertx vertx = Vertx.vertx();
        Sandbox sandbox = ServiceFixture.await(Sandbox.start(vertx, new SandboxConfig("127.0.0.1", 0, folder)));
        String url = "http://127.0.0.1:" + sandbox.port();
        Map<String, String> variables = new HashMap<>(settings);
        variables.put("SOUK_PAYMENT_DATABASE_URL", database.url());
        variables.put("SOUK_PAYMENT_PROVIDER_URL", url);
        ServiceDefinition[] instances = new ServiceDefinition[INSTANCES];
        Arrays.fill(instances, PaymentVerticle.DEFINITION);
        return new PaymentShop(
                vertx, database, ServiceFixture.deploy(vertx, variables, instances), new ProviderLedger(url));
    }

    @Override
    public void close() {
        ServiceFixture.await(vertx.close());
    }

    ServiceFixture fixture() {
        return fixture;
    }

    ProviderLedger provider() {
        return provider;
    }

    Vertx vertx() {
        return vertx;
    }

    static Charge order(String paymentMethod) {
        return new Charge(UUID.randomUUID(), UUID.randomUUID(), new Money(120_000, "USD"), paymentMethod);
    }

    ChargeOutcome charge(Charge request) {
        return ServiceFixture.await(beginCharge(request));
    }

    RefundOutcome refund(Charge order) {
        return ServiceFixture.await(beginRefund(order));
    }

    Future<ChargeOutcome> beginCharge(Charge request) {
        return fixture.start(Payments.CHARGE, request, Optional.empty());
    }

    Future<RefundOutcome> beginRefund(Charge order) {
        return fixture.start(Payments.REFUND, new Refund(order.orderId()), Optional.empty());
    }

    ChargeOutcome chargeUntilSettled(Charge request) {
        return ServiceFixture.await(untilSettled(() -> beginCharge(request)));
    }

    RefundOutcome refundUntilSettled(Charge order) {
        return ServiceFixture.await(untilSettled(() -> beginRefund(order)));
    }

    /** Asks again, as a checkout does, for as long as the outcome is open. */
    <T> Future<T> untilSettled(Supplier<Future<T>> ask) {
        return ask.get()
                .recover(failure -> isOpen(failure)
                        ? vertx.timer(20, TimeUnit.MILLISECONDS).compose(waited -> untilSettled(ask))
                        : Future.failedFuture(failure));
    }

    static boolean isOpen(Throwable failure) {
        return failure instanceof Fault fault
                && switch (fault.code()) {
                    case UNAVAILABLE, TIMEOUT, OVERLOADED -> true;
                    default -> false;
                };
    }

    /** How far the breaker is open. */
    double breaker() {
        return fixture.context()
                .meters()
                .get("souk.payment.provider.breaker")
                .gauge()
                .value();
    }

    /** The ledger balances, holds what the payments say, and is the provider's own, payment by payment. */
    void assertReconciled() {
        assertThat(database.balance("%")).as("debits less credits").isZero();
        assertThat(database.misbooked())
                .as("payments that are not booked as they stand")
                .isZero();
        assertThat(database.booked()).as("the shop's ledger").isEqualTo(provider.lines());
    }
}
