package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopProcess;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Events that their receiver cannot apply, and the operator who lets them leave again. */
class ParkedEventsIT {
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(30);

    @Test
    @Tag("long")
    void areListedHoldNobodyUpAndLeaveAgain() throws Exception {
        Map<String, String> settings = ShopProcess.settings("parked");
        settings.put("SOUK_EVENTS_ATTEMPTS", "2");
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            ShopClient client = new ShopClient(ShopProcess.url(settings));
            String product = client.product(client.admin(), 100);
            String customer = client.customer();
            assertThat(events(settings).exitStatus()).isZero();

            // given a receiver that has lost a table
            Databases.change(settings, "notification", "ALTER TABLE notification RENAME TO lost");
            place(client, customer, product);
            ShopProcess.await("the event to be parked", () -> parked(settings) == 1);
            ShopProcess list = events(settings);
            int whileParked = list.exitStatus();
            int verdict = ShopProcess.souk(settings, "verify", "--wait", "1").exitStatus();

            // when it is mended
            Databases.change(settings, "notification", "ALTER TABLE lost RENAME TO notification");
            place(client, customer, product);
            long stillParked = parked(settings);
            ShopProcess replay = events(settings, "--replay");
            int replayed = replay.exitStatus();

            // then
            assertThat(whileParked).as(list.text()).isEqualTo(1);
            assertThat(list.text()).contains("order -> notification").contains("1 events");
            assertThat(verdict).as("a parked event is no good end").isEqualTo(1);
            assertThat(stillParked).as("it waits for the operator").isEqualTo(1);
            assertThat(replayed).as(replay.text()).isZero();
            Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
            assertThat(events(settings).exitStatus()).isZero();
            assertThat(shop.isAlive()).isTrue();
        }
    }

    private static void place(ShopClient client, String customer, String product) {
        client.order(customer, UUID.randomUUID().toString(), product, 1).join().require(201);
    }

    private static ShopProcess events(Map<String, String> settings, String... options) {
        String[] command = new String[options.length + 1];
        command[0] = "events";
        System.arraycopy(options, 0, command, 1, options.length);
        return ShopProcess.souk(settings, command);
    }

    private static long parked(Map<String, String> settings) {
        return ShopProcess.number(settings, "order", "SELECT count(*) FROM event_delivery WHERE parked_at IS NOT NULL");
    }
}
