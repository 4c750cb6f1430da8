package dev.souk.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.contracts.Caller.Role;
import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTest {
    private static final Contract CONTRACT = Contract.load();

    @Test
    void hasEveryOperationOnce() {
        assertThat(CONTRACT.operations())
                .extracting(ContractOperation::id)
                .contains("placeOrder", "getProduct")
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(20);
    }

    @Test
    void tellsWhoMayDoWhat() {
        assertThat(operation("listProducts").authenticated()).isFalse();
        assertThat(operation("placeOrder").authenticated()).isTrue();
        assertThat(operation("placeOrder").role()).isEmpty();
        assertThat(operation("createProduct").role()).isEqualTo(Optional.of(Role.ADMIN));
    }

    @Test
    void routesAsTheRouterWantsThem() {
        ContractOperation operation = operation("changeProduct");

        assertThat(operation.method()).isEqualTo(HttpMethod.PATCH);
        assertThat(operation.route()).isEqualTo("/api/v1/products/:productId");
    }

    @Test
    void everythingUnderTheAdminsCallsAsksForAnAdmin() {
        assertThat(CONTRACT.operations())
                .filteredOn(operation -> operation.role().isPresent())
                .extracting(ContractOperation::id)
                .containsExactlyInAnyOrder(
                        "listUsers",
                        "createProduct",
                        "changeProduct",
                        "archiveProduct",
                        "getStock",
                        "adjustStock",
                        "shipOrder",
                        "deliverOrder",
                        "createWebhook",
                        "listWebhooks",
                        "deleteWebhook",
                        "listDeliveries",
                        "redeliverEvent",
                        "listServices",
                        "registerService",
                        "removeService");
    }

    @Test
    void refusesAnOperationThatDoesNotSayWhetherItIsPublic() {
        String contract = """
                paths:
                  /a:
                    get: {operationId: a}
                """;

        assertThatThrownBy(() -> Contract.parse(contract)).hasMessageContaining("get /a does not say");
    }

    @Test
    void refusesAReferenceThatLeadsNowhereOrInACircle() {
        assertThatThrownBy(() -> Contract.parse("a: {$ref: '#/b'}")).hasMessageContaining("#/b leads nowhere");
        assertThatThrownBy(() -> Contract.parse("a: {$ref: '#/a'}")).hasMessageContaining("circle");
    }

    @Test
    void everyCallThatMayBeLimitedSaysSo() {
        assertThat(CONTRACT.operations())
                .extracting(ContractOperation::id)
                .filteredOn(id -> !AnswerSchemas.mayAnswer(id, 429))
                .containsExactlyInAnyOrder("getHealth", "getReady");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deprecated: true", "x-souk-sunset: 2027-05-01", "deprecated: true, x-souk-sunset: soon"})
    void refusesAnEndWithoutItsDay(String end) {
        String contract = "paths: {/a: {get: {operationId: a, security: [], " + end + "}}}";

        assertThatThrownBy(() -> Contract.parse(contract)).hasMessageContaining("x-souk-sunset");
    }

    private static ContractOperation operation(String id) {
        return CONTRACT.operations().stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
