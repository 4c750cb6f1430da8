package dev.souk.kit.bus;

import static dev.souk.contracts.Operation.operation;
import static dev.souk.kit.bus.OperationHandler.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Done;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Ping;
import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.Instance;
import dev.souk.kit.discovery.LeasedDiscovery;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class BusTest {
    record Ask(String text, int number) {}

    record Answer(String text) {}

    private static final Operation<Ask, Answer> ASK = operation("test.ask", Ask.class, Answer.class);
    private static final Operation<Ask, Answer> ASK_AGAIN = ASK.repeatable().within(Duration.ofMillis(200));

    private Vertx vertx;
    private Discovery discovery;
    private Bus bus;

    @BeforeEach
    void open(Vertx vertx) {
        this.vertx = vertx;
        this.discovery = ServiceFixture.await(LeasedDiscovery.open(vertx, "test"));
        this.bus = new Bus(vertx, discovery, "here");
    }

    @Test
    void callsAndAnswers(VertxTestContext test) {
        serve(ASK, (ask, context) -> Future.succeededFuture(new Answer(ask.text() + ask.number())));

        Future<Answer> answer = bus.call(ASK, new Ask("a", 1), context());

        answer.onComplete(test.succeeding(got -> test.verify(() -> {
            assertThat(got).isEqualTo(new Answer("a1"));
            test.completeNow();
        })));
    }

    @Test
    void withinANodeRecordsTravelAsTheyAre() {
        AtomicReference<Ask> seen = new AtomicReference<>();
        Answer given = new Answer("given");
        serve(ASK, (ask, context) -> {
            seen.set(ask);
            return Future.succeededFuture(given);
        });
        Ask asked = new Ask("a", 1);

        Answer got = ask(ASK, asked);

        assertThat(seen.get()).isSameAs(asked);
        assertThat(got).isSameAs(given);
    }

    @Test
    void betweenNodesTheyTravelAsJson() {
        AtomicReference<Object> seen = new AtomicReference<>();
        Instance elsewhere = instance("elsewhere");
        vertx.eventBus().consumer(elsewhere.address(), message -> {
            seen.set(message.body());
            message.reply(Buffer.buffer("{\"text\":\"b\"}"));
        });
        ServiceFixture.await(discovery.publish(elsewhere));

        Answer got = ask(ASK, new Ask("a", 1));

        assertThat(seen.get()).hasToString("{\"text\":\"a\",\"number\":1}");
        assertThat(got).isEqualTo(new Answer("b"));
    }

    @Test
    void aRecordOfAnotherTypeIsRefused() {
        Instance instance = serve(ASK, (ask, context) -> Future.succeededFuture(new Answer("")));
        DeliveryOptions options = new DeliveryOptions().setHeaders(ContextHeaders.write(ASK.name(), context()));

        Future<?> answer = vertx.eventBus().request(instance.address(), new Local("no Ask"), options);

        assertThatThrownBy(() -> ServiceFixture.await(answer))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        failure -> assertThat(failure.failureCode()).isEqualTo(Fault.Code.INVALID_REQUEST.number()));
    }

    @Test
    void handsCallerRequestIdAndDeadlineOn() {
        AtomicReference<CallContext> seen = new AtomicReference<>();
        serve(ASK, (ask, context) -> {
            seen.set(context);
            return Future.succeededFuture(new Answer(""));
        });
        Caller caller = ServiceFixture.admin();

        ask(ASK, new CallContext("request-1", Optional.of(caller), Deadline.in(Duration.ofMillis(900))));

        assertThat(seen.get().requestId()).isEqualTo("request-1");
        assertThat(seen.get().caller()).contains(caller);
        assertThat(seen.get().deadline().remaining())
                .isLessThanOrEqualTo(Duration.ofMillis(900))
                .isPositive();
    }

    @Test
    void aHandlerHasNoMoreTimeThanItsCallerWaits() {
        AtomicReference<Duration> remaining = new AtomicReference<>();
        serve(ASK_AGAIN, (ask, context) -> {
            remaining.set(context.deadline().remaining());
            return Future.succeededFuture(new Answer(""));
        });

        ask(ASK_AGAIN, CallContext.ofService("test", Duration.ofSeconds(5)));

        assertThat(remaining.get()).isLessThanOrEqualTo(ASK_AGAIN.timeout());
    }

    @Test
    void whatCannotBeWrittenIsAFaultToo() {
        record Unwritable(Object self) {}
        Operation<Unwritable, Answer> odd = operation("test.odd", Unwritable.class, Answer.class);
        publishSilent("elsewhere");

        Fault fault = refused(() -> ServiceFixture.await(bus.call(odd, new Unwritable(new Object()), context())));

        assertThat(fault.code()).isEqualTo(Fault.Code.INTERNAL);
    }

    @Test
    void carriesAFaultWithItsViolations() {
        serve(ASK, (ask, context) -> Future.failedFuture(Fault.invalid("/items/0", "must be there")));

        Fault fault = refused(() -> ask(ASK, context()));

        assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
        assertThat(fault.violations()).containsExactly(new Fault.Violation("/items/0", "must be there"));
    }

    @Test
    void answersWhenTheHandlerThrows() {
        serve(ASK, (ask, context) -> {
            throw new IllegalStateException("secret inner words");
        });

        Fault fault = refused(() -> ask(ASK, context()));

        assertThat(fault.code()).isEqualTo(Fault.Code.INTERNAL);
        assertThat(fault.getMessage()).doesNotContain("secret");
    }

    @Test
    void answersWhenTheHandlerReturnsNoFutureOrNoReply() {
        serve(ASK, (ask, context) -> ask.number() == 0 ? null : Future.succeededFuture(null));

        assertThat(refused(() -> ask(ASK, new Ask("", 0))).code()).isEqualTo(Fault.Code.INTERNAL);
        assertThat(refused(() -> ask(ASK, new Ask("", 1))).code()).isEqualTo(Fault.Code.INTERNAL);
    }

    @Test
    void answersWhatItCannotRead() {
        Instance instance = serve(ASK, (ask, context) -> Future.succeededFuture(new Answer("")));
        DeliveryOptions options = new DeliveryOptions().setHeaders(ContextHeaders.write(ASK.name(), context()));

        Future<?> answer = vertx.eventBus().request(instance.address(), Buffer.buffer("{\"number\": \"x\""), options);

        assertThatThrownBy(() -> ServiceFixture.await(answer))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        failure -> assertThat(failure.failureCode()).isEqualTo(Fault.Code.INVALID_REQUEST.number()));
    }

    @Test
    void ignoresFieldsThatItDoesNotKnow() {
        Instance instance = serve(ASK, (ask, context) -> Future.succeededFuture(new Answer(ask.text())));
        DeliveryOptions options = new DeliveryOptions().setHeaders(ContextHeaders.write(ASK.name(), context()));

        Buffer answer = ServiceFixture.await(vertx.eventBus()
                        .<Buffer>request(
                                instance.address(),
                                Buffer.buffer("{\"text\":\"a\",\"number\":1,\"newer\":[]}"),
                                options))
                .body();

        assertThat(answer.toString()).isEqualTo("{\"text\":\"a\"}");
    }

    @Test
    void anAbsentServiceIsRefusedAtOnce() {
        assertThat(refused(() -> ask(ASK, context())).code()).isEqualTo(Fault.Code.UNAVAILABLE);
    }

    @Test
    void anOperationThatIsNotServedIsRefused() {
        serve(ASK, (ask, context) -> Future.succeededFuture(new Answer("")));
        Operation<Ask, Answer> newer = operation("test.newer", Ask.class, Answer.class);

        assertThat(refused(() -> ask(newer, context())).code()).isEqualTo(Fault.Code.UNAVAILABLE);
    }

    @Test
    void asksAnotherInstanceWhenOneDoesNotAnswer() {
        serve(ASK_AGAIN, (ask, context) -> Future.succeededFuture(new Answer("other")));
        publishSilent("here");

        List<Answer> answers = List.of(ask(ASK_AGAIN, context()), ask(ASK_AGAIN, context()), ask(ASK_AGAIN, context()));

        assertThat(answers).containsOnly(new Answer("other"));
    }

    @Test
    void neverAsksTwiceWhatMustNotBeRepeated() {
        AtomicInteger asked = new AtomicInteger();
        BiFunction<Ask, CallContext, Future<Answer>> silent = (ask, context) -> {
            asked.incrementAndGet();
            return Promise.<Answer>promise().future();
        };
        Operation<Ask, Answer> once = ASK.within(Duration.ofMillis(200));
        serve(once, silent);
        serve(once, silent);

        assertThat(refused(() -> ask(once, context())).code()).isEqualTo(Fault.Code.TIMEOUT);
        assertThat(asked).hasValue(1);
    }

    @Test
    void doesNotBeginWhatNobodyWaitsFor() {
        AtomicInteger served = new AtomicInteger();
        Instance instance = serve(ASK, (ask, context) -> {
            served.incrementAndGet();
            return Future.succeededFuture(new Answer(""));
        });
        CallContext late = new CallContext("late", Optional.empty(), new Deadline(System.nanoTime() - 1));
        DeliveryOptions options = new DeliveryOptions().setHeaders(ContextHeaders.write(ASK.name(), late));

        Future<?> answer = vertx.eventBus().request(instance.address(), WireFormat.encode(new Ask("", 0)), options);

        assertThatThrownBy(() -> ServiceFixture.await(answer))
                .isInstanceOfSatisfying(
                        ReplyException.class,
                        failure -> assertThat(failure.failureCode()).isEqualTo(Fault.Code.TIMEOUT.number()));
        assertThat(served).hasValue(0);
    }

    @Test
    void aClosedEndpointFinishesWhatRunsAndTakesNoMore() {
        Promise<Void> begun = Promise.promise();
        Promise<Answer> running = Promise.promise();
        Endpoint endpoint = open(ASK, (ask, context) -> {
            begun.complete();
            return running.future();
        });
        Future<Answer> first = bus.call(ASK, new Ask("", 0), context());
        ServiceFixture.await(begun.future());

        Future<Void> closed = endpoint.close();
        Fault second = refused(() -> ask(ASK, context()));
        running.complete(new Answer("finished"));

        assertThat(second.code()).isEqualTo(Fault.Code.UNAVAILABLE);
        assertThat(ServiceFixture.await(first)).isEqualTo(new Answer("finished"));
        ServiceFixture.await(closed);
    }

    @Test
    void answersPings() {
        serve(ASK, (ask, context) -> Future.succeededFuture(new Answer("")));

        assertThat(ServiceFixture.await(bus.call(Ping.of("test"), new Ping(), context())))
                .isEqualTo(Done.DONE);
    }

    private Instance serve(Operation<Ask, Answer> operation, BiFunction<Ask, CallContext, Future<Answer>> method) {
        Instance instance = instance("here");
        ServiceFixture.await(
                Endpoint.open(vertx, discovery, instance, Future::succeededFuture, List.of(on(operation, method))));
        return instance;
    }

    private Endpoint open(Operation<Ask, Answer> operation, BiFunction<Ask, CallContext, Future<Answer>> method) {
        return ServiceFixture.await(Endpoint.open(
                vertx, discovery, instance("here"), Future::succeededFuture, List.of(on(operation, method))));
    }

    private void publishSilent(String node) {
        Instance silent = instance(node);
        vertx.eventBus().consumer(silent.address(), message -> {});
        ServiceFixture.await(discovery.publish(silent));
    }

    private static Instance instance(String node) {
        return new Instance(UUID.randomUUID().toString(), "test", node, "1", Instant.EPOCH);
    }

    private Answer ask(Operation<Ask, Answer> operation, CallContext context) {
        return ServiceFixture.await(bus.call(operation, new Ask("a", 1), context));
    }

    private Answer ask(Operation<Ask, Answer> operation, Ask ask) {
        return ServiceFixture.await(bus.call(operation, ask, context()));
    }

    private static CallContext context() {
        return CallContext.ofService("test", Duration.ofSeconds(5));
    }

    private static Fault refused(Runnable call) {
        try {
            call.run();
        } catch (Fault fault) {
            return fault;
        }
        throw new AssertionError("was not refused");
    }
}
