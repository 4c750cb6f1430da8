package dev.souk.gateway.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.souk.gateway.contract.Contract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ApiRouterTest {
    private static final Contract CONTRACT = Contract.parse("""
            paths:
              /a:
                get: {operationId: readA, security: []}
                post: {operationId: makeA, security: []}
            """);

    @Test
    void bindsWhatCoversTheContract(Vertx vertx) {
        assertThatCode(() -> bind(vertx, handlers())).doesNotThrowAnyException();
    }

    @Test
    void namesAnOperationWithoutAHandler(Vertx vertx) {
        Map<String, ApiHandler> handlers = handlers();
        handlers.remove("makeA");

        assertThatThrownBy(() -> bind(vertx, handlers)).hasMessageContaining("makeA has no handler");
    }

    @Test
    void namesAHandlerWithoutAnOperation(Vertx vertx) {
        Map<String, ApiHandler> handlers = handlers();
        handlers.put("dropA", request -> Future.succeededFuture(Answer.done()));

        assertThatThrownBy(() -> bind(vertx, handlers)).hasMessageContaining("no operation for the handlers [dropA]");
    }

    private static Map<String, ApiHandler> handlers() {
        ApiHandler done = request -> Future.succeededFuture(Answer.done());
        return new HashMap<>(Map.of("readA", done, "makeA", done));
    }

    private static void bind(Vertx vertx, Map<String, ApiHandler> handlers) {
        new ApiRouter(null, null, null, null).bind(vertx, CONTRACT, handlers);
    }
}
