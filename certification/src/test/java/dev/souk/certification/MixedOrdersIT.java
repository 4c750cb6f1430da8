package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopProcess;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A crowd of orders of every kind, and then the verdict of the shop's own command. */
class MixedOrdersIT {
    private static final long SEED = 42;

    @Test
    void aThousandOrdersLeaveNoDifference() throws InterruptedException {
        placeAndVerify("mixed-1000", 1_000);
    }

    @Test
    @Tag("long")
    void tenThousandOrdersLeaveNoDifference() throws InterruptedException {
        placeAndVerify("mixed-10000", 10_000);
    }

    private static void placeAndVerify(String name, int count) throws InterruptedException {
        // given
        Map<String, String> settings = ShopProcess.settings(name);
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            MixedOrders orders = new MixedOrders(settings);

            // when
            orders.place(count, SEED);

            // then
            System.out.println(orders);
            orders.assertTold(count);
            ShopProcess verify = ShopProcess.souk(settings, "verify");
            int status = verify.exitStatus();
            System.out.println(verify.text());
            assertThat(status).as(verify.text()).isZero();
            orders.askAgain(500);
            assertThat(shop.isAlive()).isTrue();
        }
    }
}
