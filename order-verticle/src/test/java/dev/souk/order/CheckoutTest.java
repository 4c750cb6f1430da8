package dev.souk.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Money;
import dev.souk.contracts.Orders.Line;
import dev.souk.contracts.Orders.Reason;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Payments.ChargeOutcome;
import dev.souk.contracts.Products;
import dev.souk.contracts.Products.Reservation;
import dev.souk.order.Checkout.Ending;
import dev.souk.order.Checkout.Move;
import dev.souk.order.Checkout.Progress;
import dev.souk.order.Step.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole story of a checkout, without a database or a bus. */
class CheckoutTest {
    private static final Verdict OK = new Verdict.Proceed();
    private static final Ending NO_STOCK = Ending.rejected(Reason.OUT_OF_STOCK);
    private static final Ending NO_MONEY = Ending.rejected(Reason.PAYMENT_DECLINED);

    @Test
    void reservesThenChargesThenConfirms() {
        assertThat(Checkout.begin()).isEqualTo(forward("reserve"));
        assertThat(Checkout.taken(forward("reserve"), OK)).isEqualTo(go(forward("charge")));
        assertThat(Checkout.taken(forward("charge"), OK)).isEqualTo(end(Ending.CONFIRMED));
    }

    /** A step that was refused has had no effect: it is the one before it that is undone first. */
    @Test
    void aRefusalUndoesTheStepsBeforeItInReverse() {
        assertThat(Checkout.taken(forward("reserve"), refuse(Reason.OUT_OF_STOCK)))
                .isEqualTo(end(NO_STOCK));
        assertThat(Checkout.taken(forward("charge"), refuse(Reason.PAYMENT_DECLINED)))
                .isEqualTo(go(back("reserve", NO_MONEY)));
        assertThat(Checkout.undone(back("reserve", NO_MONEY))).isEqualTo(end(NO_MONEY));
    }

    /** The outcome of the step that is under way is not known: it is undone like those that were taken. */
    @Test
    void aCancellationBeginsWithTheStepThatIsUnderWay() {
        assertThat(Checkout.cancelled(forward("reserve"))).isEqualTo(back("reserve", Ending.CANCELLED));
        assertThat(Checkout.cancelled(forward("charge"))).isEqualTo(back("charge", Ending.CANCELLED));
        assertThat(Checkout.undone(back("charge", Ending.CANCELLED))).isEqualTo(go(back("reserve", Ending.CANCELLED)));
        assertThat(Checkout.undone(back("reserve", Ending.CANCELLED))).isEqualTo(end(Ending.CANCELLED));
    }

    @Test
    void aConfirmedOrderIsUndoneFromItsLastStep() {
        assertThat(Checkout.cancelledAfterEnd()).isEqualTo(back("charge", Ending.CANCELLED));
    }

    @Test
    void aCheckoutThatHasTurnedNeverTurnsAgain() {
        assertThat(List.of(back("reserve", NO_MONEY), back("charge", Ending.CANCELLED)))
                .allSatisfy(turned -> assertThat(Checkout.cancelled(turned)).isEqualTo(turned));
    }

    /** From wherever it has turned it ends in as many moves as there are steps, and keeps its ending. */
    @Test
    void aCheckoutThatHasTurnedOnlyGoesBack() {
        assertThat(Checkout.STEPS)
                .allSatisfy(step -> assertThat(wayBack(back(step.name(), NO_MONEY)))
                        .hasSizeLessThanOrEqualTo(Checkout.STEPS.size())
                        .last()
                        .isEqualTo(end(NO_MONEY)));
    }

    @Test
    void whatWasUndoneElsewhereIsNotGoneOnWith() {
        assertThatThrownBy(() -> Checkout.taken(forward("charge"), new Verdict.Overtaken()))
                .isInstanceOf(IllegalStateException.class);
    }

