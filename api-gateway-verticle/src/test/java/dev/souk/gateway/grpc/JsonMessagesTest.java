package dev.souk.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.grpc.v1.CreateProductRequest;
import dev.souk.gateway.grpc.v1.ListOrdersRequest;
import dev.souk.gateway.grpc.v1.ListProductsRequest;
import dev.souk.gateway.grpc.v1.Money;
import dev.souk.gateway.grpc.v1.NewOrderItem;
import dev.souk.gateway.grpc.v1.Order;
import dev.souk.gateway.grpc.v1.OrderPart;
import dev.souk.gateway.grpc.v1.OrderStatus;
import dev.souk.gateway.grpc.v1.PlaceOrderRequest;
import dev.souk.gateway.grpc.v1.Product;
import dev.souk.gateway.grpc.v1.ProductSort;
import dev.souk.gateway.grpc.v1.Role;
import dev.souk.gateway.grpc.v1.User;
import dev.souk.kit.bus.WireFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonMessagesTest {
    private static final JsonNode CONTRACT = document();

    @Test
    void writesNumbersAsNumbersAndWhatIsZeroToo() {
        PlaceOrderRequest request = PlaceOrderRequest.newBuilder()
                .addItems(NewOrderItem.newBuilder().setProductId("p"))
                .build();

        assertThat(JsonMessages.write(request).toString())
                .isEqualTo(
                        "{\"items\":[{\"productId\":\"p\",\"quantity\":0}],\"paymentMethod\":\"\",\"respondAsync\":false}");
    }

    @Test
    void leavesOutWhatIsNotSet() {
        CreateProductRequest request = CreateProductRequest.newBuilder()
                .setSku("S")
                .setName("N")
                .setPrice(Money.newBuilder().setAmount(1L << 60).setCurrency("USD"))
                .build();

        assertThat(JsonMessages.write(request).toString())
                .isEqualTo(
                        "{\"sku\":\"S\",\"name\":\"N\",\"price\":{\"amount\":1152921504606846976,\"currency\":\"USD\"},\"stock\":0}");
    }

    @Test
    void callsConstantsWhatTheContractCallsThem() {
        assertThat(JsonMessages.write(ListOrdersRequest.newBuilder()
                                .setStatus(OrderStatus.ORDER_STATUS_PENDING)
                                .build())
                        .path("status")
                        .asText())
                .isEqualTo("PENDING");
        assertThat(JsonMessages.write(ListOrdersRequest.getDefaultInstance()).has("status"))
                .isFalse();
        assertThat(JsonMessages.write(ListProductsRequest.newBuilder()
                                .setSortValue(99)
                                .build())
                        .path("sort")
                        .asText())
                .contains("99");
        assertThat(ProductSort.PRODUCT_SORT_PRICE_DESCENDING.getNumber()).isEqualTo(3);
    }

    @Test
    void freeObjectsAreWhatTheyWere() throws JsonProcessingException {
        JsonNode json = json("{\"a\":[1,2.5,-3,\"x\",true,null,{\"b\":{}}],\"c\":9007199254740992,\"d\":1.5}");

        assertThat(WireFormat.encode(FreeObjects.write(FreeObjects.read(json))).toString())
                .isEqualTo(json.toString());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void noNumberIsNoNumber(double number) {
        Struct struct = Struct.newBuilder()
                .putFields("x", Value.newBuilder().setNumberValue(number).build())
                .build();

        assertThatThrownBy(() -> FreeObjects.write(struct)).isInstanceOf(Fault.class);
    }

    @Test
    void readsTheProductOfTheContract() {
        Product product =
                JsonMessages.read(CONTRACT.at("/components/examples/Product/value"), Product.getDefaultInstance());

        assertThat(product.getSku()).isEqualTo("LAMP-01");
        assertThat(product.getPrice().getAmount()).isEqualTo(120_000);
        assertThat(product.getAttributes().getFieldsOrThrow("colour").getStringValue())
                .isEqualTo("gold");
        assertThat(product.getCreatedAt().getSeconds()).isPositive();
        assertThat(product.isInitialized() && product.getVersion() > 0).isTrue();
    }

    @Test
    void readsTheOrderOfTheContractThatCouldNotBeHadInFull() {
        JsonNode example = CONTRACT.at(
                "/paths/~1api~1v1~1orders~1{orderId}/get/responses/200/content/application~1json/examples/expanded/value");

        Order order = JsonMessages.read(example, Order.getDefaultInstance());

        assertThat(order.getStatus()).isEqualTo(OrderStatus.ORDER_STATUS_CONFIRMED);
        assertThat(order.getReason()).isEmpty();
        assertThat(order.getItems(0).hasProduct()).isFalse();
        assertThat(order.getItems(0).getLineTotal().getAmount()).isEqualTo(240_000);
        assertThat(order.getUser().getRole()).isEqualTo(Role.ROLE_CUSTOMER);
        assertThat(order.getDegradedList()).containsExactly(OrderPart.ORDER_PART_PRODUCTS);
    }

    @ParameterizedTest
    @CsvSource({"customer, ROLE_CUSTOMER", "admin, ROLE_ADMIN", "auditor, ROLE_UNSPECIFIED"})
    void aConstantThatIsNotKnownIsUnspecified(String role, Role expected) throws JsonProcessingException {
        User user = JsonMessages.read(json("{\"role\":\"" + role + "\",\"shoeSize\":43}"), User.getDefaultInstance());

        assertThat(user.getRole()).isEqualTo(expected);
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return WireFormat.mapper().readTree(text);
    }

    private static JsonNode document() {
        try {
            return json(Contract.load().json());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
