package dev.souk.kit.event;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Event.Batch;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.CallContext;
import dev.souk.kit.event.Reader.Effect;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
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
class OutboxIT {
    /** Longer than any test: nothing is found but what was told of. */
    private static final Duration NEVER = Duration.ofHours(1);

    private static final Duration OFTEN = Duration.ofMillis(50);
    /** What is refused on purpose here would fill the log. */
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(OutboxIT.class.getPackageName());

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final Random random = new Random(7);
    private ServiceFixture shop;
    private Market market;
    private Reader left;
    private Reader right;

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
        market = new Market(shop.context(), POSTGRES.provision().url(), "left", "right");
        left = new Reader(shop.context(), "left", POSTGRES.provision().url());
        right = new Reader(shop.context(), "right", POSTGRES.provision().url());
    }

    @Test
    void aReceiverThatIsAwayHoldsUpNobodyAndGetsEverythingLater() {
        market.run("one");
        right.run();
        List<UUID> deals = deals(10);

        everyDealChanges(deals, 10);
        Await.until("the one that is there has everything", () -> market.undelivered("right") == 0);
        long waiting = market.undelivered("left");
        left.run();

        assertThat(waiting).isEqualTo(100);
        Await.until("the other has everything too", () -> market.undelivered("left") == 0);
        assertAppliedOnceInOrder(left, deals, 10);
        assertAppliedOnceInOrder(right, deals, 10);
    }

    @Test
    void aReceiverThatAnswersEveryOtherTimeOnlyGetsEachEventOnceInOrder() {
        Market.Instance teller = market.run("one");
        left.run(loseEveryOtherAnswer());
        right.run(loseEveryOtherAnswer());
        List<UUID> deals = deals(20);

        everyDealChanges(deals, 12);
        teller.wake();

        Await.until("both have everything", Duration.ofSeconds(30), this::allIsDelivered);
        assertAppliedOnceInOrder(left, deals, 12);
        assertAppliedOnceInOrder(right, deals, 12);
    }

    /** Nobody looks from time to time here: one wake-up that gets lost, and an event stays where it is. */
    @Test
    void noWakeUpIsLost() {
        Market.Instance teller = market.run("one", NEVER, 8);
        left.run(this::beAwayNowAndThen);
        right.run();
        List<UUID> deals = deals(40);
        await(Future.join(Stream.of(1, 2).map(seq -> changeAll(deals, seq)).toList()));
        teller.wake();

        for (int seq = 3; seq <= 10; seq++) {
            for (UUID deal : deals) {
                market.happen(deal, seq).onSuccess(happened -> teller.wake());
            }
            if (random.nextBoolean()) {
                await(shop.context().vertx().timer(random.nextLong(30) + 1));
            }
        }

        Await.until("everything has happened", () -> right.effects().size() == 400);
        Await.until("both have everything", Duration.ofSeconds(30), this::allIsDelivered);
        assertAppliedOnceInOrder(left, deals, 10);
        assertAppliedOnceInOrder(right, deals, 10);
    }

    /** One that comes while the relay looks, too early to be seen, is told of too late to begin another look. */
    @Test
    void noWakeUpIsLostThatComesDuringALook() {
        Market.Instance teller = market.run("one", NEVER, 8);
        left.run();
        right.run();
        List<UUID> deals = deals(100);

        for (UUID deal : deals) {
            AtomicBoolean happened = new AtomicBoolean();
            lookUntil(happened, teller);
            await(market.happen(deal, 1).onComplete(done -> happened.set(true)).onSuccess(event -> teller.wake()));
            Await.until("both have it", this::allIsDelivered);
        }

        assertAppliedOnceInOrder(left, deals, 1);
    }

    @Test
    void aRelayThatCannotLookGoesOnWhenItCan() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        LOG.addAppender(log);
        LOG.setLevel(Level.ERROR);
        LOG.setAdditive(false);
        List<UUID> deals = deals(5);
        everyDealChanges(deals, 2);
        left.run();
        right.run();
        market.hideLeases();

        market.run("one");
        Await.until("looks have failed", () -> List.copyOf(log.list).size() > 4);
        market.showLeases();

        Await.until("both have everything", this::allIsDelivered);
        LOG.detachAppender(log);
        LOG.setAdditive(true);
        LOG.setLevel(Level.OFF);
        assertAppliedOnceInOrder(left, deals, 2);
        assertAppliedOnceInOrder(right, deals, 2);
    }

    @Test
    void aDatabaseWhoseSessionsEndLosesAndHoldsUpNothing() {
        List<UUID> deals = deals(20);
        everyDealChanges(deals, 10);
        market.run("one");
        left.run();
        right.run();

        for (int times = 0; times < 15; times++) {
            market.endSessions();
        }

        Await.until("both have everything", Duration.ofSeconds(30), this::allIsDelivered);
        assertAppliedOnceInOrder(left, deals, 10);
        assertAppliedOnceInOrder(right, deals, 10);
    }

    @Test
    void aPoisonedEventIsParkedWhatIsBehindItWaitsAndTheRestFlows() {
        UUID sick = UUID.randomUUID();
        List<UUID> healthy = deals(5);
        left.poison.add(await(market.happen(sick, 1)).id());
        await(market.happen(sick, 2));
        everyDealChanges(healthy, 3);
        left.run();
        right.run();

        market.run("one", OFTEN, 3);
        Await.until("the event is parked", () -> !market.parked("left").isEmpty());
        List<Row> parked = market.parked("left");
        Await.until("the rest has arrived", () -> market.undelivered("left") == 2 && market.undelivered("right") == 0);
        List<Effect> before = left.effects();
        left.poison.clear();
        market.unpark("left");

        assertThat(parked).singleElement().satisfies(row -> {
            assertThat(row.getUUID("aggregate_id")).isEqualTo(sick);
            assertThat(row.getInteger("seq")).isEqualTo(1);
            assertThat(row.getInteger("attempts")).isEqualTo(3);
            assertThat(row.getString("failure")).isEqualTo("poison");
        });
        assertThat(parkedCounted("left")).isEqualTo(1);
        assertThat(before).hasSize(15).noneMatch(effect -> effect.aggregateId().equals(sick));
        Await.until("what was parked has arrived", this::allIsDelivered);
        assertAppliedOnceInOrder(left, healthy, 3);
        assertThat(left.effects()).endsWith(new Effect(sick, 1), new Effect(sick, 2));
    }

    @Test
    void aRefusedEventIsSentAgainAfterAWhile() {
        UUID deal = UUID.randomUUID();
        UUID event = await(market.happen(deal, 1)).id();
        AtomicInteger asked = new AtomicInteger();
        left.run((batch, inbox, call) -> asked.incrementAndGet() < 3
                ? Future.succeededFuture(new Applied(List.of(new Event.Refused(event, "not yet"))))
                : inbox.apply(batch, call));
        right.run();

        market.run("one", OFTEN, 8);

        Await.until("it has arrived", this::allIsDelivered);
        assertThat(asked).hasValue(3);
        assertThat(left.effects()).containsExactly(new Effect(deal, 1));
    }

    @Test
    void aReceiverThatStumblesOverOneEventGetsTheOthers() {
        UUID sick = UUID.randomUUID();
        List<UUID> healthy = deals(30);
        everyDealChanges(healthy.subList(0, 15), 1);
        UUID event = await(market.happen(sick, 1)).id();
        everyDealChanges(healthy.subList(15, 30), 1);
        AtomicBoolean stumbles = new AtomicBoolean(true);
        left.run((batch, inbox, call) -> {
            if (stumbles.get()
                    && batch.events().stream().anyMatch(one -> one.id().equals(event))) {
                return Future.failedFuture(Fault.of(Fault.Code.INTERNAL, "stumbled"));
            }
            return inbox.apply(batch, call);
        });
        right.run();

        market.run("one", OFTEN, 3);
        Await.until("the one to blame is parked", () -> !market.parked("left").isEmpty());
        Await.until("the others have arrived", () -> market.undelivered("left") == 1);
        stumbles.set(false);
        market.unpark("left");

        Await.until("that one has arrived too", this::allIsDelivered);
        assertAppliedOnceInOrder(
                left, Stream.concat(healthy.stream(), Stream.of(sick)).toList(), 1);
    }

    @Test
    void anotherInstanceTakesOverWhenTheLeaderStops() {
        Market.Instance first = market.run("first");
        Await.until("the first leads", () -> leads("first"));
        market.run("second");
        left.run();
        right.run();
        List<UUID> deals = deals(20);
        Future<?> happening = changeOneAfterTheOther(deals, 10);

        first.end();
        await(happening);

        Await.until("the second has told everything", Duration.ofSeconds(3), this::allIsDelivered);
        assertThat(leads("second")).isTrue();
        assertAppliedOnceInOrder(left, deals, 10);
        assertAppliedOnceInOrder(right, deals, 10);
    }

    @Test
    void anotherInstanceTakesOverWhenTheLeaderIsGoneAndItsLeaseIsOver() {
        Market.Instance first = market.run("first");
        Await.until("the first leads", () -> leads("first"));
        market.run("second");
        left.run(loseEveryOtherAnswer());
        right.run();
        List<UUID> deals = deals(20);
        Future<?> happening = changeOneAfterTheOther(deals, 10);
        Await.until("the first has begun to tell", () -> !right.effects().isEmpty());

        first.die();
        boolean stillHeld = leads("first");
        await(happening);

        Await.until("the second has told everything", Duration.ofSeconds(20), this::allIsDelivered);
        assertThat(stillHeld)
                .as("the lease of the one that is gone holds for a while")
                .isTrue();
        assertThat(leads("second")).isTrue();
        assertAppliedOnceInOrder(left, deals, 10);
        assertAppliedOnceInOrder(right, deals, 10);
    }

    /** Of two batches one, which was applied all the same. */
    private Reader.Gate loseEveryOtherAnswer() {
        AtomicInteger batches = new AtomicInteger();
        return (batch, inbox, call) -> inbox.apply(batch, call)
                .compose(applied -> batches.getAndIncrement() % 2 == 0 ? away() : Future.succeededFuture(applied));
    }

    private Future<Applied> beAwayNowAndThen(
            Batch batch, BiFunction<Batch, dev.souk.kit.bus.CallContext, Future<Applied>> inbox, CallContext call) {
        return random.nextInt(4) == 0 ? away() : inbox.apply(batch, call);
    }

    private void lookUntil(AtomicBoolean happened, Market.Instance teller) {
        if (!happened.get()) {
            teller.wake();
            shop.context().vertx().timer(1).onSuccess(waited -> lookUntil(happened, teller));
        }
    }

    private static Future<Applied> away() {
        return Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "away"));
    }

    private boolean leads(String owner) {
        return market.leader("left").equals(List.of(owner))
                && market.leader("right").equals(List.of(owner));
    }

    private boolean allIsDelivered() {
        return market.undelivered("left") == 0 && market.undelivered("right") == 0;
    }

    private double parkedCounted(String receiver) {
        return shop.context()
                .meters()
                .counter("souk.events.parked", "source", Market.SOURCE, "receiver", receiver)
                .count();
    }

    private static List<UUID> deals(int number) {
        return Stream.generate(UUID::randomUUID).limit(number).toList();
    }

    private void everyDealChanges(List<UUID> deals, int times) {
        for (int seq = 1; seq <= times; seq++) {
            await(changeAll(deals, seq));
        }
    }

    private Future<?> changeAll(List<UUID> deals, int seq) {
        List<UUID> shuffled = new ArrayList<>(deals);
        Collections.shuffle(shuffled, random);
        return Future.join(
                shuffled.stream().map(deal -> market.happen(deal, seq)).toList());
    }

    private Future<?> changeOneAfterTheOther(List<UUID> deals, int times) {
        Future<?> happened = Future.succeededFuture();
        for (int seq = 1; seq <= times; seq++) {
            int next = seq;
            happened = happened.compose(before -> changeAll(deals, next));
        }
        return happened;
    }

    private static void assertAppliedOnceInOrder(Reader reader, List<UUID> deals, int times) {
        Map<UUID, List<Integer>> applied = reader.effects().stream()
                .collect(Collectors.groupingBy(
                        Effect::aggregateId, Collectors.mapping(Effect::seq, Collectors.toList())));
        List<Integer> each = IntStream.rangeClosed(1, times).boxed().toList();
        assertThat(deals).allSatisfy(deal -> assertThat(applied.get(deal)).isEqualTo(each));
    }
}
