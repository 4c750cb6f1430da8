package dev.souk.kit.event;

import static dev.souk.kit.testing.ServiceFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Event;
import dev.souk.contracts.Event.Applied;
import dev.souk.contracts.Fault;
import dev.souk.kit.event.Reader.Effect;
import dev.souk.kit.testing.Await;
import dev.souk.kit.testing.ServiceFixture;
import dev.souk.kit.testing.TestPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that a relay is told of, and need not look for. */
@ExtendWith(VertxExtension.class)
class OfferedEventsIT {
    private static final Duration NEVER = Duration.ofHours(1);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final Random random = new Random(11);
    private ServiceFixture shop;
    private Market market;
    private Market.Instance teller;
    private Reader reader;

    @BeforeEach
    void open(Vertx vertx) {
        shop = ServiceFixture.deploy(vertx, Map.of());
        market = new Market(shop.context(), POSTGRES.provision().url(), "reader");
        reader = new Reader(shop.context(), "reader", POSTGRES.provision().url());
        teller = market.run("one", NEVER, 8);
        Await.until("the relay leads", () -> market.leader("reader").equals(List.of("one")));
    }

    /** What is offered is not on the table here: only he who does not look at it delivers. */
    @Test
    void leaveWithoutALook() {
        reader.run();
        UUID deal = UUID.randomUUID();

        teller.committed(offered(deal, 1));
        Await.until("the first has arrived", () -> reader.effects().equals(List.of(new Effect(deal, 1))));
        teller.committed(offered(deal, 2), offered(deal, 3));

        Await.until("all have arrived", () -> reader.effects().size() == 3);
        assertThat(reader.effects()).containsExactly(new Effect(deal, 1), new Effect(deal, 2), new Effect(deal, 3));
    }

    /** The offers of several instances overtake each other, are lost and doubled. */
    @Test
    void arriveOnceAndInOrderHoweverTheyAreOffered() {
        reader.run();
        List<UUID> deals = Stream.generate(UUID::randomUUID).limit(30).toList();
        List<Event> offers = new ArrayList<>();
        for (int seq = 1; seq <= 8; seq++) {
            for (UUID deal : deals) {
                Event event = await(market.happen(deal, seq));
                IntStream.range(0, random.nextInt(3)).forEach(times -> offers.add(event));
            }
            Collections.shuffle(offers, random);
            while (offers.size() > 20) {
                teller.committed(offers.removeLast());
            }
        }
        offers.forEach(teller::committed);
        teller.wake();

        Await.until("all are struck off", Duration.ofSeconds(20), () -> market.undelivered("reader") == 0);
        assertAppliedOnceInOrder(deals, 8);
    }

    @Test
    void areFoundOnTheTableWhenTheReceiverWasAway() {
        AtomicInteger asked = new AtomicInteger();
        reader.run((batch, inbox, call) -> asked.incrementAndGet() % 3 == 0
                ? Future.failedFuture(Fault.of(Fault.Code.UNAVAILABLE, "away"))
                : inbox.apply(batch, call));
        List<UUID> deals = Stream.generate(UUID::randomUUID).limit(40).toList();

        for (int seq = 1; seq <= 6; seq++) {
            for (UUID deal : deals) {
                teller.committed(await(market.happen(deal, seq)));
            }
        }

        Await.until("all are struck off", Duration.ofSeconds(20), () -> market.undelivered("reader") == 0);
        assertThat(asked).hasValueGreaterThan(3);
        assertAppliedOnceInOrder(deals, 6);
    }

    /** What stands behind it must not overtake it. */
    @Test
    void oneThatIsRefusedHoldsUpThoseAfterItAndNobodyElse() {
        UUID sick = UUID.randomUUID();
        UUID healthy = UUID.randomUUID();
        Event first = await(market.happen(sick, 1));
        AtomicInteger refusals = new AtomicInteger();
        reader.run((batch, inbox, call) -> batch.events().contains(first) && refusals.getAndIncrement() < 2
                ? Future.succeededFuture(new Applied(List.of(new Event.Refused(first.id(), "not yet"))))
                : inbox.apply(batch, call));

        teller.committed(first);
        teller.committed(await(market.happen(sick, 2)));
        teller.committed(await(market.happen(healthy, 1)));
        Await.until("the other has arrived", () -> reader.effects().contains(new Effect(healthy, 1)));
        Await.until("the refused one is found again", () -> {
            teller.wake();
            return market.undelivered("reader") == 0;
        });

        assertThat(reader.effects().stream()
                        .filter(effect -> effect.aggregateId().equals(sick))
                        .map(Effect::seq))
                .containsExactly(1, 2);
    }

    private static Event offered(UUID deal, int seq) {
        return Market.event(deal, seq);
    }

    private void assertAppliedOnceInOrder(List<UUID> deals, int times) {
        Map<UUID, List<Integer>> applied = reader.effects().stream()
                .collect(Collectors.groupingBy(
                        Effect::aggregateId, Collectors.mapping(Effect::seq, Collectors.toList())));
        List<Integer> each = IntStream.rangeClosed(1, times).boxed().toList();
        assertThat(deals).allSatisfy(deal -> assertThat(applied.get(deal)).isEqualTo(each));
    }
}
