package dev.souk.kit.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Money;
import dev.souk.contracts.OrderEvent;
import dev.souk.kit.bus.WireFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventFormatTest {
    @Test
    void anEventThatNeverLeftTheJvmEqualsTheOneReadBack() {
        // given
        var confirmed = new OrderEvent.Confirmed(UUID.randomUUID(), new Money(240_000, "USD"));

        // when
        Map<String, Object> data = EventFormat.data(confirmed);

        // then
        assertThat(EventFormat.fields(WireFormat.encode(data).toString())).isEqualTo(data);
    }
}
