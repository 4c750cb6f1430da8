package dev.souk.kit.bus;

import static dev.souk.kit.bus.OperationHandler.on;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
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
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** What the bus promises for each operation, kept by a real endpoint on a real bus: whatever happens, there is an answer. */
class OperationContractTest {
    private static final Fault REFUSAL =
            Fault.of(Fault.Code.FORBIDDEN, "Not today.", List.of(new Fault.Violation("/items/0", "is not yours")));

    private static Vertx vertx;
    private static Discovery discovery;
    private static Bus bus;

    private Endpoint endpoint;
    private Instance instance;

    /** What goes wrong on purpose here would fill the log. */
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(Endpoint.class);

    @BeforeAll
    static void open() {
        LOG.setLevel(Level.OFF);
        vertx = Vertx.vertx();
        discovery = ServiceFixture.await(LeasedDiscovery.open(vertx, "test"));
        bus = new Bus(vertx, discovery, "here");
    }

    @AfterAll
    static void close() {
        LOG.setLevel(null);
        ServiceFixture.await(vertx.close());
    }

    @AfterEach
    void closeEndpoint() {
        ServiceFixture.await(endpoint.close());
    }

    /** All but the ping, which an endpoint serves by itself. */
    static List<Operation<?, ?>> operations() {
        return Contracts.operations().stream()
                .filter(operation -> operation.request() != Ping.class)
                .toList();
    }

    /** Each operation with each form that its reply can take. */
    static Stream<Arguments> replies() {
        return operations().stream()
                .flatMap(operation -> Contracts.variants(operation.name() + ".reply", operation.reply())
                        .map(reply -> Arguments.of(operation.name(), operation, reply.sample())));
    }

