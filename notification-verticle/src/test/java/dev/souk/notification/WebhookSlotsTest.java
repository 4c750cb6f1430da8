package dev.souk.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class WebhookSlotsTest {
    private final UUID webhook = UUID.randomUUID();
    private final WebhookSlots slots = new WebhookSlots();

    @Test
    void countsWhatIsUnderWay() {
        slots.taken(webhook);
        slots.taken(webhook);
        slots.taken(UUID.randomUUID());

        assertThat(slots.left()).hasSize(2).containsEntry(webhook, WebhookSlots.USUAL - 2);
    }

    @Test
    void leavesOneToAWebhookInTroubleUntilItAnswersWell() {
        for (int failure = 0; failure < 3; failure++) {
            slots.taken(webhook);
            slots.ended(webhook, false);
        }

        assertThat(slots.left()).containsEntry(webhook, 1);
        slots.taken(webhook);
        assertThat(slots.left()).containsEntry(webhook, 0);
        slots.ended(webhook, true);
        assertThat(slots.left()).isEmpty();
    }
}
