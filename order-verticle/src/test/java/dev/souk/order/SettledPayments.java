package dev.souk.order;

import static dev.souk.kit.bus.OperationHandler.on;

import dev.souk.contracts.Money;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.kit.node.ServiceContext;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A payment service on the real bus whose books are in memory, kept as the real one keeps them: it charges once, refunds
 * once, and refuses a charge that comes after its refund. Safe for all threads.
 */
final class SettledPayments {
    static final String DECLINED_CARD = "pm_card_declined";

    private final ServiceContext context;
    private final Journal journal;
    private final Disturbances disturbances = new Disturbances();
    private final Map<UUID, Account> accounts = new HashMap<>();
    private final List<Charge> charges = new CopyOnWriteArrayList<>();

    private enum State {
        CHARGED,
        DECLINED,
        REFUNDED,
        NEVER_CHARGED
    }

    private record Account(State state, UUID paymentId, Money taken) {}

    SettledPayments(ServiceContext context, Journal journal) {
        this.context = context;
        this.journal = journal;
        ServiceFixture.await(context.serve(
                "payment",
                Future::succeededFuture,
                on(Payments.CHARGE, (charge, call) -> {
                    charges.add(charge);
                    return disturbances.answer(Payments.CHARGE, () -> charge(charge));
                }),
                on(
                        Payments.REFUND,
                        (refund, call) -> disturbances.answer(Payments.REFUND, () -> refund(refund.orderId())))));
    }

    Disturbances disturbances() {
        return disturbances;
    }

    /** All charges that were asked for on behalf of the order, done or not. */
    List<Charge> charges(UUID orderId) {
        return charges.stream()
                .filter(charge -> charge.orderId().equals(orderId))
                .toList();
    }

    /** What is held of the customer's money for the order. */
    synchronized long held(UUID orderId) {
        Account account = accounts.get(orderId);
        return account != null && account.state() == State.CHARGED
                ? account.taken().amount()
                : 0;
    }

    private synchronized ChargeOutcome charge(Charge charge) {
        journal.note(charge.orderId(), "charge");
        Account account = accounts.computeIfAbsent(charge.orderId(), id -> begin(charge));
        return switch (account.state()) {
            case CHARGED -> new ChargeOutcome.Charged(account.paymentId());
            case DECLINED -> new ChargeOutcome.Declined("card_declined");
            case REFUNDED, NEVER_CHARGED -> new ChargeOutcome.Closed();
        };
    }

    private Account begin(Charge charge) {
        State state = charge.paymentMethod().equals(DECLINED_CARD) ? State.DECLINED : State.CHARGED;
        return new Account(state, context.ids().get(), charge.amount());
    }

    private synchronized RefundOutcome refund(UUID orderId) {
        journal.note(orderId, "refund");
        Account account = accounts.getOrDefault(orderId, new Account(State.NEVER_CHARGED, null, null));
        return switch (account.state()) {
            case CHARGED, REFUNDED -> {
                accounts.put(orderId, new Account(State.REFUNDED, account.paymentId(), account.taken()));
                yield new RefundOutcome.Refunded(account.paymentId());
            }
            case DECLINED, NEVER_CHARGED -> {
                accounts.put(orderId, new Account(State.NEVER_CHARGED, null, null));
                yield new RefundOutcome.NothingCharged();
            }
        };
    }
}
