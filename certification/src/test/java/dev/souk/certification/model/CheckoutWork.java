package dev.souk.certification.model;

import dev.souk.certification.model.KeptOrder.Lease;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.contracts.Products.Reservation;
import dev.souk.order.Checkout;
import dev.souk.order.Checkout.Move;
import dev.souk.order.Step.Verdict;

/**
 * The work of one instance on checkouts: it asks, decides as {@link Checkout} does, and moves on by compare-and-set. What
 * is said here beyond that is when it stops: when the lease is lost, and when an answer does not come.
 */
final class CheckoutWork {
    private static final long STOCK_LIMIT = 2_000;
    private static final long PAYMENT_LIMIT = 5_000;
    private static final long FIRST_PAUSE = 100;
    private static final long LONGEST_PAUSE = 5_000;

    private final World world;
    private final OrderTables tables;
    private final Instance instance;
    private final Services<StockService> stock;
    private final Services<PaymentService> payments;

    CheckoutWork(
            World world,
            OrderTables tables,
            Instance instance,
            Services<StockService> stock,
            Services<PaymentService> payments) {
        this.world = world;
        this.tables = tables;
        this.instance = instance;
        this.stock = stock;
        this.payments = payments;
    }

    void takeOver() {
        world.transact(
                instance,
                () -> tables.takeOver(instance.owner()),
                taken -> taken.forEach(lease -> {
                    world.note(instance.name(), () -> "takes over " + lease.order() + " at " + lease.progress());
                    run(lease);
                }),
                () -> {});
    }

    void run(Lease lease) {
        if (lease.progress().isTurned()) {
            undo(lease);
        } else {
            ask(lease);
        }
    }

    private void ask(Lease lease) {
        KeptOrder order = lease.order();
        switch (lease.progress().step()) {
            case "reserve" -> {
                StockService asked = stock.pick();
                instance.<Reservation>call(
                        asked.instance(),
                        () -> "reserve " + order,
                        STOCK_LIMIT,
                        reply -> asked.reserve(order.id, order.wish.lines(), reply),
                        answer -> decided(lease, verdict(answer)),
                        () -> giveUp(lease));
            }
            case "charge" -> {
                PaymentService asked = payments.pick();
                instance.<ChargeOutcome>call(
                        asked.instance(),
                        () -> "charge " + order,
                        PAYMENT_LIMIT,
                        reply -> asked.charge(order.id, order.wish, reply),
                        answer -> decided(lease, verdict(answer)),
                        () -> giveUp(lease));
            }
            default -> throw new Broken("the model does not know the step " + lease.progress());
        }
    }

    private void undo(Lease lease) {
        KeptOrder order = lease.order();
        switch (lease.progress().step()) {
            case "reserve" -> {
                StockService asked = stock.pick();
                instance.<Boolean>call(
                        asked.instance(),
                        () -> "release " + order,
                        STOCK_LIMIT,
                        reply -> asked.release(order.id, reply),
                        done -> go(lease, Checkout.undone(lease.progress())),
                        () -> giveUp(lease));
            }
            case "charge" -> {
                PaymentService asked = payments.pick();
                instance.<RefundOutcome>call(
                        asked.instance(),
                        () -> "refund " + order,
                        PAYMENT_LIMIT,
                        reply -> asked.refund(order.id, reply),
                        done -> go(lease, Checkout.undone(lease.progress())),
                        () -> giveUp(lease));
            }
            default -> throw new Broken("the model does not know the step " + lease.progress());
        }
    }

    private static Verdict verdict(Reservation reservation) {
        return switch (reservation) {
            case Reservation.Reserved held -> new Verdict.Proceed();
            case Reservation.OutOfStock shortage -> new Verdict.Refuse(Reason.OUT_OF_STOCK);
            case Reservation.Closed closed -> new Verdict.Overtaken();
        };
    }

    private static Verdict verdict(ChargeOutcome outcome) {
        return switch (outcome) {
            case ChargeOutcome.Charged charged -> new Verdict.Proceed();
            case ChargeOutcome.Declined declined -> new Verdict.Refuse(Reason.PAYMENT_DECLINED);
            case ChargeOutcome.Closed closed -> new Verdict.Overtaken();
        };
    }

    private void decided(Lease lease, Verdict verdict) {
        if (verdict instanceof Verdict.Overtaken) {
            world.saw(Sight.OVERTAKEN);
            giveUp(lease);
        } else {
            go(lease, Checkout.taken(lease.progress(), verdict));
        }
    }

    private void go(Lease lease, Move move) {
        switch (move) {
            case Move.Go next ->
                world.transact(
                        instance,
                        () -> tables.advance(lease, next.to()),
                        moved -> moved.ifPresentOrElse(this::run, () -> lost(lease)),
                        () -> giveUp(lease));
            case Move.End end ->
                world.transact(
                        instance,
                        () -> tables.leave(lease, end.ending()),
                        isLeft -> {
                            if (!isLeft) {
                                lost(lease);
                            }
                        },
                        () -> giveUp(lease));
        }
    }

    private void lost(Lease lease) {
        world.saw(Sight.LEASE_LOST);
        world.note(instance.name(), () -> "has lost the lease of " + lease.order());
    }

    /** The step's outcome may be unknown; it stays where it is, for whoever comes after a pause. */
    private void giveUp(Lease lease) {
        long most = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(lease.attempts(), 10));
        long pause = most / 2 + world.schedule.below((int) most);
        world.<Boolean>transact(
                instance,
                () -> {
                    tables.park(lease, pause);
                    return true;
                },
                parked -> {},
                () -> {});
    }
}
