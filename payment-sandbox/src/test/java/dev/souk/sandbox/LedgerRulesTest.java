package dev.souk.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.sandbox.LedgerRules.Decision;
import dev.souk.sandbox.LedgerRules.Stamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerRulesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final Book book = Book.empty();

    @ParameterizedTest
    @EnumSource(
            value = PaymentMethod.class,
            names = {"VISA", "SLOW", "TIMEOUT", "FLAKY"})
    void aNewKeyIsCharged(PaymentMethod method) {
        Outcome outcome = ask(new Request.Charge("k", 500, "USD", method));

        Entry.Charge charge = new Entry.Charge(1, "k", "ch_1", 500, "USD", method, NOW);
        assertThat(outcome).isEqualTo(new Outcome.Charged(charge, false));
        assertThat(book.entries()).containsExactly(charge);
        assertThat(book.standing("k")).contains(new Standing.Charged(charge));
    }

    @ParameterizedTest
    @EnumSource(
            value = PaymentMethod.class,
            names = {"DECLINED", "INSUFFICIENT_FUNDS"})
    void aRefusedCardIsDeclinedForGood(PaymentMethod method) {
        Request request = new Request.Charge("k", 500, "USD", method);

        Outcome first = ask(request);
        Outcome again = ask(request);

        Entry.Decline decline = new Entry.Decline(1, "k", "ch_1", 500, "USD", method, NOW);
        assertThat(first).isEqualTo(new Outcome.Declined(decline));
        assertThat(again).isEqualTo(first);
        assertThat(book.entries()).containsExactly(decline);
    }

    @Test
    void aRepeatGetsTheFirstAnswerEvenAfterARefund() {
        ask(charge("k"));
        ask(new Request.Refund("r", "k"));

        Outcome again = ask(charge("k"));

        assertThat(again)
                .isEqualTo(new Outcome.Charged((Entry.Charge) book.entries().getFirst(), true));
        assertThat(book.entries()).hasSize(2);
    }

    @Test
    void aKeyStandsForOneBody() {
        ask(charge("k"));
        ask(new Request.Charge("d", 500, "USD", PaymentMethod.DECLINED));

        List<Outcome> others = List.of(
                ask(new Request.Charge("k", 501, "USD", PaymentMethod.VISA)),
                ask(new Request.Charge("k", 500, "EUR", PaymentMethod.VISA)),
                ask(new Request.Charge("k", 500, "USD", PaymentMethod.SLOW)),
                ask(charge("d")));

        assertThat(others).allMatch(outcome -> outcome instanceof Outcome.KeyReused);
        assertThat(book.entries()).hasSize(2);
    }

    @Test
    void aRefundGivesTheWholeChargeBackOnce() {
        ask(charge("k"));

        Outcome first = ask(new Request.Refund("r", "k"));
        Outcome again = ask(new Request.Refund("r", "k"));
        Outcome withAnotherKey = ask(new Request.Refund("r2", "k"));

        Entry.Refund refund = new Entry.Refund(2, "r", "re_2", "k", "ch_1", 500, "USD", NOW);
        assertThat(first).isEqualTo(new Outcome.Refunded(refund, false));
        assertThat(again).isEqualTo(new Outcome.Refunded(refund, true));
        assertThat(withAnotherKey).isEqualTo(again);
        assertThat(book.entries()).hasSize(2);
    }

    @Test
    void aRefundThatComesFirstClosesTheKey() {
        Outcome first = ask(new Request.Refund("r", "k"));
        Outcome again = ask(new Request.Refund("r", "k"));
        Outcome late = ask(charge("k"));

        assertThat(first).isEqualTo(new Outcome.NothingCharged());
        assertThat(again).isEqualTo(first);
        assertThat(late).isEqualTo(new Outcome.ChargeVoided());
        assertThat(book.entries()).containsExactly(new Entry.Void(1, "k", "vo_1", "r", NOW));
    }

    @Test
    void aDeclinedChargeHasNothingToGiveBackAndStaysDeclined() {
        Request declined = new Request.Charge("k", 500, "USD", PaymentMethod.DECLINED);
        Outcome decline = ask(declined);

        Outcome refund = ask(new Request.Refund("r", "k"));
        Outcome again = ask(declined);

        assertThat(refund).isEqualTo(new Outcome.NothingCharged());
        assertThat(again).isEqualTo(decline);
        assertThat(book.entries()).hasSize(1);
    }

    @Test
    void aRefundsKeyStandsForOneCharge() {
        ask(charge("k1"));
        ask(charge("k2"));
        ask(new Request.Refund("r", "k1"));
        ask(new Request.Refund("v", "k3"));

        assertThat(ask(new Request.Refund("r", "k2"))).isEqualTo(new Outcome.KeyReused());
        assertThat(ask(new Request.Refund("v", "k2"))).isEqualTo(new Outcome.KeyReused());
        assertThat(book.standing("k2")).get().isInstanceOf(Standing.Charged.class);
    }

    @Test
    void aDraftShowsWhatLiesBeneathAndChangesNothingThere() {
        ask(charge("k"));
        Book draft = book.draft();

        Decision decision = LedgerRules.decide(draft, new Request.Refund("r", "k"), stamp(draft));
        draft.write(decision.entry().orElseThrow());

        assertThat(draft.standing("k")).get().isInstanceOf(Standing.Refunded.class);
        assertThat(draft.chargeKeyOf("r")).contains("k");
        assertThat(draft.entries()).hasSize(1);
        assertThat(book.standing("k")).get().isInstanceOf(Standing.Charged.class);
        assertThat(book.chargeKeyOf("r")).isEmpty();
    }

    @Test
    void anEntryThatCannotFollowIsNotTaken() {
        ask(charge("k"));

        for (Entry wrong : List.of(
                new Entry.Charge(2, "k", "ch_2", 500, "USD", PaymentMethod.VISA, NOW),
                new Entry.Void(2, "k", "vo_2", "r", NOW),
                new Entry.Charge(3, "other", "ch_3", 500, "USD", PaymentMethod.VISA, NOW),
                new Entry.Refund(2, "r", "re_2", "other", "ch_1", 500, "USD", NOW),
                new Entry.Refund(2, "r", "re_2", "k", "ch_9", 500, "USD", NOW),
                new Entry.Refund(2, "r", "re_2", "k", "ch_1", 400, "USD", NOW))) {
            assertThatThrownBy(() -> book.write(wrong)).isInstanceOf(IllegalStateException.class);
        }
        assertThat(book.entries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void whateverIsAskedInWhateverOrder(long seed) {
        Random random = new Random(seed);
        Map<Request, Outcome> firstAnswers = new HashMap<>();

        for (int step = 0; step < 500; step++) {
            Request request = anyOf(random);
            Outcome outcome = ask(request);

            Outcome first = firstAnswers.putIfAbsent(request, outcome);
            if (first != null) {
                assertThat(outcome).as("%s again, seed %s", request, seed).isEqualTo(repeated(first));
            }
        }

        assertEachKeyMovesMoneyOnce();
        assertThat(rebuilt().entries()).isEqualTo(book.entries());
        for (int key = 0; key < 8; key++) {
            assertThat(rebuilt().standing("k" + key)).isEqualTo(book.standing("k" + key));
        }
    }

    /** What an answer looks like when it is given again. */
    private static Outcome repeated(Outcome first) {
        return switch (first) {
            case Outcome.Charged(Entry.Charge charge, boolean again) -> new Outcome.Charged(charge, true);
            case Outcome.Refunded(Entry.Refund refund, boolean again) -> new Outcome.Refunded(refund, true);
            default -> first;
        };
    }

    private void assertEachKeyMovesMoneyOnce() {
        Map<String, List<String>> kinds = new HashMap<>();
        for (Entry entry : book.entries()) {
            String key = switch (entry) {
                case Entry.Charge charge -> charge.key();
                case Entry.Decline decline -> decline.key();
                case Entry.Void tombstone -> tombstone.key();
                case Entry.Refund refund -> refund.chargeKey();
            };
            kinds.computeIfAbsent(key, none -> new ArrayList<>()).add(entry.kind());
        }
        assertThat(kinds).isNotEmpty();
        assertThat(kinds.values())
                .allSatisfy(ofOneKey -> assertThat(ofOneKey)
                        .isIn(List.of("charge"), List.of("charge", "refund"), List.of("decline"), List.of("void")));
    }

    private Book rebuilt() {
        Book rebuilt = Book.empty();
        book.entries().forEach(rebuilt::write);
        return rebuilt;
    }

    private Request anyOf(Random random) {
        String key = "k" + random.nextInt(8);
        PaymentMethod[] methods = PaymentMethod.values();
        // One refund key for each charge: a key that is bound to one by a later request would change its answer.
        return random.nextInt(3) == 0
                ? new Request.Refund("r" + key, key)
                : new Request.Charge(key, 500, "USD", methods[Math.floorMod(key.hashCode(), methods.length)]);
    }

    private Outcome ask(Request request) {
        Decision decision = LedgerRules.decide(book, request, stamp(book));
        decision.entry().ifPresent(book::write);
        return decision.outcome();
    }

    private static Stamp stamp(Book book) {
        return new Stamp(book.nextSeq(), Long.toString(book.nextSeq()), NOW);
    }

    private static Request.Charge charge(String key) {
        return new Request.Charge(key, 500, "USD", PaymentMethod.VISA);
    }
}
