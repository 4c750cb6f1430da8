package dev.souk.kit.bus;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.souk.contracts.Caller;
import dev.souk.contracts.Event;
import dev.souk.contracts.Fault;
import dev.souk.contracts.Notifications;
import dev.souk.contracts.Operation;
import dev.souk.contracts.Orders;
import dev.souk.contracts.Payments;
import dev.souk.contracts.Ping;
import dev.souk.contracts.Products;
import dev.souk.contracts.Users;
import io.vertx.core.MultiMap;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How every message looks on the wire: a change is seen here before another version of the shop sees it. */
class GoldenFilesTest {
    private static final String HEADERS = "headers";
    private static final String FAULT = "fault";
    private static final String FAULT_CODES = "fault-codes";
    private static final String ENUMERATIONS = "enumerations";

    static List<WireMessage> messages() {
        return Contracts.messages();
    }

    @Test
    void everyContractIsLookedAt() {
        assertThat(Contracts.operations())
                .contains(Users.GET, Products.RESERVE, Orders.PLACE, Payments.CHARGE, Notifications.LIST)
                .contains(Ping.of(Contracts.ANY_SERVICE), Event.delivery(Contracts.ANY_SERVICE))
                .extracting(Operation::name)
                .doesNotHaveDuplicates();
        assertThat(messages())
                .extracting(WireMessage::name)
                .doesNotHaveDuplicates()
                .contains("product.reserve.reply.out-of-stock", "signal.order.changed")
                .contains("event.ORDER_PLACED", "event.USER_REGISTERED", "event.PRODUCT_CREATED");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void isWrittenAsItsGoldenFile(WireMessage message) {
        JsonNode written = Golden.written(message.sample());

        assertSame(message.name(), Golden.newest(message.name(), written), written);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void isReadFromItsGoldenFile(WireMessage message) {
        JsonNode golden = Golden.newest(message.name(), Golden.written(message.sample()));

        assertThat(read(golden, message)).isEqualTo(message.sample());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void isReadWithFieldsOfANewerVersionAtEveryLevel(WireMessage message) {
        JsonNode golden = Golden.newest(message.name(), Golden.written(message.sample()));

        JsonNode newer = Golden.withUnknownFields(golden, message.sample());

        assertThat(newer).isNotEqualTo(golden);
        assertThat(read(newer, message)).isEqualTo(message.sample());
    }

    /** An older version may still run beside this one, and what it wrote into a database stays. */
    @Test
    void everyFileOfEveryVersionIsStillRead() {
        Map<String, WireMessage> known =
                messages().stream().collect(Collectors.toMap(WireMessage::name, Function.identity()));

        for (Path version : Golden.versions()) {
            for (String name : Golden.names(version)) {
                if (!List.of(HEADERS, FAULT, FAULT_CODES, ENUMERATIONS).contains(name)) {
                    assertThat(known)
                            .as("messages, of which " + version.getFileName() + " knew " + name)
                            .containsKey(name);
                    JsonNode older = Golden.read(version, name);
                    assertThat(Golden.contradictions(older, Golden.written(read(older, known.get(name)))))
                            .as(version.getFileName() + "/" + name + ", read and written again")
                            .isEmpty();
                }
            }
        }
    }

    @Test
    void aFaultLooksLikeItsGoldenFile() throws JsonProcessingException {
        Fault fault = Fault.of(
                Fault.Code.PRODUCT_NOT_FOUND,
                "The order names products that cannot be ordered.",
                List.of(new Fault.Violation("/items/0/productId", "There is no such product.")));
        ObjectNode written = WireFormat.mapper()
                .createObjectNode()
                .put("failureCode", fault.code().number());
        written.set("message", WireFormat.mapper().readTree(FaultFormat.message(fault)));
        JsonNode golden = Golden.newest(FAULT, written);

        Fault read = readFault(golden.get("message"), golden);

        assertSame(FAULT, golden, written);
        assertThat(read.code()).isEqualTo(fault.code());
        assertThat(read.getMessage()).isEqualTo(fault.getMessage());
        assertThat(read.violations()).isEqualTo(fault.violations());
    }

    @Test
    void aFaultIsReadWithFieldsOfANewerVersion() {
        JsonNode golden = Golden.newest(FAULT, WireFormat.mapper().nullNode());
        ObjectNode newer = golden.get("message").deepCopy();
        newer.put("ofANewerVersion", 1);
        ((ObjectNode) newer.at("/violations/0")).put("ofANewerVersion", 1);

        Fault read = readFault(newer, golden);

        assertThat(read.violations())
                .containsExactly(new Fault.Violation("/items/0/productId", "There is no such product."));
    }

    @Test
    void theNumbersOfFaultsStay() {
        JsonNode written = WireFormat.mapper()
                .valueToTree(Arrays.stream(Fault.Code.values())
                        .collect(Collectors.toMap(Fault.Code::name, Fault.Code::number)));

        assertSame(FAULT_CODES, Golden.newest(FAULT_CODES, written), written);
    }

    @Test
    void theNamesOfEnumeratedValuesStay() {
        JsonNode written = WireFormat.mapper()
                .valueToTree(Contracts.enumerations().stream()
                        .collect(Collectors.toMap(
                                type -> type.getName()
                                        .substring(type.getPackageName().length() + 1),
                                Class::getEnumConstants)));

        assertSame(ENUMERATIONS, Golden.newest(ENUMERATIONS, written), written);
    }

    @Test
    void theHeadersLookLikeTheirGoldenFile() {
        Caller caller = new Caller(UUID.fromString("01990000-0000-7000-8000-000000000001"), Caller.Role.ADMIN);
        CallContext context = new CallContext("request-1", Optional.of(caller), Deadline.in(Duration.ofSeconds(2)));
        MultiMap headers = ContextHeaders.write("order.place", context);
        long remaining = Long.parseLong(headers.get("remaining-ms"));
        headers.set("remaining-ms", "1999");
        JsonNode written = WireFormat.mapper()
                .valueToTree(
                        headers.entries().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        JsonNode golden = Golden.newest(HEADERS, written);

        CallContext read = ContextHeaders.read(headersOf(golden));

        assertSame(HEADERS, golden, written);
        assertThat(remaining).isBetween(0L, 2_000L);
        assertThat(read.requestId()).isEqualTo("request-1");
        assertThat(read.caller()).contains(caller);
        assertThat(read.deadline().remaining()).isBetween(Duration.ZERO, Duration.ofMillis(1_999));
    }

    private static void assertSame(String name, JsonNode golden, JsonNode written) {
        assertThat(Golden.differences(golden, written))
                .as(name
                        + " no longer looks as other versions know it. If that is meant and they can live with it, the "
                        + "new form belongs into the next folder beside the old one:\n" + written.toPrettyString()
                        + "\n")
                .isEmpty();
    }

    private static Object read(JsonNode tree, WireMessage message) {
        return WireFormat.decode(Golden.bytes(tree), message.type());
    }

    private static Fault readFault(JsonNode message, JsonNode golden) {
        return FaultFormat.read(
                "test.ask",
                new ReplyException(
                        ReplyFailure.RECIPIENT_FAILURE,
                        golden.get("failureCode").asInt(),
                        message.toString()));
    }

    private static MultiMap headersOf(JsonNode golden) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        Stream.of(golden)
                .flatMap(node -> node.properties().stream())
                .forEach(field -> headers.set(field.getKey(), field.getValue().asText()));
        return headers;
    }
}
