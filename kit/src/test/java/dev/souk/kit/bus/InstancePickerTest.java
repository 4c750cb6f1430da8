package dev.souk.kit.bus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.discovery.Discovery;
import dev.souk.kit.discovery.Instance;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InstancePickerTest {
    private static final Instance HERE = instance("a", "here");
    private static final Instance ALSO_HERE = instance("b", "here");
    private static final Instance THERE = instance("c", "there");
    private static final Instance ELSEWHERE = instance("d", "elsewhere");

    @Test
    void anAbsentServiceHasNobody() {
        assertThat(picker().pick("test")).isEmpty();
        assertThat(picker(HERE).pick("other")).isEmpty();
    }

    @Test
    void theInstancesOfThisNodeComeFirst() {
        InstancePicker picker = picker(THERE, HERE, ELSEWHERE, ALSO_HERE);

        assertThat(picks(picker, 4)).containsExactlyInAnyOrder(HERE, ALSO_HERE, HERE, ALSO_HERE);
    }

    @Test
    void othersTakeTurns() {
        InstancePicker picker = picker(THERE, ELSEWHERE);

        assertThat(picks(picker, 4)).containsExactlyInAnyOrder(THERE, ELSEWHERE, THERE, ELSEWHERE);
    }

    @Test
    void oneThatDidNotAnswerIsLeftAside() {
        InstancePicker picker = picker(HERE, THERE);

        picker.setAside(HERE);

        assertThat(picks(picker, 3)).containsOnly(THERE);
    }

    @Test
    void oneThatIsAsideIsBetterThanNone() {
        InstancePicker picker = picker(HERE, THERE);

        picker.setAside(HERE);
        picker.setAside(THERE);

        assertThat(picker.pick("test")).isPresent();
    }

    @Test
    void anotherIsNeverTheSame() {
        assertThat(picker(HERE).pickOther("test", HERE)).isEmpty();
        assertThat(picker(HERE, THERE).pickOther("test", HERE)).contains(THERE);
    }

    @Test
    void anotherIsNotOneThatIsAsideItself() {
        InstancePicker picker = picker(HERE, THERE);

        picker.setAside(THERE);

        assertThat(picker.pickOther("test", HERE)).isEmpty();
    }

    private static List<Instance> picks(InstancePicker picker, int times) {
        return Stream.generate(() -> picker.pick("test"))
                .limit(times)
                .flatMap(Optional::stream)
                .toList();
    }

    private static InstancePicker picker(Instance... instances) {
        return new InstancePicker(new FixedView(List.of(instances)), "here");
    }

    private static Instance instance(String id, String node) {
        return new Instance(id, "test", node, "1", Instant.EPOCH);
    }

    private record FixedView(List<Instance> all) implements Discovery {
        @Override
        public Future<Void> publish(Instance instance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> withdraw(Instance instance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Instance> instances(String service) {
            return all.stream()
                    .filter(instance -> instance.service().equals(service))
                    .toList();
        }

        @Override
        public void answered(Instance instance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void memberLeft(String member) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> close() {
            throw new UnsupportedOperationException();
        }
    }
}
