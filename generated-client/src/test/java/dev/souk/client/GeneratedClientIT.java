package dev.souk.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.client.generated.ApiClient;
import dev.souk.client.generated.ApiException;
import dev.souk.client.generated.ApiResponse;
import dev.souk.client.generated.api.OrdersApi;
import dev.souk.client.generated.api.ProductsApi;
import dev.souk.client.generated.api.UsersApi;
import dev.souk.client.generated.model.Credentials;
import dev.souk.client.generated.model.ExpandedOrder;
import dev.souk.client.generated.model.NewOrder;
import dev.souk.client.generated.model.NewOrderItem;
import dev.souk.client.generated.model.Order;
import dev.souk.client.generated.model.OrderStatus;
import dev.souk.client.generated.model.Product;
import dev.souk.client.generated.model.Registration;
import dev.souk.client.generated.model.User;
import dev.souk.launcher.testing.ShopProcess;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a stock generator makes of the contract, as a customer's program uses it. */
class GeneratedClientIT {
    private static final String PASSWORD = "generated, but not guessed";
    private static final Map<String, String> SETTINGS = ShopProcess.settings("generated-client");

    private static ShopProcess shop;
    private static ApiClient client;
    private static User user;

    @BeforeAll
    static void start() throws ApiException {
        shop = ShopProcess.souk(SETTINGS, "up").awaitReady();
        client = new ApiClient();
        client.updateBaseUri(ShopProcess.url(SETTINGS).toString());
        UsersApi users = new UsersApi(client);
        String email = UUID.randomUUID() + "@example.com";
        user = users.registerUser(new Registration().name("Ada").email(email).password(PASSWORD), Map.of());
        String token = users.createToken(new Credentials().email(email).password(PASSWORD))
                .getAccessToken();
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    }

    @AfterAll
    static void stop() {
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void placesAnOrderAndReadsIt() throws ApiException {
        OrdersApi orders = new OrdersApi(client);
        Product lamp = anyProduct();
        NewOrder wish = order(lamp, 2, "pm_card_visa");
        String key = UUID.randomUUID().toString();

        Order placed = orders.placeOrder(key, wish, null);
        ApiResponse<Order> replayed = orders.placeOrderWithHttpInfo(key, wish, null);
        ExpandedOrder read = orders.getOrder(placed.getId(), "user,products", null);

        assertThat(placed.getStatus()).isEqualTo(OrderStatus.CONFIRMED);
        assertThat(placed.getReason()).isNull();
        assertThat(placed.getTotal().getAmount()).isEqualTo(2 * lamp.getPrice().getAmount());
        assertThat(replayed.getData()).isEqualTo(placed);
        assertThat(replayed.getHeaders().get("idempotency-replayed")).containsExactly("true");
        assertThat(read.getUser()).isEqualTo(user);
        assertThat(read.getItems().getFirst().getProduct().getSku()).isEqualTo(lamp.getSku());
        assertThat(orders.listPayments(placed.getId()).getItems()).hasSize(1);
    }

    @Test
    void aProblemIsAnExceptionWithItsStatus() throws ApiException {
        NewOrder wish = order(anyProduct(), 1, "pm_card_declined");

        assertThatThrownBy(
                        () -> new OrdersApi(client).placeOrder(UUID.randomUUID().toString(), wish, null))
                .isInstanceOfSatisfying(ApiException.class, refused -> {
                    assertThat(refused.getCode()).isEqualTo(402);
                    assertThat(refused.getResponseBody()).contains("/problems/payment-declined");
                });
    }

    private static Product anyProduct() throws ApiException {
        return new ProductsApi(client)
                .listProducts("lamp", "name", 1, null)
                .getItems()
                .getFirst();
    }

    private static NewOrder order(Product product, int quantity, String paymentMethod) {
        return new NewOrder()
                .addItemsItem(new NewOrderItem().productId(product.getId()).quantity(quantity))
                .paymentMethod(paymentMethod);
    }
}
