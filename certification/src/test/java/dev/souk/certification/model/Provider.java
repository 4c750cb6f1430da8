package dev.souk.certification.model;

import dev.souk.certification.model.Instance.Reply;
import dev.souk.sandbox.Book;
import dev.souk.sandbox.Entry;
import dev.souk.sandbox.LedgerRules;
import dev.souk.sandbox.LedgerRules.Decision;
import dev.souk.sandbox.LedgerRules.Stamp;
import dev.souk.sandbox.Outcome;
import dev.souk.sandbox.PaymentMethod;
import dev.souk.sandbox.Request;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The payment provider: a ledger that is never lost, and moods that are forgotten when it crashes. */
final class Provider {
    private static final String CURRENCY = "USD";
    private static final long SLOWNESS = 3_000;

    private final World world;
    private final Instance instance;
    private final Book book = Book.empty();
    private final Map<UUID, Account> accounts = new HashMap<>();
    private final Set<String> inProgress = new HashSet<>();
    private final Set<String> stumbled = new HashSet<>();
    private int asked;

    /** What an order was charged and given back. */
    record Account(int charges, int refunds, long charged, long refunded) {
        static final Account EMPTY = new Account(0, 0, 0, 0);

        long net() {
            return charged - refunded;
        }
    }

    Provider(World world, Instance instance) {
        this.world = world;
        this.instance = instance;
        instance.begin(() -> {
            inProgress.clear();
            stumbled.clear();
        });
    }

    Instance instance() {
        return instance;
    }

    Account account(UUID orderId) {
        return accounts.getOrDefault(orderId, Account.EMPTY);
    }

    void charge(UUID orderId, Wish wish, Reply<Outcome> reply) {
        PaymentMethod method = wish.method();
        Request.Charge request =
                new Request.Charge(chargeKey(orderId), wish.total().amount(), CURRENCY, method);
        if (book.standing(request.key()).isPresent()) {
            tell(settle(orderId, request), method, reply);
        } else if (method == PaymentMethod.FLAKY && stumbled.add(request.key())) {
            reply.accept(new Outcome.Stumbled());
        } else if (inProgress.add(request.key())) {
            instance.later(method == PaymentMethod.SLOW ? SLOWNESS : 1, () -> {
                inProgress.remove(request.key());
                tell(settle(orderId, request), method, reply);
            });
        } else {
            world.saw(Sight.CHARGE_IN_PROGRESS);
            reply.accept(new Outcome.InProgress());
        }
    }

    void refund(UUID orderId, Reply<Outcome> reply) {
        reply.accept(settle(orderId, new Request.Refund("refund:" + orderId, chargeKey(orderId))));
    }

    private String chargeKey(UUID orderId) {
        String key = "charge:" + orderId;
        return world.has(Plant.ANOTHER_KEY_EACH_TIME) ? key + "/" + ++asked : key;
    }

    private static void tell(Outcome outcome, PaymentMethod method, Reply<Outcome> reply) {
        boolean isFirst = outcome instanceof Outcome.Charged charged && !charged.again();
        if (!isFirst || method != PaymentMethod.TIMEOUT) {
            reply.accept(outcome);
        }
    }

    private Outcome settle(UUID orderId, Request request) {
        Stamp stamp = new Stamp(book.nextSeq(), Long.toString(book.nextSeq()), Instant.ofEpochMilli(world.now()));
        Decision decision = LedgerRules.decide(book, request, stamp);
        saw(decision.outcome());
        decision.entry()
                .filter(entry -> !(entry instanceof Entry.Void && world.has(Plant.NO_TOMBSTONE_AT_PROVIDER)))
                .ifPresent(entry -> write(orderId, entry));
        return decision.outcome();
    }

    private void write(UUID orderId, Entry entry) {
        world.note("provider", () -> world.nameOf(orderId) + ": " + entry.kind());
        book.write(entry);
        world.change();
        Account account = account(orderId);
        switch (entry) {
            case Entry.Charge charge ->
                accounts.put(
                        orderId,
                        new Account(
                                account.charges() + 1,
                                account.refunds(),
                                account.charged() + charge.amount(),
                                account.refunded()));
            case Entry.Refund refund ->
                accounts.put(
                        orderId,
                        new Account(
                                account.charges(),
                                account.refunds() + 1,
                                account.charged(),
                                account.refunded() + refund.amount()));
            case Entry.Decline decline -> world.saw(Sight.DECLINED);
            case Entry.Void tombstone -> world.saw(Sight.VOIDED_AT_PROVIDER);
        }
    }

    private void saw(Outcome outcome) {
        if (outcome instanceof Outcome.ChargeVoided) {
            world.saw(Sight.CHARGED_AFTER_VOID);
        } else if (outcome instanceof Outcome.Refunded) {
            world.saw(Sight.REFUNDED_AT_PROVIDER);
        }
    }
}
