package dev.souk.gateway.grpc;

import static dev.souk.gateway.grpc.GrpcShop.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.rpc.BadRequest;
import com.google.rpc.RequestInfo;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders.Entry;
import dev.souk.contracts.Products;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.gateway.grpc.GrpcShop.Refusal;
import dev.souk.gateway.grpc.v1.CreateProductRequest;
import dev.souk.gateway.grpc.v1.CreateTokenRequest;
import dev.souk.gateway.grpc.v1.FollowOrderRequest;
import dev.souk.gateway.grpc.v1.GetMeRequest;
import dev.souk.gateway.grpc.v1.GetProductRequest;
import dev.souk.gateway.grpc.v1.Money;
import dev.souk.gateway.grpc.v1.NewOrderItem;
import dev.souk.gateway.grpc.v1.Order;
import dev.souk.gateway.grpc.v1.PlaceOrderRequest;
import dev.souk.gateway.grpc.v1.Product;
import dev.souk.gateway.grpc.v1.TimelineEntry;
import dev.souk.gateway.grpc.v1.Token;
import dev.souk.gateway.grpc.v1.User;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiHandler;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.http.Authenticator;
import dev.souk.gateway.http.ConnectionConfig;
import dev.souk.gateway.http.ServerConfig;
import dev.souk.gateway.http.Stations;
import dev.souk.gateway.http.TrustedProxies;
import dev.souk.gateway.limit.LimitConfig;
import dev.souk.gateway.limit.RateLimits;
import dev.souk.gateway.overload.Admission;
import dev.souk.gateway.problem.ProblemCatalogue;
import dev.souk.gateway.stream.Follower;
import dev.souk.gateway.token.SigningKeys;
import dev.souk.gateway.token.TokenMint;
import dev.souk.gateway.token.TokenVerifier;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.github.bucket4j.TimeMeter;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The server and a stock client, with handlers that a test tells what to answer. */
@TestInstance(Lifecycle.PER_CLASS)
class GrpcServerTest {
    private static final UUID USER = UUID.fromString("019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071");
    private static final TokenMint MINT = new TokenMint("key-1");
    private static final Duration REQUEST_DEADLINE = Duration.ofSeconds(3);
    private static final Contract CONTRACT = Contract.load();
    private static final Map<String, ContractOperation> OPERATIONS =
            CONTRACT.operations().stream().collect(Collectors.toMap(ContractOperation::id, Function.identity()));
    private static final GetMeRequest ME = GetMeRequest.getDefaultInstance();
    private static final User NOBODY = User.getDefaultInstance();

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Map<String, ApiHandler> answers = new ConcurrentHashMap<>();
    private final Map<String, ApiRequest> requests = new ConcurrentHashMap<>();
    private final AtomicReference<Follower> follower = new AtomicReference<>();
    private final AtomicReference<Optional<Consumer<Follower>>> following = new AtomicReference<>();
    private GrpcServer server;
    private GrpcShop nobody;
    private GrpcShop customer;
    private GrpcShop admin;

    @BeforeAll
    void start() {
        server = serve(Optional.of(0));
        nobody = GrpcShop.on(server.port().orElseThrow());
        customer = nobody.as(MINT.token(USER, "customer"));
        admin = nobody.as(MINT.token(USER, "admin"));
    }

    @BeforeEach
    void forget() {
        answers.clear();
        requests.clear();
        follower.set(null);
        following.set(Optional.of(follower::set));
    }

    @AfterAll
    void stop() {
        nobody.close();
        ServiceFixture.await(vertx.close());
    }

    static List<GrpcMethod> authenticated() {
        return methods(ContractOperation::authenticated);
    }

    static List<GrpcMethod> forAdmins() {
        return methods(operation -> operation.role().isPresent());
    }