    /** Names are kept in the database: an unfinished checkout must find its step again. */
    @Test
    void stepsAreFoundByTheirNames() {
        assertThat(Checkout.STEPS).extracting(Step::name).containsExactly("reserve", "charge");
        assertThat(Checkout.STEPS)
                .allSatisfy(step ->
                        assertThat(Checkout.stepOf(forward(step.name()))).isSameAs(step));
        assertThatThrownBy(() -> Checkout.stepOf(forward("commit"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatMustNotBeAskedTwiceCannotBeAStepNorUndoOne() {
        Function<PlacedOrder, Products.Create> create = order -> null;
        Function<PlacedOrder, Products.Release> release = order -> null;

        assertThatThrownBy(() -> Step.step("create")
                        .call(Products.CREATE, create, created -> OK)
                        .undo(Products.RELEASE, release))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("product.create");
        assertThatThrownBy(() -> Step.step("create")
                        .call(Products.RELEASE, release, created -> OK)
                        .undo(Products.CREATE, create))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("product.create");
    }

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of("reserve", new Reservation.Reserved(), OK),
                Arguments.of(
                        "reserve", new Reservation.OutOfStock(List.of(UUID.randomUUID())), refuse(Reason.OUT_OF_STOCK)),
                Arguments.of("reserve", new Reservation.Closed(), new Verdict.Overtaken()),
                Arguments.of("charge", new ChargeOutcome.Charged(UUID.randomUUID()), OK),
                Arguments.of("charge", new ChargeOutcome.Declined("no"), refuse(Reason.PAYMENT_DECLINED)),
                Arguments.of("charge", new ChargeOutcome.Closed(), new Verdict.Overtaken()));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerMeans(String step, Object answer, Verdict verdict) {
        assertThat(verdict(Checkout.stepOf(forward(step)), answer)).isEqualTo(verdict);
    }

    /** Under the order's own id, so that asking twice is asking once; all of it, to the user whose order it is. */
    @Test
    void whatIsAskedForIsTheOrdersOwn() {
        Money price = new Money(500, "USD");
        Line line = new Line(UUID.randomUUID(), "TEA", "Tea", 2, price, price.times(2));
        PlacedOrder order = PlacedOrder.pending(
                UUID.randomUUID(),
                UUID.randomUUID(),
                new Claim("key", "request", new byte[] {1}),
                "pm_card_visa",
                List.of(line),
                Instant.EPOCH);

        assertThat(request("reserve", order)).isEqualTo(new Products.Reserve(order.id(), order.quantities()));
        assertThat(request("charge", order))
                .isEqualTo(new Payments.Charge(order.id(), order.userId(), new Money(1_000, "USD"), "pm_card_visa"));
        assertThat(undoRequest("charge", order)).isEqualTo(new Payments.Refund(order.id()));
        assertThat(undoRequest("reserve", order)).isEqualTo(new Products.Release(order.id()));
    }

    private static List<Move> wayBack(Progress from) {
        return Stream.iterate(
                        Checkout.undone(from),
                        move -> move != null,
                        move -> move instanceof Move.Go next ? Checkout.undone(next.to()) : null)
                .limit(10)
                .toList();
    }

    private static Object request(String step, PlacedOrder order) {
        return Checkout.stepOf(forward(step)).request().apply(order);
    }

    private static Object undoRequest(String step, PlacedOrder order) {
        return Checkout.stepOf(forward(step)).undoRequest().apply(order);
    }

    private static <R> Verdict verdict(Step<?, R, ?> step, Object answer) {
        return step.verdict().apply(step.operation().reply().cast(answer));
    }

    private static Progress forward(String step) {
        return new Progress(step, Optional.empty());
    }

    private static Progress back(String step, Ending ending) {
        return new Progress(step, Optional.of(ending));
    }

    private static Move go(Progress to) {
        return new Move.Go(to);
    }

    private static Move end(Ending ending) {
        return new Move.End(ending);
    }

    private static Verdict refuse(Reason reason) {
        return new Verdict.Refuse(reason);
    }
}
