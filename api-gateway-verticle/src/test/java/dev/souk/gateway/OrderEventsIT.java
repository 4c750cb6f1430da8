package dev.souk.gateway;

import static dev.souk.gateway.GatewayFixture.ORDER;
import static dev.souk.gateway.GatewayFixture.USER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Caller;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Orders.Entry;
import dev.souk.contracts.Orders.Timeline;
import dev.souk.gateway.EventReader.Event;
import dev.souk.gateway.HttpShop.Reply;
import dev.souk.kit.bus.WireFormat;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Following an order while it changes. */
@ExtendWith(VertxExtension.class)
class OrderEventsIT {
    private static final String PATH = path(ORDER);
    private static final UUID OTHER = UUID.fromString("019a2b3c-6b10-7c21-8d32-4e43f5506699");
    private static final Instant TIME = Instant.parse("2026-01-15T09:30:00Z");

    /** What has happened to each order; a test adds to it. */
    private final Map<UUID, List<Entry>> histories = new ConcurrentHashMap<>();

    private final List<UUID> asked = new CopyOnWriteArrayList<>();

    @BeforeEach
    void forget() {
        histories.clear();
        asked.clear();
    }

    @Test
    void tellsWhatThereIsAndThenWhatHappensUntilTheEnd(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED", "ORDER_CONFIRMED");

        try (EventReader reader = follow(gateway)) {
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.head())
                    .containsIgnoringCase("content-type: text/event-stream\n")
                    .containsIgnoringCase("cache-control: no-store\n")
                    .containsIgnoringCase("x-request-id: ");
            assertThat(next(reader)).isEqualTo(event(ORDER, 1));
            assertThat(next(reader)).isEqualTo(event(ORDER, 2));
            happens(ORDER, "ORDER_SHIPPED");
            signal(gateway, ORDER);
            assertThat(next(reader)).isEqualTo(event(ORDER, 3));
            happens(ORDER, "ORDER_DELIVERED");
            signal(gateway, ORDER);
            assertThat(next(reader)).isEqualTo(event(ORDER, 4));
            assertThat(reader.next()).isEmpty();
        }
        assertThat(gateway.services().context(Orders.TIMELINE).caller())
                .hasValue(new Caller(USER, Caller.Role.CUSTOMER));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORDER_REJECTED", "ORDER_CANCELLED", "ORDER_DELIVERED"})
    void endsAtOnceWithWhatHasEnded(String last, Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED", last);

        try (EventReader reader = follow(gateway, "Last-Event-ID: 1")) {
            assertThat(next(reader)).isEqualTo(event(ORDER, 2));
            assertThat(reader.next()).isEmpty();
        }
        Reply seen = gateway.customer().with("Last-Event-ID", "2").get(PATH);
        assertThat(seen.status()).isEqualTo(204);
        assertThat(seen.body()).isEmpty();
    }

    /** Asking every two seconds alone would take eight at least. */
    @Test
    void aSignalIsHeardAtOnce(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED");
        long began = System.nanoTime();

        try (EventReader reader = follow(gateway)) {
            next(reader);
            for (int i = 0; i < 5; i++) {
                happens(ORDER, "ORDER_NOTED");
                signal(gateway, ORDER);
                next(reader);
            }
        }

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void aSignalThatIsLostIsMadeUpFor(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED");

        try (EventReader reader = follow(gateway)) {
            next(reader);
            happens(ORDER, "ORDER_CONFIRMED");

            assertThat(next(reader)).isEqualTo(event(ORDER, 2));
        }
    }

    @Test
    void everyEventComesOnceAndInOrderHoweverOftenItIsSignalled(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED");
        List<EventReader> readers =
                Stream.generate(() -> follow(gateway)).limit(10).toList();

        for (int i = 0; i < 50; i++) {
            happens(ORDER, "ORDER_NOTED");
            signal(gateway, ORDER);
            signal(gateway, ORDER);
        }

        for (EventReader reader : readers) {
            assertThat(IntStream.rangeClosed(1, 51).map(seq -> next(reader).id()))
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(1, 51).boxed().toList());
            reader.close();
        }
    }

