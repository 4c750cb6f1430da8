package dev.souk.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The provider with the moods of its test cards. The ledger decides what happens to money; this decides when it is asked
 * and whether the answer is told.
 */
final class Provider {
    private static final Duration SLOWNESS = Duration.ofSeconds(3);

    private final Vertx vertx;
    private final Ledger ledger;
    private final Set<String> inProgress = new HashSet<>();
    private final Set<String> stumbled = new HashSet<>();

    Provider(Vertx vertx, Ledger ledger) {
        this.vertx = vertx;
        this.ledger = ledger;
    }

    /** Fails with {@link LedgerUnavailable} if the ledger cannot be written; nothing is known of the charge then. */
    Future<Outcome> charge(Request.Charge request) {
        if (ledger.standing(request.key()).isPresent()) {
            return ledger.settle(request);
        }
        if (request.paymentMethod() == PaymentMethod.FLAKY && stumbled.add(request.key())) {
            return Future.succeededFuture(new Outcome.Stumbled());
        }
        if (!inProgress.add(request.key())) {
            return Future.succeededFuture(new Outcome.InProgress());
        }
        return approval(request)
                .compose(approved -> ledger.settle(request))
                .onComplete(settled -> inProgress.remove(request.key()))
                .onSuccess(settled -> stumbled.remove(request.key()))
                .map(outcome -> told(request, outcome));
    }

    /** A charge with this key that has not reached the ledger yet finds its key closed when it does. */
    Future<Outcome> refund(Request.Refund request) {
        return ledger.settle(request);
    }

    private Future<Void> approval(Request.Charge request) {
        return request.paymentMethod() == PaymentMethod.SLOW
                ? vertx.timer(SLOWNESS.toMillis(), TimeUnit.MILLISECONDS).mapEmpty()
                : Future.succeededFuture();
    }

    private static Outcome told(Request.Charge request, Outcome outcome) {
        boolean first = outcome instanceof Outcome.Charged charged && !charged.again();
        return first && request.paymentMethod() == PaymentMethod.TIMEOUT ? new Outcome.Unanswered() : outcome;
    }
}