    @ParameterizedTest
    @MethodSource("authenticated")
    void nobodyIsLetIn(GrpcMethod method) {
        Refusal refused = refused(nobody, method);

        assertThat(refused.status()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(refused.reason()).isEqualTo("UNAUTHENTICATED");
        assertThat(refused(nobody.as("not.a.token"), method).status()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("forAdmins")
    void aCustomerIsNoAdmin(GrpcMethod method) {
        assertThat(refused(customer, method).status()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(requests).isEmpty();
    }

    @Test
    void knowsWhoCallsAndWhichRequestItIs() {
        answer("getMe", Answer.ok(Map.of("id", USER, "name", "\u00fcml\u00e4ut", "role", "customer")));
        GrpcShop named = customer.with("x-request-id", "my-own-id");
        GrpcShop odd = customer.with("x-request-id", "not well-formed");

        User me = named.call("Users/GetMe", ME, NOBODY);
        odd.call("Users/GetMe", ME, NOBODY);

        assertThat(me.getName()).isEqualTo("\u00fcml\u00e4ut");
        assertThat(requests.get("getMe").caller().userId()).isEqualTo(USER);
        assertThat(named.header("x-request-id")).isEqualTo("my-own-id");
        assertThat(UUID.fromString(odd.header("x-request-id"))).isNotNull();
    }

    @Test
    void tellsWhichRequestWentWrong() {
        refuse("getMe", Fault.notFound("user"));

        Refusal refused = customer.with("x-request-id", "mine").refusal("Users/GetMe", ME, NOBODY);

        assertThat(refused.status()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(refused.message()).isEqualTo("There is no such user.");
        assertThat(refused.detail(RequestInfo.class).getRequestId()).isEqualTo("mine");
    }

    @ParameterizedTest
    @EnumSource(Fault.Code.class)
    void everyFaultReachesTheClientWithItsStatusAndKind(Fault.Code code) {
        refuse("getMe", Fault.of(code, "W\u00f6rds."));

        Refusal refused = customer.refusal("Users/GetMe", ME, NOBODY);

        assertThat(refused.status().value()).isEqualTo(GrpcStatuses.of(code).code);
        assertThat(refused.details().getCode()).isEqualTo(refused.status().value());
        assertThat(refused.message()).isEqualTo(refused.details().getMessage());
        assertThat(refused.reason()).matches("[A-Z_]+");
    }

    @Test
    void refusesInputAsTheHttpContractDoes() {
        PlaceOrderRequest request = PlaceOrderRequest.newBuilder()
                .setIdempotencyKey("key")
                .addItems(NewOrderItem.newBuilder().setProductId("x"))
                .build();

        Refusal refused = customer.refusal("Orders/PlaceOrder", request, Order.getDefaultInstance());

        assertThat(refused.status()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refused.detail(BadRequest.class).getFieldViolationsList())
                .extracting(violation -> violation.getField() + " " + violation.getDescription())
                .containsExactly(
                        "items[0].product_id must be a UUID",
                        "items[0].quantity must be 1 at least",
                        "payment_method must not be empty");
        assertThat(requests).isEmpty();
    }

    @Test
    void theIdempotencyKeyIsAFieldOrMetadataButNotBoth() {
        answer("placeOrder", Answer.accepted(Map.of("status", "PENDING")).with("Idempotency-Replayed", "true"));
        PlaceOrderRequest without = order();
        PlaceOrderRequest with = without.toBuilder()
                .setIdempotencyKey("field")
                .setRespondAsync(true)
                .build();
        GrpcShop other = customer.with("idempotency-key", "metadata");

        customer.call("Orders/PlaceOrder", with, Order.getDefaultInstance());
        assertThat(requests.get("placeOrder").required("Idempotency-Key")).isEqualTo("field");
        assertThat(requests.get("placeOrder").prefers("respond-async")).isTrue();
        other.call("Orders/PlaceOrder", without, Order.getDefaultInstance());
        assertThat(requests.get("placeOrder").required("Idempotency-Key")).isEqualTo("metadata");
        assertThat(requests.get("placeOrder").prefers("respond-async")).isFalse();
        assertThat(other.header("idempotency-replayed")).isEqualTo("true");

        assertThat(customer.refusal("Orders/PlaceOrder", without, Order.getDefaultInstance())
                        .status())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(other.refusal("Orders/PlaceOrder", with, Order.getDefaultInstance())
                        .status())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(customer.refusal(
                                "Orders/PlaceOrder",
                                with.toBuilder().setIdempotencyKey("a\r\nb").build(),
                                Order.getDefaultInstance())
                        .status())
                .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void attributesAreWhatTheyWere() {
        answer("createProduct", Answer.created(Map.of("attributes", Map.of("heights", List.of(320, 2.5)))));
        CreateProductRequest lamp = lamp("x").toBuilder()
                .setAttributes(nested(1).toBuilder()
                        .putFields(
                                "height", Value.newBuilder().setNumberValue(320).build()))
                .build();

        Product product = admin.call("Products/CreateProduct", lamp, Product.getDefaultInstance());

        assertThat(requests.get("createProduct").body(Products.Create.class).attributes())
                .hasToString("{x={}, height=320}");
        assertThat(product.getAttributes()
                        .getFieldsOrThrow("heights")
                        .getListValue()
                        .getValuesList())
                .extracting(Value::getNumberValue)
                .containsExactly(320.0, 2.5);
    }

    @Test
    void aMessageHasItsBounds() {
        answer("createProduct", Answer.created(Map.of()));
        answer("createToken", Answer.ok(Map.of()));
        CreateProductRequest lamp = lamp("x".repeat(4_000));
        CreateProductRequest large = lamp("x".repeat(70_000));
        CreateProductRequest deep =
                lamp("x").toBuilder().setAttributes(nested(21)).build();
        CreateTokenRequest bomb = CreateTokenRequest.newBuilder()
                .setPassword("x".repeat(10_000_000))
                .build();

        assertThat(admin.call("Products/CreateProduct", lamp, Product.getDefaultInstance()))
                .isNotNull();
        assertThat(admin.compressing().call("Products/CreateProduct", lamp, Product.getDefaultInstance()))
                .isNotNull();
        Refusal tooLarge = admin.refusal("Products/CreateProduct", large, Product.getDefaultInstance());
        Refusal bombed = nobody.compressing().refusal("Users/CreateToken", bomb, Token.getDefaultInstance());
        Refusal tooDeep = admin.refusal("Products/CreateProduct", deep, Product.getDefaultInstance());

        assertThat(tooLarge.status()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(tooLarge.reason()).isEqualTo("PAYLOAD_TOO_LARGE");
        assertThat(bombed.status()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(tooDeep.status()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void whatIsNoMessageIsRefused() {
        Refusal garbage = refusal(() -> ClientCalls.blockingUnaryCall(
                nobody.channel(), raw("Products/GetProduct"), deadline(), new byte[] {1, 2, 3, (byte) 0xff}));

        assertThat(garbage.status()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void oneMessageIsSentAndNoneOtherWise() {
        assertThat(send(0)).isEqualTo(Status.Code.INVALID_ARGUMENT);
        answer("getProduct", Answer.ok(Map.of()));
        assertThat(send(1)).isEqualTo(Status.Code.OK);
        assertThat(send(2)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aMethodThatIsNotThereIsNotImplemented() {
        assertThat(customer.refusal("Orders/DropOrder", ME, NOBODY).status()).isEqualTo(Status.Code.UNIMPLEMENTED);
        assertThat(customer.refusal("Nothing/GetMe", ME, NOBODY).status()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void speaksNothingButHttp2() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", server.port().orElseThrow())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(
                            "POST /souk.v1.Users/GetMe HTTP/1.1\r\nHost: x\r\nContent-Type: application/grpc\r\nContent-Length: 5\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertThat(answer).startsWith("HTTP/1.1 505 ");
        }
    }

    @Test
    void theClientsDeadlineIsTheCallsOwnButNotLonger() {
        answer("getMe", Answer.ok(Map.of()));

        customer.within(Duration.ofMinutes(10)).call("Users/GetMe", ME, NOBODY);
        Duration longest = requests.get("getMe").context().deadline().remaining();
        customer.within(Duration.ofSeconds(2)).call("Users/GetMe", ME, NOBODY);
        Duration shorter =
                requests.get("getMe").context(Duration.ofSeconds(5)).deadline().remaining();

        assertThat(longest).isLessThanOrEqualTo(REQUEST_DEADLINE);
        assertThat(shorter).isLessThanOrEqualTo(Duration.ofSeconds(2));
    }

    /** 16 at once is the least that any operation is let down to. */
    @Test
    void impatientClientsDoNotMakeTheShopLookSlow() {
        refuse("getMe", Fault.of(Fault.Code.TIMEOUT, "No time was left."));
        for (int i = 0; i < 100; i++) {
            assertThat(customer.within(Duration.ofMillis(90))
                            .refusal("Users/GetMe", ME, NOBODY)
                            .status())
                    .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        }
        Promise<Answer> held = Promise.promise();
        AtomicInteger holding = new AtomicInteger();
        answers.put("getMe", request -> {
            holding.incrementAndGet();
            return held.future();
        });

        List<CompletableFuture<User>> many = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> customer.call("Users/GetMe", ME, NOBODY), Thread::startVirtualThread))
                .limit(60)
                .toList();
        Await.until("all are let in", () -> holding.get() == 60);
        held.complete(Answer.ok(Map.of("name", "Ada")));

        assertThat(many).allSatisfy(call -> assertThat(call.join().getName()).isEqualTo("Ada"));
    }

    @Test
    void followsUntilTheEnd() {
        Iterator<TimelineEntry> events = follow(customer);
        Await.until("the stream is open", () -> follower.get() != null);

        tell(follower.get()::beat);
        tell(() -> follower.get().tell(List.of(entry(1, "ORDER_PLACED"), entry(2, "ORDER_CONFIRMED"))));
        assertThat(events.next().getType()).isEqualTo("ORDER_PLACED");
        assertThat(events.next().getSeq()).isEqualTo(2);
        tell(follower.get()::beat);
        tell(() -> follower.get().tell(List.of(entry(3, "ORDER_SHIPPED"))));
        assertThat(events.next().getData().getUserId()).isEqualTo(USER.toString());
        tell(follower.get()::end);

        assertThat(events.hasNext()).isFalse();
        assertThat(requests.get("followOrder").number("Last-Event-ID")).hasValue(7);
    }

    @Test
    void nothingToFollowIsAnEmptyStream() {
        following.set(Optional.empty());

        assertThat(follow(customer).hasNext()).isFalse();
    }

    @Test
    void aStreamThatBreaksOffSaysWhy() {
        Iterator<TimelineEntry> events = follow(customer);
        Await.until("the stream is open", () -> follower.get() != null);
        tell(follower.get()::beat);

        tell(() -> follower.get().fail(Fault.of(Fault.Code.UNAVAILABLE, "The gateway is stopping.")));

        assertThat(refusal(events::hasNext).status()).isEqualTo(Status.Code.UNAVAILABLE);
    }

    @Test
    void aFollowerThatGoesIsNoticed() {
        io.grpc.Context.CancellableContext patience = io.grpc.Context.current().withCancellation();
        patience.run(() -> follow(customer));
        Await.until("the stream is open", () -> follower.get() != null);
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        tell(() -> {
            follower.get().onGone(() -> gone.complete(true));
            return follower.get().beat();
        });

        patience.cancel(null);

        assertThat(gone.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
        assertThatThrownBy(() -> tell(() -> follower.get().tell(List.of(entry(1, "ORDER_PLACED")))))
                .hasMessageContaining("ended");
    }

    @Test
    void aStreamEndsWithItsClientsDeadline() {
        Iterator<TimelineEntry> events = follow(customer.within(Duration.ofSeconds(2)));
        Await.until("the stream is open", () -> follower.get() != null);
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        tell(() -> {
            follower.get().onGone(() -> gone.complete(true));
            return follower.get().beat();
        });

        assertThat(refusal(events::hasNext).status()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(gone.orTimeout(10, TimeUnit.SECONDS).join()).isTrue();
    }

    @Test
    void withoutAPortThereIsNoServer() {
        GrpcServer off = serve(Optional.empty());

        assertThat(off.port()).isEmpty();
        assertThat(off.listening().succeeded()).isTrue();
        assertThat(off.shutdown().succeeded()).isTrue();
    }

    @Test
    void aTakenPortIsNamed() {
        assertThatThrownBy(() -> serve(server.port()))
                .hasMessageContaining("SOUK_GRPC_PORT")
                .hasMessageContaining("in use")
                .message()
                .hasLineCount(1);
    }

    private static List<GrpcMethod> methods(Predicate<ContractOperation> which) {
        return GrpcMethods.ALL.stream()
                .filter(method -> which.test(OPERATIONS.get(method.operationId())))
                .toList();
    }

    private static Refusal refused(GrpcShop shop, GrpcMethod method) {
        String name = method.name().substring("souk.v1.".length());
        return method.streams()
                ? refusal(() ->
                        shop.stream(name, method.request(), method.reply()).hasNext())
                : shop.refusal(name, method.request(), method.reply());
    }

    private Iterator<TimelineEntry> follow(GrpcShop shop) {
        FollowOrderRequest request = FollowOrderRequest.newBuilder()
                .setOrderId(USER.toString())
                .setAfterSeq(7)
                .build();
        return shop.stream("Orders/FollowOrder", request, TimelineEntry.getDefaultInstance());
    }

    private void answer(String operationId, Answer answer) {
        answers.put(operationId, request -> Future.succeededFuture(answer));
    }

    private void refuse(String operationId, Fault fault) {
        answers.put(operationId, request -> Future.failedFuture(fault));
    }

    /** On the event loop, where followers are told. */
    private void tell(Supplier<Future<Void>> what) {
        ServiceFixture.await(onLoop(what));
    }

    private static final ServerConfig SERVER = new ServerConfig(
            "127.0.0.1",
            0,
            List.of(),
            REQUEST_DEADLINE,
            Optional.empty(),
            new TrustedProxies(List.of()),
            new ConnectionConfig(1_000, 1_000, REQUEST_DEADLINE, REQUEST_DEADLINE, REQUEST_DEADLINE));

    private <T> Future<T> onLoop(Supplier<Future<T>> what) {
        Promise<T> done = Promise.promise();
        context.runOnContext(now -> what.get().onComplete(done));
        return done.future();
    }

    private GrpcServer serve(Optional<Integer> port) {
        SigningKeys keys = new SigningKeys(vertx, () -> Future.succeededFuture(MINT.keys()));
        Map<String, ApiHandler> handlers = OPERATIONS.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), id -> request -> handle(id, request)));
        GrpcServer made = new GrpcServer(
                vertx,
                new GrpcConfig("127.0.0.1", port, REQUEST_DEADLINE),
                UUID::randomUUID,
                CONTRACT,
                ProblemCatalogue.load(),
                new Stations(
                        SERVER,
                        new RateLimits(new LimitConfig(false, 1, 1, 1, 1, 1), () -> 1, TimeMeter.SYSTEM_NANOTIME),
                        new Admission(new Random(42)),
                        new Authenticator(new TokenVerifier(keys, Clock.systemUTC()))),
                handlers,
                request -> {
                    requests.put("followOrder", request);
                    return Future.succeededFuture(following.get());
                });
        ServiceFixture.await(onLoop(() -> {
            keys.open();
            return made.listen();
        }));
        ServiceFixture.await(onLoop(() -> awaitKeys(keys)));
        return made;
    }

    private Future<Void> awaitKeys(SigningKeys keys) {
        return keys.loaded()
                .recover(notYet -> vertx.timer(10, TimeUnit.MILLISECONDS).compose(again -> awaitKeys(keys)));
    }

    private Future<Answer> handle(String operationId, ApiRequest request) {
        requests.put(operationId, request);
        return answers.getOrDefault(operationId, none -> Future.failedFuture(new IllegalStateException("no answer")))
                .handle(request);
    }

    private static PlaceOrderRequest order() {
        return PlaceOrderRequest.newBuilder()
                .addItems(
                        NewOrderItem.newBuilder().setProductId(USER.toString()).setQuantity(2))
                .setPaymentMethod("pm_card_visa")
                .build();
    }

    private static CreateProductRequest lamp(String description) {
        return CreateProductRequest.newBuilder()
                .setSku("LAMP")
                .setName("Lamp")
                .setDescription(description)
                .setPrice(Money.newBuilder().setAmount(1).setCurrency("USD"))
                .build();
    }

    private static Struct nested(int depth) {
        Struct.Builder outer = Struct.newBuilder();
        if (depth > 0) {
            outer.putFields(
                    "x", Value.newBuilder().setStructValue(nested(depth - 1)).build());
        }
        return outer.build();
    }

    private static Entry entry(int seq, String type) {
        return new Entry(
                seq, type, Instant.parse("2026-01-15T09:30:00Z"), "souk-1", null, Map.of("userId", USER.toString()));
    }

    /** How a call ends that sends so many messages. */
    private Status.Code send(int messages) {
        MethodDescriptor<Message, Product> method = MethodDescriptor.<Message, Product>newBuilder()
                .setType(MethodType.BIDI_STREAMING)
                .setFullMethodName("souk.v1.Products/GetProduct")
                .setRequestMarshaller(ProtoUtils.<Message>marshaller(GetProductRequest.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(Product.getDefaultInstance()))
                .build();
        CompletableFuture<Status.Code> end = new CompletableFuture<>();
        ClientCall<Message, Product> call = nobody.channel().newCall(method, deadline());
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        end.complete(status.getCode());
                    }
                },
                new Metadata());
        call.request(1);
        for (int i = 0; i < messages; i++) {
            call.sendMessage(
                    GetProductRequest.newBuilder().setProductId(USER.toString()).build());
        }
        call.halfClose();
        return end.orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static CallOptions deadline() {
        return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static MethodDescriptor<byte[], Message> raw(String method) {
        return MethodDescriptor.<byte[], Message>newBuilder()
                .setType(MethodType.UNARY)
                .setFullMethodName("souk.v1." + method)
                .setRequestMarshaller(new MethodDescriptor.Marshaller<>() {
                    @Override
                    public InputStream stream(byte[] value) {
                        return new ByteArrayInputStream(value);
                    }

                    @Override
                    public byte[] parse(InputStream stream) {
                        throw new AssertionError("nothing of this kind comes back");
                    }
                })
                .setResponseMarshaller(ProtoUtils.<Message>marshaller(Product.getDefaultInstance()))
                .build();
    }
}