    @Test
    void goesOnWhereItWasBrokenOff(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED", "ORDER_CONFIRMED");

        try (EventReader reader = follow(gateway, "last-event-id: 1")) {
            assertThat(next(reader)).isEqualTo(event(ORDER, 2));
        }
    }

    @Test
    void anEventThatWasNeverToldIsNoPlaceToGoOnFrom(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED");

        try (EventReader reader = follow(gateway, "Last-Event-ID: 2147483647")) {
            happens(ORDER, "ORDER_REJECTED");
            signal(gateway, ORDER);

            assertThat(next(reader)).isEqualTo(event(ORDER, 2));
            assertThat(reader.next()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.5", "1,2", "0x1", "2147483648", "99999999999999999999"})
    void aMalformedPlaceIsA400(String id, Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());

        Reply reply = gateway.customer().with("Last-Event-ID", id).get(PATH);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().at("/errors/0/pointer").asText()).isEqualTo("Last-Event-ID");
        assertThat(asked).isEmpty();
    }

    @Test
    void twoPlacesAreNone(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());

        Reply reply = gateway.customer()
                .with("Last-Event-ID", "1", "Last-Event-ID", "2")
                .get(PATH);

        assertThat(reply.status()).isEqualTo(400);
    }

    @Test
    void tellsThatItIsThere(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_EVENT_HEARTBEAT", "50ms"));

        try (EventReader reader = follow(gateway)) {
            assertThat(Stream.generate(() -> reader.block().orElseThrow()).limit(4))
                    .containsOnly(":");
        }
    }

    @Test
    void whatIsNotTheirsAnyMoreIsNotTold(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED");

        try (EventReader reader = follow(gateway)) {
            next(reader);
            gateway.services().refuse(Orders.TIMELINE, Fault.notFound("order"));
            signal(gateway, ORDER);

            assertThat(reader.next()).isEmpty();
        }
    }

    @Test
    void aServiceThatIsAwayForAWhileEndsNothing(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED");

        try (EventReader reader = follow(gateway)) {
            next(reader);
            gateway.services().stop("order");
            happens(ORDER, "ORDER_CONFIRMED");
            signal(gateway, ORDER);
            Await.until(
                    "the gateway notices",
                    () -> gateway.customer().get(PATH + "?").status() == 503);
            gateway.services().reset();
            gateway.services().answerBy(Orders.TIMELINE, this::timeline);

            assertThat(next(reader)).isEqualTo(event(ORDER, 2));
        }
    }

