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

    /** What a person types. React hears of a value only through an event. */
    private static final String WRITE = """
            ((field, text) => {
              Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, text);
              field.dispatchEvent(new Event('input', {bubbles: true}));
              field.dispatchEvent(new Event('change', {bubbles: true}));
            })(document.querySelector(%s), %s)
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

            JsonNode before = tryOut(browser, "Users", "getMe", "");
            JsonNode registered = tryOut(
                    browser,
                    "Users",
                    "registerUser",
                    "{\"name\":\"Ada\",\"email\":\"" + email + "\",\"password\":\"" + password + "\"}");
            JsonNode loggedIn = tryOut(
                    browser, "Users", "createToken", "{\"email\":\"" + email + "\",\"password\":\"" + password + "\"}");
            see(browser, ".btn.authorize.locked");
            JsonNode orders = tryOut(browser, "Orders", "listOrders", "");

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

            click(browser, ".btn.authorize");
            write(browser, ".auth-container input", token);
            click(browser, ".auth-container button.authorize");
            click(browser, ".auth-container .btn-done");
            see(browser, ".btn.authorize.locked");
            JsonNode me = tryOut(browser, "Users", "getMe", "");

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
        return browser;
    }

    private static JsonNode tryOut(Browser browser, String tag, String operation, String body) {
        String block = "#operations-" + tag + "-" + operation;
        String response = block + " .live-responses-table";
        click(browser, block + " .opblock-summary-control");
        if (!body.isEmpty()) {
            write(browser, block + " textarea.body-param__text", body);
        }
        click(browser, block + " button.execute");
        see(browser, response + " .response td.response-col_status");
        return browser.evaluate("({status: parseInt(document.querySelector("
                + quoted(response + " .response td.response-col_status") + ").innerText),"
                + " text: document.querySelector(" + quoted(response) + ").innerText})");
    }

    private static void see(Browser browser, String selector) {
        ShopProcess.await(
                "the page to show " + selector,
                () -> browser.evaluate("document.querySelector(" + quoted(selector) + ") !== null")
                        .asBoolean());
    }

    private static void click(Browser browser, String selector) {
        see(browser, selector);
        browser.evaluate("document.querySelector(" + quoted(selector) + ").click()");
    }

    private static void write(Browser browser, String selector, String text) {
        see(browser, selector);
        browser.evaluate(WRITE.formatted(quoted(selector), quoted(text)));
    }

    private static String quoted(String text) {
        return WireFormat.encode(text).toString();
    }
}
