package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopClient.Answer;
import dev.souk.launcher.testing.ShopProcess;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The payment sandbox as a process of its own, which dies by itself. */
@Tag("long")
class SandboxProcessIT {
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);

    @Test
    void aShopOutlivesItsProviderAndTheProviderForgetsNothing() {
        Map<String, String> settings = ShopProcess.settings("sandbox-process");
        settings.put("SOUK_SANDBOX_PORT", Integer.toString(ShopProcess.freePort()));
        ShopProcess sandbox = sandbox(settings);
        try (ShopProcess shop = ShopProcess.souk(settings, "up").awaitReady()) {
            ShopClient client = new ShopClient(ShopProcess.url(settings));
            String product = client.product(client.admin(), 100);
            String customer = client.customer();
            place(client, customer, product).require(201);

            sandbox.kill();
            Answer meanwhile = place(client, customer, product);
            sandbox = sandbox(settings);

            assertThat(meanwhile.status()).as(meanwhile.body()).isEqualTo(202);
            Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
            place(client, customer, product).require(201);
            Verdict.assertNothingWrong(settings, SETTLES_WITHIN);
            assertThat(ShopProcess.number(
                            settings, "payment", "SELECT count(*) FROM payment WHERE status = 'SUCCEEDED'"))
                    .isEqualTo(3);
            assertThat(shop.isAlive()).isTrue();
        } finally {
            sandbox.close();
        }
    }

    @Test
    void aFolderHasOneSandbox() {
        Map<String, String> settings = ShopProcess.settings("two-sandboxes");
        try (ShopProcess first = sandbox(settings)) {
            ShopProcess second = ShopProcess.souk(settings, "sandbox");

            assertThat(second.exitStatus()).isNotZero();
            assertThat(second.text()).contains("has a payment sandbox already");
            assertThat(first.isAlive()).isTrue();
        }
    }

    private static Answer place(ShopClient client, String customer, String product) {
        return client.order(customer, UUID.randomUUID().toString(), product, 1).join();
    }

    private static ShopProcess sandbox(Map<String, String> settings) {
        ShopProcess sandbox = ShopProcess.souk(settings, "sandbox");
        ShopProcess.await("the sandbox to run", () -> sandbox.hasSaid("Ctrl-C stops it") || !sandbox.isAlive());
        assertThat(sandbox.isAlive()).as(sandbox.text()).isTrue();
        return sandbox;
    }
}
