package dev.souk.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.ContractOperation;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final int MANY = 10_000;

    private final Contract contract = Contract.load();
    private final Admission admission = new Admission(new Random(7));

    @Test
    void anOperationHasABoundOnWhatRunsAtOnce() {
        List<Future<String>> answers = begin(operation("placeOrder"), MANY, Promise.<String>promise()::future);

        assertThat(refused(answers)).isBetween(1L, MANY - 1_000L);
        assertThat(refused(begin(operation("cancelOrder"), 1, () -> Future.succeededFuture(""))))
                .isZero();
    }

    @Test
    void aRefusalIsNoSignOfTooMuch() {
        ContractOperation place = operation("placeOrder");
        long before = letIn(place);

        begin(place, 100, () -> Future.failedFuture(Fault.of(Fault.Code.PRODUCT_NOT_FOUND, "no such product")));

        assertThat(letIn(place)).isEqualTo(before);
    }

    @Test
    void whatThrowsGivesItsPlaceBack() {
        ContractOperation place = operation("placeOrder");

        List<Future<String>> answers = begin(place, MANY, () -> {
            throw new IllegalStateException("broken");
        });

        assertThat(refused(answers)).isZero();
    }

    @Test
    void whoeverSendsSlowlyTakesNoRoom() {
        ContractOperation place = operation("placeOrder");
        Promise<String> body = Promise.promise();
        List<Future<String>> slow = Stream.generate(() -> admission.admit(
                        place, body::future, read -> Promise.<String>promise().future()))
                .limit(MANY)
                .toList();

        assertThat(refused(slow)).isZero();
        assertThat(refused(begin(place, 1, () -> Future.succeededFuture("")))).isZero();

        body.complete("read at last");
        assertThat(refused(slow)).isPositive();
    }

    @Test
    void browsingThatTakesLongGivesWayAndBuyingDoesNot() {
        Admission impatient = new Admission(new Pressure(new Random(7)), Duration.ZERO);
        for (String id : List.of("getProduct", "placeOrder")) {
            Promise<String> answer = Promise.promise();
            List<Future<String>> all = begin(impatient, operation(id), 100, answer::future);
            answer.complete("");
            assertThat(refused(all)).isZero();
        }

        assertThat(letIn(impatient, operation("getProduct"))).isEqualTo(80);
        assertThat(letIn(impatient, operation("placeOrder"))).isGreaterThan(1_000);
    }

    @Test
    void whileOrdersAreRefusedSomeBrowsingGivesWay() {
        Pressure pressure = new Pressure(new Random(7));
        Admission refusing = new Admission(pressure, Duration.ofMinutes(1));
        Fault tooMany = Fault.of(Fault.Code.OVERLOADED, "too many orders");

        for (int tick = 0; tick < 20; tick++) {
            begin(refusing, operation("placeOrder"), 1, () -> Future.failedFuture(tooMany));
            pressure.record(Duration.ZERO);
        }

        assertThat(refused(begin(refusing, operation("getProduct"), 1_000, () -> Future.succeededFuture(""))))
                .isBetween(500L, 700L);
        assertThat(refused(begin(refusing, operation("placeOrder"), 100, () -> Future.succeededFuture(""))))
                .isZero();
    }

    @Test
    void healthIsAlwaysTold() {
        assertThat(refused(begin(operation("getHealth"), MANY, Promise.<String>promise()::future)))
                .isZero();
    }

    /** How many of many are let in at once; all of them are answered then. */
    private long letIn(ContractOperation operation) {
        return letIn(admission, operation);
    }

    private static long letIn(Admission admission, ContractOperation operation) {
        Promise<String> answer = Promise.promise();
        List<Future<String>> answers = begin(admission, operation, MANY, answer::future);
        answer.complete("");
        return MANY - refused(answers);
    }

    private List<Future<String>> begin(ContractOperation operation, int count, Supplier<Future<String>> work) {
        return begin(admission, operation, count, work);
    }

    private static List<Future<String>> begin(
            Admission admission, ContractOperation operation, int count, Supplier<Future<String>> work) {
        return Stream.generate(() -> admission.admit(operation, Future::succeededFuture, read -> work.get()))
                .limit(count)
                .toList();
    }

    private static long refused(List<Future<String>> answers) {
        return answers.stream()
                .filter(answer -> answer.failed()
                        && answer.cause() instanceof Fault fault
                        && fault.code() == Fault.Code.OVERLOADED)
                .count();
    }

    private ContractOperation operation(String id) {
        return contract.operations().stream()
                .filter(operation -> operation.id().equals(id))
                .findAny()
                .orElseThrow();
    }
}