    @ParameterizedTest(name = "{0}: {2}")
    @MethodSource("replies")
    <Q, R> void theRequestArrivesAndTheReplyComesBack(String name, Operation<Q, R> operation, R reply) {
        Q request = goldenRequest(operation);
        AtomicReference<Q> arrived = new AtomicReference<>();
        serve(operation, (asked, context) -> {
            arrived.set(asked);
            return Future.succeededFuture(reply);
        });

        R answer = ServiceFixture.await(bus.call(operation, request, context()));

        assertThat(arrived.get()).isEqualTo(request).isEqualTo(Samples.of(operation.request()));
        assertThat(answer).isEqualTo(reply);
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void callerAndRequestIdArriveToo(Operation<Q, R> operation) {
        Caller caller = ServiceFixture.admin();
        AtomicReference<CallContext> arrived = new AtomicReference<>();
        serve(operation, (asked, context) -> {
            arrived.set(context);
            return Future.failedFuture(REFUSAL);
        });

        refusal(operation, new CallContext("request-1", Optional.of(caller), Deadline.in(Duration.ofSeconds(5))));

        assertThat(arrived.get().requestId()).isEqualTo("request-1");
        assertThat(arrived.get().caller()).contains(caller);
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void aRefusalIsAnsweredAsItIs(Operation<Q, R> operation) {
        serve(operation, (asked, context) -> Future.failedFuture(REFUSAL));

        assertIsTheRefusal(refusal(operation, context()));
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void aThrownRefusalIsAnsweredAsItIs(Operation<Q, R> operation) {
        serve(operation, (asked, context) -> {
            throw REFUSAL;
        });

        assertIsTheRefusal(refusal(operation, context()));
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void aBugIsAnsweredWithoutItsWords(Operation<Q, R> operation) {
        serve(operation, (asked, context) -> {
            throw new IllegalStateException("inner words");
        });

        Fault fault = refusal(operation, context());

        assertThat(fault.code()).isEqualTo(Fault.Code.INTERNAL);
        assertThat(fault.getMessage()).doesNotContain("inner words");
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void aFailedFutureIsAnsweredWithoutItsWords(Operation<Q, R> operation) {
        serve(operation, (asked, context) -> Future.failedFuture(new IllegalStateException("inner words")));

        Fault fault = refusal(operation, context());

        assertThat(fault.code()).isEqualTo(Fault.Code.INTERNAL);
        assertThat(fault.getMessage()).doesNotContain("inner words");
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void noReplyIsAnsweredAsAFailure(Operation<Q, R> operation) {
        serve(operation, (asked, context) -> Future.succeededFuture(null));
        MultiMap headers = ContextHeaders.write(operation.name(), context());

        int failureCode = failureCode(WireFormat.encode(goldenRequest(operation)), headers);

        assertThat(failureCode).isEqualTo(Fault.Code.INTERNAL.number());
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void noFutureIsAnswered(Operation<Q, R> operation) {
        serve(operation, (asked, context) -> null);

        assertThat(refusal(operation, context()).code()).isEqualTo(Fault.Code.INTERNAL);
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void aBodyThatCannotBeReadIsAnsweredAndNotServed(Operation<Q, R> operation) {
        AtomicBoolean served = new AtomicBoolean();
        serve(operation, (asked, context) -> {
            served.set(true);
            return Future.failedFuture(REFUSAL);
        });
        MultiMap headers = ContextHeaders.write(operation.name(), context());

        for (String body : List.of("", "{", "null", "[1]", "\"text\"", "\u0000\u0001")) {
            assertThat(failureCode(Buffer.buffer(body), headers))
                    .as("answer to the body '" + body + "'")
                    .isEqualTo(Fault.Code.INVALID_REQUEST.number());
        }
        assertThat(served).isFalse();
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void whatComesTooLateIsAnsweredAndNotServed(Operation<Q, R> operation) {
        AtomicBoolean served = new AtomicBoolean();
        serve(operation, (asked, context) -> {
            served.set(true);
            return Future.failedFuture(REFUSAL);
        });
        MultiMap late = ContextHeaders.write(operation.name(), CallContext.ofService("late", Duration.ZERO));

        int failureCode = failureCode(WireFormat.encode(goldenRequest(operation)), late);

        assertThat(failureCode).isEqualTo(Fault.Code.TIMEOUT.number());
        assertThat(served).isFalse();
    }

    @ParameterizedTest
    @MethodSource("operations")
    <Q, R> void headersThatCannotBeReadAreAnswered(Operation<Q, R> operation) {
        serve(operation, (asked, context) -> Future.failedFuture(REFUSAL));
        MultiMap odd = ContextHeaders.write(operation.name(), context()).set("remaining-ms", "soon");

        int failureCode = failureCode(WireFormat.encode(goldenRequest(operation)), odd);

        assertThat(failureCode).isEqualTo(Fault.Code.INTERNAL.number());
    }

    @Test
    void aPingIsAnsweredWhenTheServiceIsReady() {
        servePings(Future::succeededFuture);

        Done answer = ServiceFixture.await(bus.call(Ping.of(Contracts.ANY_SERVICE), new Ping(), context()));

        assertThat(answer).isEqualTo(Done.DONE);
    }

    @Test
    void aPingIsRefusedWhenTheServiceIsNotReady() {
        servePings(() -> Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "The database is away.")));

        assertThat(refusal(Ping.of(Contracts.ANY_SERVICE), context()).code()).isEqualTo(Fault.Code.UNAVAILABLE);
    }

    @Test
    void aPingIsAnsweredWhenTheCheckItselfIsBroken() {
        servePings(() -> {
            throw new IllegalStateException("inner words");
        });

        assertThat(refusal(Ping.of(Contracts.ANY_SERVICE), context()).code()).isEqualTo(Fault.Code.INTERNAL);
    }

    private <Q, R> void serve(Operation<Q, R> operation, BiFunction<Q, CallContext, Future<R>> method) {
        open(operation.service(), Future::succeededFuture, List.of(on(operation, method)));
    }

    private void servePings(Supplier<Future<?>> ready) {
        open(Contracts.ANY_SERVICE, ready, List.of());
    }

    private void open(String service, Supplier<Future<?>> ready, List<OperationHandler<?, ?>> operations) {
        instance = new Instance(UUID.randomUUID().toString(), service, "here", "1", Instant.EPOCH);
        endpoint = ServiceFixture.await(Endpoint.open(vertx, discovery, instance, ready, operations));
    }

    private static <Q> Q goldenRequest(Operation<Q, ?> operation) {
        String name = operation.name() + ".request";
        return WireFormat.decode(
                Golden.bytes(Golden.newest(name, Golden.written(Samples.of(operation.request())))),
                operation.request());
    }

    private <Q> Fault refusal(Operation<Q, ?> operation, CallContext context) {
        try {
            ServiceFixture.await(bus.call(operation, goldenRequest(operation), context));
        } catch (Fault fault) {
            return fault;
        }
        throw new AssertionError(operation.name() + " was not refused");
    }

    private int failureCode(Buffer body, MultiMap headers) {
        Future<?> answer =
                vertx.eventBus().request(instance.address(), body, new DeliveryOptions().setHeaders(headers));
        AtomicReference<ReplyException> failure = new AtomicReference<>();
        assertThatThrownBy(() -> ServiceFixture.await(answer))
                .isInstanceOfSatisfying(ReplyException.class, failure::set);
        return failure.get().failureCode();
    }

    private static void assertIsTheRefusal(Fault fault) {
        assertThat(fault.code()).isEqualTo(REFUSAL.code());
        assertThat(fault.getMessage()).isEqualTo(REFUSAL.getMessage());
        assertThat(fault.violations()).isEqualTo(REFUSAL.violations());
    }

    private static CallContext context() {
        return CallContext.ofService("test", Duration.ofSeconds(5));
    }
}
