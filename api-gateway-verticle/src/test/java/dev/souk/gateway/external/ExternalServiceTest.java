package dev.souk.gateway.external;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Registry.Entry;
import dev.souk.contracts.Registry.Policy;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Whose turn it is, with Vert.x's own balancers. */
class ExternalServiceTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final ExternalConfig CONFIG = new ExternalConfig(
            Duration.ofSeconds(1), 1_000, 3, Duration.ofSeconds(1), 1, Duration.ofMinutes(10), false);

    private final ExternalService service = new ExternalService();

    @AfterAll
    static void close() {
        VERTX.close();
    }

    @Test
    void goesRound() {
        service.use(List.of(well("a", Policy.ROUND_ROBIN, 1), well("b", Policy.ROUND_ROBIN, 1)));

        assertThat(picked(4)).containsExactly("a", "b", "a", "b");
    }

    @Test
    void goesByWeight() {
        service.use(List.of(well("a", Policy.WEIGHTED, 3), well("b", Policy.WEIGHTED, 1)));

        assertThat(picked(8)).containsExactly("a", "a", "b", "a", "a", "a", "b", "a");
    }

    @Test
    void asksTheLeastBusy() {
        ExternalInstance busy = well("a", Policy.LEAST_REQUESTS, 1);
        service.use(List.of(busy, well("b", Policy.LEAST_REQUESTS, 1)));
        busy.newInteraction();

        assertThat(picked(3)).containsOnly("b");
    }

    @Test
    void asksTheLessBusyOfTwo() {
        ExternalInstance busy = well("a", Policy.POWER_OF_TWO, 1);
        service.use(List.of(busy, well("b", Policy.POWER_OF_TWO, 1)));
        busy.newInteraction();

        assertThat(picked(20)).containsOnly("b");
    }

    @Test
    void leavesOutWhoIsNotWellOrHasEnoughToDo() {
        ExternalInstance down = well("down", Policy.ROUND_ROBIN, 1);
        down.failed("late");
        down.failed("late");
        ExternalInstance full = well("full", Policy.ROUND_ROBIN, 1);
        for (int i = 0; i < CONFIG.connections(); i++) {
            full.newInteraction();
        }
        service.use(List.of(down, full, well("a", Policy.ROUND_ROBIN, 1)));

        assertThat(picked(4)).containsOnly("a");
    }

    @Test
    void tellsBusyFromUnwell() {
        ExternalInstance only = well("a", Policy.ROUND_ROBIN, 1);
        service.use(List.of(only));
        for (int i = 0; i < CONFIG.connections(); i++) {
            only.newInteraction();
        }

        assertThat(service.pick()).isEmpty();
        assertThat(service.isBusy()).isTrue();
        only.failed("late");
        only.failed("late");
        assertThat(service.isBusy()).isFalse();
    }

    @Test
    void asksTheLeastBusyOfTheOthersInstead() {
        ExternalInstance first = well("a", Policy.ROUND_ROBIN, 1);
        ExternalInstance busy = well("b", Policy.ROUND_ROBIN, 1);
        busy.newInteraction();
        service.use(List.of(first, busy, well("c", Policy.ROUND_ROBIN, 1)));

        assertThat(service.pickOther(Set.of(first)).orElseThrow().entry().url().getHost())
                .isEqualTo("c");
    }

    private List<String> picked(int times) {
        List<String> hosts = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            hosts.add(service.pick().orElseThrow().entry().url().getHost());
        }
        return hosts;
    }

    private static ExternalInstance well(String host, Policy policy, int weight) {
        ExternalInstance instance = new ExternalInstance(
                VERTX,
                CONFIG,
                new Entry(UUID.randomUUID(), "s", URI.create("http://" + host), null, weight, policy, Instant.EPOCH));
        instance.leadsTo(SocketAddress.inetSocketAddress(80, "127.0.0.1"));
        instance.passed();
        return instance;
    }
}
