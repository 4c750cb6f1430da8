package dev.souk.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.gateway.contract.Contract;
import dev.souk.kit.bus.WireFormat;
import dev.souk.launcher.testing.Browser;
import dev.souk.launcher.testing.ShopClient;
import dev.souk.launcher.testing.ShopProcess;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page at {@code /docs} in a real browser, under its own content security policy. */
class DocsPageIT {
    private static final Map<String, String> SETTINGS = ShopProcess.settings("docs-page");

    /** What a person does on the page. React hears of a value only through an event. */
    private static final String HANDS = """
            window.seen = async (selector, within = document) => {
              for (;;) {
                const found = within.querySelector(selector);
                if (found) return found;
                await new Promise((again) => setTimeout(again, 20));
              }
            };
            window.write = (field, text) => {
              Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, text);
              field.dispatchEvent(new Event('input', {bubbles: true}));
              field.dispatchEvent(new Event('change', {bubbles: true}));
            };
            window.tryOut = async (tag, id, body) => {
              const block = await seen(`#operations-${tag}-${id}`);
              block.querySelector('.opblock-summary-control').click();
              if (body) write(await seen('textarea.body-param__text', block), body);
              (await seen('button.execute', block)).click();
              const status = await seen('.live-responses-table .response td.response-col_status', block);
              return {status: parseInt(status.innerText), text: block.querySelector('.live-responses-table').innerText};
            };
            """;

    private static ShopProcess shop;
    private static ShopClient client;

    @BeforeAll
    static void start() {
        assumeTrue(Browser.isInstalled(), "skipped: there is no chromium on this machine to open /docs with");
        shop = ShopProcess.souk(SETTINGS, "up").awaitReady();
        client = new ShopClient(ShopProcess.url(SETTINGS));
    }

    @AfterAll
    static void stop() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void whoLogsInOnThePageIsLoggedIn() {
        try (Browser browser = open()) {
            String email = UUID.randomUUID() + "@example.com";
            String password = "typed into a page";

            JsonNode before = browser.evaluate("tryOut('Users', 'getMe')");
            JsonNode registered = tryOut(
                    browser,
                    "registerUser",
                    "{\"name\":\"Ada\",\"email\":\"" + email + "\",\"password\":\"" + password + "\"}");
            JsonNode loggedIn =
                    tryOut(browser, "createToken", "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}");
            browser.evaluate("seen('.btn.authorize.locked').then(() => true)");
            JsonNode orders = browser.evaluate("tryOut('Orders', 'listOrders')");

            assertThat(before.path("status").asInt()).as(before.toString()).isEqualTo(401);
            assertThat(registered.path("status").asInt())
                    .as(registered.toString())
                    .isEqualTo(201);
            assertThat(loggedIn.path("status").asInt()).as(loggedIn.toString()).isEqualTo(200);
            assertThat(orders.path("status").asInt()).as(orders.toString()).isEqualTo(200);
            assertThat(browser.complaints())
                    .as("beside the 401 that was asked for")
                    .hasSize(1);
        }
    }

    @Test
    void theButtonTakesAToken() {
        try (Browser browser = open()) {
            String token = client.customer();

            browser.evaluate("""
                    (async () => {
                      (await seen('.btn.authorize')).click();
                      write(await seen('.auth-container input'), '%s');
                      (await seen('.auth-container button.authorize')).click();
                      (await seen('.auth-container .btn-done')).click();
                      await seen('.btn.authorize.locked');
                    })()
                    """.formatted(token));
            JsonNode me = browser.evaluate("tryOut('Users', 'getMe')");

            assertThat(me.path("status").asInt()).as(me.toString()).isEqualTo(200);
            assertThat(me.path("text").asText()).contains("Customer");
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void showsEveryOperation() {
        try (Browser browser = open()) {
            assertThat(browser.evaluate("document.querySelectorAll('.opblock').length")
                            .asInt())
                    .isEqualTo(Contract.load().operations().size());
            assertThat(browser.complaints()).isEmpty();
        }
    }

    private static Browser open() {
        Browser browser = Browser.start();
        browser.open(ShopProcess.url(SETTINGS).resolve("/docs"));
        ShopProcess.await(
                "the page",
                () -> browser.evaluate("document.querySelector('.opblock') !== null")
                        .asBoolean());
        browser.evaluate(HANDS);
        return browser;
    }

    private static JsonNode tryOut(Browser browser, String operation, String body) {
        return browser.evaluate("tryOut('Users', '" + operation + "', " + WireFormat.encode(body) + ")");
    }
}
