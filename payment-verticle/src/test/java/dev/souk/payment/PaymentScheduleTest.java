package dev.souk.payment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Money;
import dev.souk.contracts.Payments.Charge;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Payments.Kind;
import dev.souk.contracts.Payments.RefundOutcome;
import dev.souk.payment.PaymentCommand.BeginCharge;
import dev.souk.payment.PaymentCommand.BeginRefund;
import dev.souk.payment.PaymentCommand.SettleCharge;
import dev.souk.payment.PaymentCommand.SettleRefund;
import dev.souk.payment.PaymentRules.Decision;
import dev.souk.payment.PaymentRules.Next;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An order's charge and refund with every message lost, doubled, late or overtaken, against a provider as he should be. */
class PaymentScheduleTest {
    private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
    private static final Charge REQUEST =
            new Charge(new UUID(0, 1), new UUID(0, 2), new Money(500, "EUR"), "pm_card_visa");
    private static final int SCHEDULES = 20_000;
    private static final int STEPS = 12;

    @Test
    void whatIsBookedIsWhatTheProviderDid() {
        Set<String> ends = new HashSet<>();
        for (int seed = 0; seed < SCHEDULES; seed++) {
            World world = new World(new Random(seed));

            // when
            world.run();

            // then
            assertThat(world.booked).as("booked, seed %d", seed).doesNotHaveDuplicates();
            assertThat(new HashSet<>(world.booked)).as("seed %d", seed).isEqualTo(world.done);
            assertThat(world.done.contains(Kind.CHARGE) && world.saidNothingWasCharged)
                    .as("charged after all, seed %d", seed)
                    .isFalse();
            assertThat(world.told).as("told, seed %d", seed).isSubsetOf(world.truths());
            ends.add(world.done + " " + world.told);
        }
        assertThat(ends).as("schedules end in different ways").hasSizeGreaterThanOrEqualTo(5);
    }

    private static final class World {
        private final Random random;
        private final boolean declines;
        private final List<Runnable> onTheirWay = new ArrayList<>();
        private final List<Kind> booked = new ArrayList<>();
        private final Set<Kind> done = new HashSet<>();
        private final Set<String> told = new HashSet<>();
        private OrderPayments kept = OrderPayments.none(REQUEST.orderId());
        private boolean declined;
        private boolean voided;
        private boolean saidNothingWasCharged;
        private int ids;

        World(Random random) {
            this.random = random;
            this.declines = random.nextInt(4) == 0;
        }

        void run() {
            boolean refunds = random.nextInt(3) > 0;
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(refunds ? 5 : 3)) {
                    case 0 -> charge();
                    case 1, 2 -> arrive();
                    case 3 -> refund();
                    default -> lose();
                }
            }
            while (!onTheirWay.isEmpty()) {
                arrive();
            }
            // Whoever has begun asks until he is told.
            if (kept.closed()) {
                told.clear();
                refund();
            } else if (kept.charge().isPresent()) {
                charge();
            }
            while (!onTheirWay.isEmpty()) {
                arrive();
            }
        }

        /** What may be told at the end of a world like this. */
        List<String> truths() {
            if (done.contains(Kind.REFUND)) {
                return List.of("Refunded", "Closed");
            }
            return done.contains(Kind.CHARGE) ? List.of("Charged") : List.of("Declined", "Closed", "NothingCharged");
        }

        private void charge() {
            follow(PaymentRules.beginCharge(kept, new BeginCharge(REQUEST, id(), "model", AT)), this::providerCharges);
        }

        private void refund() {
            follow(PaymentRules.beginRefund(kept, new BeginRefund(REQUEST.orderId(), id(), AT)), this::providerRefunds);
        }

        private <O> void follow(Decision<Next<O>> begun, Runnable ask) {
            keep(begun.after());
            switch (begun.answer()) {
                case Next.Ask<O> asking -> onTheirWay.add(ask);
                case Next.Tell<O>(O outcome) -> tell(outcome);
                case Next.Refuse<O>(var fault) -> throw fault;
            }
        }

        private void providerCharges() {
            ChargeAnswer answer;
            if (voided) {
                answer = new ChargeAnswer.Voided();
            } else if (declines) {
                declined = true;
                answer = new ChargeAnswer.Declined("card_declined");
            } else {
                done.add(Kind.CHARGE);
                answer = new ChargeAnswer.Charged("ch");
            }
            onTheirWay.add(() -> {
                Decision<ChargeOutcome> settled =
                        PaymentRules.settleCharge(kept, new SettleCharge(REQUEST.orderId(), answer, AT));
                keep(settled.after());
                tell(settled.answer());
            });
        }

        private void providerRefunds() {
            RefundAnswer answer;
            if (done.contains(Kind.CHARGE)) {
                done.add(Kind.REFUND);
                answer = new RefundAnswer.Refunded("re", "ch");
            } else {
                voided = !declined || voided;
                answer = new RefundAnswer.Voided();
            }
            onTheirWay.add(() -> {
                Decision<RefundOutcome> settled =
                        PaymentRules.settleRefund(kept, new SettleRefund(REQUEST.orderId(), answer, AT));
                keep(settled.after());
                tell(settled.answer());
            });
        }

        private void keep(OrderPayments after) {
            assertThat(kept.closed() && !after.closed()).as("is opened again").isFalse();
            PaymentRules.bookings(kept, after).stream()
                    .filter(entry -> entry.side() == LedgerEntry.Side.DEBIT)
                    .map(entry ->
                            after.charge().orElseThrow().id().equals(entry.paymentId()) ? Kind.CHARGE : Kind.REFUND)
                    .forEach(booked::add);
            kept = after;
        }

        private void tell(Object outcome) {
            saidNothingWasCharged |= outcome instanceof RefundOutcome.NothingCharged;
            told.add(outcome.getClass().getSimpleName());
        }

        /** The next message to arrive may have been sent last, and may arrive again. */
        private void arrive() {
            if (!onTheirWay.isEmpty()) {
                int index = random.nextInt(onTheirWay.size());
                Runnable message = random.nextInt(4) == 0 ? onTheirWay.get(index) : onTheirWay.remove(index);
                message.run();
            }
        }

        private void lose() {
            if (!onTheirWay.isEmpty()) {
                onTheirWay.remove(random.nextInt(onTheirWay.size()));
            }
        }

        private UUID id() {
            return new UUID(1, ids++);
        }
    }
}
