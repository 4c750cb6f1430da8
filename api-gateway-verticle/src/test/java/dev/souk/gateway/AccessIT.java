package dev.souk.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.souk.gateway.HttpShop.Reply;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.contract.ContractOperation;
import dev.souk.kit.testing.ServiceFixture;
import io.vertx.core.Vertx;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every call of the contract, by those who may not. */
@TestInstance(Lifecycle.PER_CLASS)
class AccessIT {
    private final Vertx vertx = Vertx.vertx();
    private GatewayFixture gateway;

    @BeforeAll
    void start() {
        gateway = GatewayFixture.start(vertx, Map.of());
    }

    @BeforeEach
    void reset() {
        gateway.services().reset();
    }

    @AfterAll
    void stop() {
        ServiceFixture.await(vertx.close());
    }

    @ParameterizedTest
    @MethodSource("notPublic")
    void nobodyIsLetIn(String method, String path) {
        Reply reply = gateway.nobody().send(method, path, BodyPublishers.noBody());

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.slug()).isEqualTo("unauthenticated");
        assertThat(gateway.services().asked()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("forAdmins")
    void aCustomerIsNoAdmin(String method, String path) {
        Reply reply = gateway.customer().send(method, path, BodyPublishers.noBody());

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.slug()).isEqualTo("forbidden");
        assertThat(gateway.services().asked()).isEmpty();
    }

    static Stream<Arguments> notPublic() {
        return operations(ContractOperation::authenticated);
    }

    static Stream<Arguments> forAdmins() {
        return operations(operation -> operation.role().isPresent());
    }

    private static Stream<Arguments> operations(Predicate<ContractOperation> which) {
        return Contract.load().operations().stream()
                .filter(which)
                .map(operation -> argumentSet(
                        operation.id(),
                        operation.method().name(),
                        operation.path().replaceAll("\\{[A-Za-z]+}", GatewayFixture.ORDER.toString())));
    }
}