    @Test
    void soManyCanFollowAndAPlaceIsFreeWhenOneHasGone(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_EVENT_STREAMS", "2"));
        happens(ORDER, "ORDER_PLACED");

        EventReader first = follow(gateway);
        try (EventReader second = follow(gateway)) {
            Reply refused = gateway.customer().get(PATH);
            first.close();
            Await.until("a place is free", () -> canFollow(gateway));

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.slug()).isEqualTo("overloaded");
            assertThat(refused.header("Retry-After")).get().asString().matches("[1-3]");
            assertThat(second.status()).isEqualTo(200);
        }
        Await.until("both places are free", () -> {
            try (EventReader one = follow(gateway)) {
                return one.status() == 200 && canFollow(gateway);
            }
        });
    }

    @Test
    void whatIsNotStreamedTakesNoPlace(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_EVENT_STREAMS", "1"));
        happens(ORDER, "ORDER_PLACED", "ORDER_CONFIRMED");

        for (int i = 0; i < 3; i++) {
            Reply head = gateway.customer().send("HEAD", PATH, BodyPublishers.noBody());
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).hasValue("text/event-stream");
            assertThat(gateway.customer()
                            .with("Accept", "application/json")
                            .get(PATH)
                            .status())
                    .isEqualTo(406);
        }
        gateway.services().refuse(Orders.TIMELINE, Fault.notFound("order"));
        assertThat(gateway.customer().get(PATH).status()).isEqualTo(404);
        gateway.services().answerBy(Orders.TIMELINE, this::timeline);

        assertThat(canFollow(gateway)).isTrue();
    }

    @Test
    void nobodyIsAskedForAClientThatHasGone(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_EVENT_STREAMS", "1"));
        happens(ORDER, "ORDER_PLACED");
        happens(OTHER, "ORDER_PLACED");
        follow(gateway).close();
        Await.until("the place is free", () -> {
            try (EventReader other = EventReader.open(gateway.port(), path(OTHER), GatewayFixture.CUSTOMER)) {
                return other.status() == 200;
            }
        });
        long before = asked.stream().filter(ORDER::equals).count();

        Await.until("the place is free", () -> {
            EventReader other = EventReader.open(gateway.port(), path(OTHER), GatewayFixture.CUSTOMER);
            if (other.status() != 200) {
                other.close();
                return false;
            }
            next(other);
            signal(gateway, ORDER);
            // One that comes by polling, so that the other would have been polled for too.
            happens(OTHER, "ORDER_CONFIRMED");
            next(other);
            other.close();
            return true;
        });

        assertThat(asked.stream().filter(ORDER::equals).count()).isEqualTo(before);
    }

    @Test
    void whoDoesNotReadIsCutOff(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of("SOUK_EVENT_STREAMS", "1", "SOUK_EVENT_HEARTBEAT", "100ms"));
        happens(ORDER, "ORDER_PLACED");
        happens(OTHER, "ORDER_PLACED");
        histories.get(ORDER).add(entry(2, "x".repeat(1 << 24)));

        try (EventReader reader = follow(gateway)) {
            Await.until("its place is free", () -> {
                try (EventReader other = EventReader.open(gateway.port(), path(OTHER), GatewayFixture.CUSTOMER)) {
                    return other.status() == 200;
                }
            });

            assertThat(reader.isCutOff()).isTrue();
        }
    }

    @Test
    void stoppingIsNotHeldUp(Vertx vertx) {
        GatewayFixture gateway = start(vertx, Map.of());
        happens(ORDER, "ORDER_PLACED");
        List<EventReader> readers =
                Stream.generate(() -> follow(gateway)).limit(5).toList();
        long began = System.nanoTime();

        Future<Void> stopped = vertx.undeploy(gateway.deployment());
        ServiceFixture.await(stopped);

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
        for (EventReader reader : readers) {
            assertThat(next(reader)).isEqualTo(event(ORDER, 1));
            assertThat(reader.next()).isEmpty();
            reader.close();
        }
    }

    private GatewayFixture start(Vertx vertx, Map<String, String> variables) {
        GatewayFixture gateway = GatewayFixture.start(vertx, variables);
        gateway.services().answerBy(Orders.TIMELINE, this::timeline);
        return gateway;
    }

    private Timeline timeline(Orders.GetTimeline request) {
        asked.add(request.orderId());
        int after = request.afterSeq() == null ? 0 : request.afterSeq();
        return new Timeline(histories.getOrDefault(request.orderId(), List.of()).stream()
                .filter(entry -> entry.seq() > after)
                .toList());
    }

    private void happens(UUID orderId, String... types) {
        List<Entry> history = histories.computeIfAbsent(orderId, id -> new CopyOnWriteArrayList<>());
        for (String type : types) {
            history.add(entry(history.size() + 1, type));
        }
    }

    private static Entry entry(int seq, String type) {
        return new Entry(seq, type, TIME, "souk-1", null, Map.of("userId", USER.toString(), "note", "a\nb \u00fc"));
    }

    private Event event(UUID orderId, int seq) {
        Entry entry = histories.get(orderId).get(seq - 1);
        return new Event(seq, entry.type(), WireFormat.encode(entry).toString());
    }

    private static void signal(GatewayFixture gateway, UUID orderId) {
        gateway.context().bus().signal(Orders.CHANGED, new Orders.Changed(orderId));
    }

    private static EventReader follow(GatewayFixture gateway, String... headers) {
        return EventReader.open(gateway.port(), PATH, GatewayFixture.CUSTOMER, headers);
    }

    private static boolean canFollow(GatewayFixture gateway) {
        try (EventReader reader = follow(gateway)) {
            return reader.status() == 200;
        }
    }

    private static Event next(EventReader reader) {
        return reader.next().orElseThrow(() -> new AssertionError("the stream has ended"));
    }

    private static String path(UUID orderId) {
        return "/api/v1/orders/" + orderId + "/events";
    }
}
