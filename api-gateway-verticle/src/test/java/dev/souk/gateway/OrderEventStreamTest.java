package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import dev.souk.contracts.OrderEvent;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OrderEventStreamTest {
    @Test
    void whatEndsAnOrderIsAmongItsEvents() {
        JsonSubTypes types = OrderEvent.class.getAnnotation(JsonSubTypes.class);

        assertThat(Arrays.stream(types.value()).map(JsonSubTypes.Type::name)).containsAll(OrderEventStream.FINAL);
    }
}
