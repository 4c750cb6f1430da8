package dev.souk.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import dev.souk.gateway.problem.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationInputTest {
    private static final Contract CONTRACT = Contract.load();
    private static final String ID = "019a2b3c-5a00-7b11-9c22-3d33e44f5501";

    @Test
    void takesWhatTheContractAllows() {
        JsonNode order = input("placeOrder").checkBody(Buffer.buffer(order("\"quantity\": 1000")));

        assertThat(order.at("/items/0/quantity").intValue()).isEqualTo(1000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Ünïcödé", "日本語", "𝒜 👩‍👩‍👧‍👦 𐍈", "\uE000 private", "\u202Ertl", "'; DROP TABLE users; --"})
    void takesTextOfEveryPlane(String name) {
        String body =
                "{\"sku\":\"A\",\"name\":\"" + name + "\",\"price\":{\"amount\":1,\"currency\":\"USD\"},\"stock\":1}";

        JsonNode product = input("createProduct").checkBody(Buffer.buffer(body));

        assertThat(product.path("name").textValue()).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("brokenOrders")
    void namesWhatIsWrongWithABody(String body, String pointer, String detail) {
        List<Violation> violations = violations(() -> input("placeOrder").checkBody(Buffer.buffer(body)));

        assertThat(violations).contains(new Violation(pointer, detail));
    }

    static Stream<Arguments> brokenOrders() {
        return Stream.of(
                argumentSet("too many", order("\"quantity\": 1000000000"), "/items/0/quantity", "must be 1000 at most"),
                argumentSet("none", order("\"quantity\": 0"), "/items/0/quantity", "must be 1 at least"),
                argumentSet("a fraction", order("\"quantity\": 1.5"), "/items/0/quantity", "must be a whole number"),
                argumentSet("text", order("\"quantity\": \"1\""), "/items/0/quantity", "must be a whole number"),
                argumentSet("null", order("\"quantity\": null"), "/items/0/quantity", "must be a whole number"),
                argumentSet(
                        "beyond every number",
                        order("\"quantity\": 99999999999999999999999999999999"),
                        "/items/0/quantity",
                        "must be 1000 at most"),
                argumentSet("missing", order("\"x\": 1"), "/items/0/quantity", "is missing"),
                argumentSet("unknown field", order("\"quantity\": 1, \"price\": 0"), "/items/0/price", unknown()),
                argumentSet("unknown field", order("\"quantity\": 1, \"a~/b\": 0"), "/items/0/a~0~1b", unknown()),
                argumentSet(
                        "no UUID", order("\"quantity\": 1").replace(ID, "1"), "/items/0/productId", "must be a UUID"),
                argumentSet(
                        "no items",
                        "{\"items\":[],\"paymentMethod\":\"pm_x\"}",
                        "/items",
                        "must have 1 items at least"),
                argumentSet("not an object", "[]", "", "must be an object"),
                argumentSet("null", "null", "", "must be an object"));
    }

    @Test
    void aLineBreakAtTheEndIsNotOverlooked() {
        String body = "{\"sku\":\"A\\n\",\"name\":\"n\",\"price\":{\"amount\":1,\"currency\":\"USD\\n\"},\"stock\":1}";

        assertThat(violations(() -> input("createProduct").checkBody(Buffer.buffer(body))))
                .extracting(Violation::pointer)
                .containsExactly("/price/currency", "/sku");
    }

    @ParameterizedTest
    @MethodSource("notJson")
    void refusesWhatIsNotOneCleanDocument(Buffer body, String detail) {
        List<Violation> violations = violations(() -> input("placeOrder").checkBody(body));

        assertThat(violations)
                .singleElement()
                .extracting(Violation::detail)
                .asString()
                .contains(detail);
    }

    static Stream<Arguments> notJson() {
        return Stream.of(
                argumentSet("nothing", Buffer.buffer(), "is missing"),
                argumentSet("blanks", Buffer.buffer(" \n"), "is missing"),
                argumentSet("cut", Buffer.buffer("{\"items\": ["), "is not valid JSON at line 1"),
                argumentSet("trailing", Buffer.buffer("{} {}"), "is not valid JSON"),
                argumentSet("doubled field", Buffer.buffer("{\"a\":1,\"a\":2}"), "every field may be there once"),
                argumentSet("comment", Buffer.buffer("{} // x"), "is not valid JSON"),
                argumentSet("single quotes", Buffer.buffer("{'a':1}"), "is not valid JSON"),
                argumentSet("NaN", Buffer.buffer("{\"a\":NaN}"), "is not valid JSON"),
                argumentSet("infinite", Buffer.buffer("{\"a\":1e400}"), "is too large a number"),
                argumentSet("endless number", Buffer.buffer("{\"a\":" + "9".repeat(41) + "}"), "far too long"),
                argumentSet("too deep", Buffer.buffer("[".repeat(21) + "]".repeat(21)), "more than 20 levels"),
                argumentSet("bottomless", Buffer.buffer("[".repeat(60_000)), "more than 20 levels"),
                argumentSet("byte order mark", Buffer.buffer("\uFEFF{}"), "is not valid JSON"),
                argumentSet("UTF-16", Buffer.buffer("{}".getBytes(StandardCharsets.UTF_16)), "is not UTF-8"),
                argumentSet("Latin-1", Buffer.buffer(new byte[] {'"', (byte) 0xE9, '"'}), "is not UTF-8"),
                argumentSet("overlong", Buffer.buffer(new byte[] {'"', (byte) 0xC1, (byte) 0xA1, '"'}), "is not UTF-8"),
                argumentSet(
                        "raw surrogate",
                        Buffer.buffer(new byte[] {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'}),
                        "is not UTF-8"),
                argumentSet("NUL", Buffer.buffer("{\"a\":\"\\u0000\"}"), StorableText.REFUSAL),
                argumentSet("NUL deep in a list", Buffer.buffer("{\"a\":[[\"\\u0000\"]]}"), StorableText.REFUSAL),
                argumentSet("NUL in a name", Buffer.buffer("{\"\\u0000\":1}"), StorableText.REFUSAL),
                argumentSet("high surrogate", Buffer.buffer("{\"a\":\"\\ud800\"}"), StorableText.REFUSAL),
                argumentSet("low surrogate", Buffer.buffer("{\"a\":\"\\udc00x\"}"), StorableText.REFUSAL),
                argumentSet("two high ones", Buffer.buffer("{\"a\":\"\\ud800\\ud800\"}"), StorableText.REFUSAL),
                argumentSet("surrogate in a name", Buffer.buffer("{\"\\ud800\":1}"), StorableText.REFUSAL));
    }

    @Test
    void twentyLevelsAreTaken() {
        Assertions.assertThatCode(() -> JsonBody.parse(Buffer.buffer("[".repeat(20) + "]".repeat(20))))
                .doesNotThrowAnyException();
    }

    @Test
    void namesAFewOfManyViolations() {
        StringBuilder body = new StringBuilder("{\"x0\":0");
        for (int i = 1; i < 1000; i++) {
            body.append(",\"x").append(i).append("\":0");
        }

        List<Violation> violations = violations(() -> input("createToken").checkBody(Buffer.buffer(body + "}")));

        assertThat(violations).hasSize(20);
    }

    @Test
    void convertsParametersAndFillsInDefaults() {
        Map<String, JsonNode> values = parameters("listProducts", "q=a%20b&limit=7&unknown=1");

        assertThat(values.get("q").textValue()).isEqualTo("a b");
        assertThat(values.get("limit").intValue()).isEqualTo(7);
        assertThat(values.get("sort").textValue()).isEqualTo("name");
        assertThat(values).doesNotContainKey("unknown");
    }

    @ParameterizedTest
    @MethodSource("brokenQueries")
    void namesWhatIsWrongWithAQuery(String query, String parameter) {
        List<Violation> violations = violations(() -> parameters("listProducts", query));

        assertThat(violations).extracting(Violation::pointer).containsExactly(parameter);
    }

    static Stream<Arguments> brokenQueries() {
        return Stream.of(
                argumentSet("limit 0", "limit=0", "limit"),
                argumentSet("limit 101", "limit=101", "limit"),
                argumentSet("limit in words", "limit=ten", "limit"),
                argumentSet("limit empty", "limit=", "limit"),
                argumentSet("limit without end", "limit=" + "9".repeat(50), "limit"),
                argumentSet("limit of other digits", "limit=%D9%A1", "limit"),
                argumentSet("limit twice", "limit=1&limit=1", "limit"),
                argumentSet("unknown sort", "sort=-name", "sort"),
                argumentSet("cursor with a quote", "cursor=a'b", "cursor"),
                argumentSet("cursor with a line break", "cursor=a%0A", "cursor"),
                argumentSet("NUL", "q=%00", "query"),
                argumentSet("NUL in what is unknown", "x=%00", "query"),
                argumentSet("half an octet", "q=%4", "query"),
                argumentSet("no octet", "q=%zz", "query"),
                argumentSet("surrogate", "q=%ED%A0%80", "query"),
                argumentSet("not UTF-8", "q=%FF", "query"));
    }

    @Test
    void asksForTheIdempotencyKeyOnce() {
        OperationInput place = input("placeOrder");
        MultiMap doubled =
                MultiMap.caseInsensitiveMultiMap().add("Idempotency-Key", "a").add("Idempotency-Key", "b");

        assertThat(violations(() -> place.checkParameters(Map.of(), null, MultiMap.caseInsensitiveMultiMap())))
                .containsExactly(new Violation("Idempotency-Key", "is missing"));
        assertThat(violations(() -> place.checkParameters(Map.of(), null, doubled)))
                .containsExactly(new Violation("Idempotency-Key", "must be there only once"));
    }

    @Test
    void aMissingIfMatchIsAProblemOfItsOwn() {
        Assertions.assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> input("changeProduct")
                        .checkParameters(Map.of("productId", ID), null, MultiMap.caseInsensitiveMultiMap()))
                .satisfies(refusal -> assertThat(refusal.problem().slug()).isEqualTo("precondition-required"));
    }

    private static String unknown() {
        return "is not a field that is known here";
    }

    private static String order(String quantity) {
        return "{\"items\":[{\"productId\":\"" + ID + "\"," + quantity + "}],\"paymentMethod\":\"pm_card_visa\"}";
    }

    private static Map<String, JsonNode> parameters(String operation, String query) {
        return input(operation).checkParameters(Map.of(), query, MultiMap.caseInsensitiveMultiMap());
    }

    private static OperationInput input(String operation) {
        return CONTRACT.operations().stream()
                .filter(candidate -> candidate.id().equals(operation))
                .findFirst()
                .orElseThrow()
                .input();
    }

    private static List<Violation> violations(Runnable check) {
        try {
            check.run();
        } catch (Fault fault) {
            assertThat(fault.code()).isEqualTo(Fault.Code.INVALID_REQUEST);
            return fault.violations();
        }
        throw new AssertionError("was not refused");
    }
}
