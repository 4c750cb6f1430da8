package dev.souk.sandbox;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Every decision of the ledger, as functions of what it holds and of what is asked. They touch nothing: {@link Ledger}
 * asks them one request after the other, and answers when what they want to be written is on the disk.
 */
public final class LedgerRules {
    private LedgerRules() {}

    /**
     * What a new entry is marked with.
     *
     * @param seq the number after the ledger's last
     * @param id unique; the kind's prefix comes before it
     */
    public record Stamp(long seq, String id, Instant at) {
        public Stamp {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(at, "at");
        }
    }

    /** @param entry what must be in the ledger before the outcome is told; empty if nothing happened */
    public record Decision(Outcome outcome, Optional<Entry> entry) {}

    /** What the request comes to, in the state that the book shows. */
    public static Decision decide(Book book, Request request, Stamp stamp) {
        return switch (request) {
            case Request.Charge charge ->
                book.standing(charge.key())
                        .map(standing -> unchanged(chargeAgain(standing, charge)))
                        .orElseGet(() -> chargeFirst(charge, stamp));
            case Request.Refund refund -> refund(book, refund, stamp);
        };
    }

    /** What a key's standing becomes by an entry that concerns it. @throws IllegalStateException if it cannot follow */
    static Standing after(Optional<Standing> standing, Entry entry) {
        return switch (entry) {
            case Entry.Charge charge when standing.isEmpty() -> new Standing.Charged(charge);
            case Entry.Decline decline when standing.isEmpty() -> new Standing.Declined(decline);
            case Entry.Void tombstone when standing.isEmpty() -> new Standing.Voided(tombstone);
            case Entry.Refund refund
            when standing.orElse(null) instanceof Standing.Charged(Entry.Charge charge) && givesBack(refund, charge) ->
                new Standing.Refunded(charge, refund);
            default ->
                throw new IllegalStateException("entry " + entry.seq() + " cannot follow what is known of its key");
        };
    }

    private static boolean givesBack(Entry.Refund refund, Entry.Charge charge) {
        return refund.charge().equals(charge.id())
                && refund.amount() == charge.amount()
                && refund.currency().equals(charge.currency());
    }

    private static Decision chargeFirst(Request.Charge request, Stamp stamp) {
        return switch (request.paymentMethod()) {
            case DECLINED, INSUFFICIENT_FUNDS -> {
                Entry.Decline decline = new Entry.Decline(
                        stamp.seq(),
                        request.key(),
                        "ch_" + stamp.id(),
                        request.amount(),
                        request.currency(),
                        request.paymentMethod(),
                        stamp.at());
                yield written(new Outcome.Declined(decline), decline);
            }
            case VISA, SLOW, TIMEOUT, FLAKY -> {
                Entry.Charge charge = new Entry.Charge(
                        stamp.seq(),
                        request.key(),
                        "ch_" + stamp.id(),
                        request.amount(),
                        request.currency(),
                        request.paymentMethod(),
                        stamp.at());
                yield written(new Outcome.Charged(charge, false), charge);
            }
        };
    }

    /** A repeat gets the first answer, whatever has become of the charge since. */
    private static Outcome chargeAgain(Standing standing, Request.Charge request) {
        return switch (standing) {
            case Standing.Charged(Entry.Charge charge) -> chargeAgain(charge, request);
            case Standing.Refunded(Entry.Charge charge, Entry.Refund refund) -> chargeAgain(charge, request);
            case Standing.Declined(Entry.Decline decline) -> {
                Request.Charge first = new Request.Charge(
                        decline.key(), decline.amount(), decline.currency(), decline.paymentMethod());
                yield request.equals(first) ? new Outcome.Declined(decline) : new Outcome.KeyReused();
            }
            case Standing.Voided voided -> new Outcome.ChargeVoided();
        };
    }

    private static Outcome chargeAgain(Entry.Charge charge, Request.Charge request) {
        Request.Charge first =
                new Request.Charge(charge.key(), charge.amount(), charge.currency(), charge.paymentMethod());
        return request.equals(first) ? new Outcome.Charged(charge, true) : new Outcome.KeyReused();
    }

    private static Decision refund(Book book, Request.Refund request, Stamp stamp) {
        Optional<String> earlier = book.chargeKeyOf(request.key());
        if (earlier.isPresent() && !earlier.get().equals(request.chargeKey())) {
            return unchanged(new Outcome.KeyReused());
        }
        return switch (book.standing(request.chargeKey()).orElse(null)) {
            case null -> {
                Entry.Void tombstone =
                        new Entry.Void(stamp.seq(), request.chargeKey(), "vo_" + stamp.id(), request.key(), stamp.at());
                yield written(new Outcome.NothingCharged(), tombstone);
            }
            case Standing.Charged(Entry.Charge charge) -> {
                Entry.Refund refund = new Entry.Refund(
                        stamp.seq(),
                        request.key(),
                        "re_" + stamp.id(),
                        charge.key(),
                        charge.id(),
                        charge.amount(),
                        charge.currency(),
                        stamp.at());
                yield written(new Outcome.Refunded(refund, false), refund);
            }
            case Standing.Refunded(Entry.Charge charge, Entry.Refund refund) ->
                unchanged(new Outcome.Refunded(refund, true));
            // A decline is final by itself: it needs no tombstone.
            case Standing.Declined declined -> unchanged(new Outcome.NothingCharged());
            case Standing.Voided voided -> unchanged(new Outcome.NothingCharged());
        };
    }

    private static Decision written(Outcome outcome, Entry entry) {
        return new Decision(outcome, Optional.of(entry));
    }

    private static Decision unchanged(Outcome outcome) {
        return new Decision(outcome, Optional.empty());
    }
}
