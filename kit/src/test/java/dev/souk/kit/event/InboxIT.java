package dev.souk.kit.event;

import static dev.souk.kit.testing.ServiceFixture.await;
import static dev.souk.kit.testing.ServiceFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Event.Refused;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.event.Reader.Effect;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

@ExtendWith(VertxExtension.class)
class InboxIT {
    /** What is refused on purpose here would fill the log. */
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(Inbox.class);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private ServiceFixture shop;
    private Reader reader;
    private Reader.Instance instance;

    @BeforeAll
    static void quiet() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        LOG.setLevel(null);
    }

    @BeforeEach
    void open(Vertx vertx) {
        shop = ServiceFixture.deploy(vertx, Map.of());
        reader = new Reader(shop.context(), "left", POSTGRES.provision().url());
        instance = reader.run();
    }

    @Test
    void appliesEachEventOnceHoweverOftenItComes() {
        List<Event> events = events(50);

        List<Future<Applied>> answers =
                Stream.generate(() -> deliver(events)).limit(5).toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(await(answer).refused()).isEmpty());
        assertThat(await(deliver(events)).refused()).isEmpty();
        assertAppliedOnce(events);
    }

    @Test
    void appliesEachEventOnceThoughInstancesGetItAtOnceInAnyOrder() {
        reader.run();
        reader.run();
        List<Event> events = events(200);

        List<Future<Applied>> answers =
                Stream.generate(() -> deliver(shuffled(events))).limit(30).toList();

        assertThat(answers)
                .allSatisfy(answer -> assertThat(await(answer).refused()).isEmpty());
        assertAppliedOnce(events);
    }

    @Test
    void anEventThatStandsTwiceInABatchIsAppliedOnce() {
        List<Event> events = events(5);

        Applied answer =
                await(deliver(Stream.concat(events.stream(), events.stream()).toList()));

        assertThat(answer.refused()).isEmpty();
        assertAppliedOnce(events);
    }

    @Test
    void refusesWhatCannotBeAppliedAloneAndTakesItLater() {
        List<Event> events = events(40);
        Event poisoned = events.get(17);
        reader.poison.add(poisoned.id());

        Applied answer = await(deliver(events));
        List<Effect> before = reader.effects();
        reader.poison.clear();
        Applied again = await(deliver(List.of(poisoned)));

        assertThat(answer.refused()).containsExactly(new Refused(poisoned.id(), "poison"));
        assertThat(before).hasSize(39);
        assertThat(again.refused()).isEmpty();
        assertAppliedOnce(events);
    }

    @Test
    void refusesWhatTheDatabaseRefusesAlone() {
        List<Event> events =
                Stream.concat(events(10).stream(), Stream.of(event(666))).toList();

        Applied answer = await(deliver(events));

        assertThat(answer.refused())
                .extracting(Refused::eventId)
                .containsExactly(events.getLast().id());
        assertAppliedOnce(events.subList(0, 10));
    }

    /** A refusal would count against the event, which has nothing to do with it. */
    @Test
    void aDatabaseThatCannotStoreAnythingIsNoRefusal() {
        await(reader.database().write("fill-up", """
                CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'no room left' USING ERRCODE = '53100'; END $$
                """, Tuple.tuple()));
        await(reader.database().write("fill-up", """
                CREATE TRIGGER no_room BEFORE INSERT ON inbox EXECUTE FUNCTION no_room()
                """, Tuple.tuple()));

        Fault.Code answer = refusal(() -> await(deliver(events(3), Duration.ofMillis(500))));

        assertThat(answer).isIn(Fault.Code.UNAVAILABLE, Fault.Code.TIMEOUT);
    }

    @Test
    void forgetsWhatItHasAppliedLongAgo() {
        List<Event> events = events(3);
        await(deliver(events));
        await(reader.database()
                .write("age", "UPDATE inbox SET applied_at = now() - interval '61 minutes'", Tuple.tuple()));
        List<Event> young = events(2);
        await(deliver(young));

        int forgotten = await(instance.inbox().trim());

        assertThat(forgotten).isEqualTo(3);
        await(deliver(young));
        assertThat(reader.effects()).hasSize(5);
    }

    private Future<Applied> deliver(List<Event> events) {
        return deliver(events, Duration.ofSeconds(10));
    }

    private Future<Applied> deliver(List<Event> events, Duration limit) {
        return shop.context()
                .bus()
                .call(Event.delivery("left"), new Batch("market", events), CallContext.ofService("test", limit));
    }

    private static List<Event> shuffled(List<Event> events) {
        List<Event> copy = new ArrayList<>(events);
        Collections.shuffle(copy);
        return copy;
    }

    private static List<Event> events(int number) {
        return IntStream.rangeClosed(1, number).mapToObj(InboxIT::event).toList();
    }

    private static Event event(int seq) {
        return new Event(UUID.randomUUID(), UUID.randomUUID(), seq, "DEAL_CHANGED", Instant.EPOCH, Map.of("seq", seq));
    }

    private void assertAppliedOnce(List<Event> events) {
        assertThat(reader.effects())
                .containsExactlyInAnyOrderElementsOf(events.stream()
                        .map(event -> new Effect(event.aggregateId(), event.seq()))
                        .toList());
    }
}
