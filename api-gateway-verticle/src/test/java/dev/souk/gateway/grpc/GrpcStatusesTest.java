package dev.souk.gateway.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Code;
import dev.souk.gateway.problem.ProblemCatalogue;
import io.vertx.grpc.common.GrpcStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrpcStatusesTest {
    private static final ProblemCatalogue CATALOGUE = ProblemCatalogue.load();

    private static final Map<Code, GrpcStatus> AGREED = Map.ofEntries(
            Map.entry(Code.INVALID_REQUEST, GrpcStatus.INVALID_ARGUMENT),
            Map.entry(Code.UNAUTHENTICATED, GrpcStatus.UNAUTHENTICATED),
            Map.entry(Code.INVALID_CREDENTIALS, GrpcStatus.UNAUTHENTICATED),
            Map.entry(Code.FORBIDDEN, GrpcStatus.PERMISSION_DENIED),
            Map.entry(Code.NOT_FOUND, GrpcStatus.NOT_FOUND),
            Map.entry(Code.EMAIL_TAKEN, GrpcStatus.ALREADY_EXISTS),
            Map.entry(Code.SKU_TAKEN, GrpcStatus.ALREADY_EXISTS),
            Map.entry(Code.STOCK_NEGATIVE, GrpcStatus.FAILED_PRECONDITION),
            Map.entry(Code.PRECONDITION_FAILED, GrpcStatus.ABORTED),
            Map.entry(Code.PRODUCT_NOT_FOUND, GrpcStatus.FAILED_PRECONDITION),
            Map.entry(Code.IDEMPOTENCY_KEY_REUSED, GrpcStatus.FAILED_PRECONDITION),
            Map.entry(Code.REQUEST_IN_PROGRESS, GrpcStatus.ABORTED),
            Map.entry(Code.OVERLOADED, GrpcStatus.RESOURCE_EXHAUSTED),
            Map.entry(Code.UNAVAILABLE, GrpcStatus.UNAVAILABLE),
            Map.entry(Code.TIMEOUT, GrpcStatus.DEADLINE_EXCEEDED),
            Map.entry(Code.INTERNAL, GrpcStatus.INTERNAL),
            Map.entry(Code.ORDER_NOT_CANCELLABLE, GrpcStatus.FAILED_PRECONDITION),
            Map.entry(Code.ILLEGAL_TRANSITION, GrpcStatus.FAILED_PRECONDITION));

    @ParameterizedTest
    @EnumSource(Code.class)
    void everyFaultHasTheStatusThatWasAgreed(Code code) {
        GrpcProblem told = GrpcProblem.of(Fault.of(code, "order.place on node-7"), CATALOGUE, "id");

        assertThat(told.status()).isEqualTo(AGREED.get(code));
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"INTERNAL", "TIMEOUT", "UNAVAILABLE"})
    void whatIsMeantForTheOperatorIsNotTold(Code code) {
        GrpcProblem told = GrpcProblem.of(Fault.of(code, "order.place on node-7"), CATALOGUE, "id");

        assertThat(told.details("id").toString()).doesNotContain("node-7");
    }

    @Test
    void aBugIsInternalAndTellsNothing() {
        GrpcProblem told = GrpcProblem.of(new IllegalStateException("secret"), CATALOGUE, "id");

        assertThat(told.status()).isEqualTo(GrpcStatus.INTERNAL);
        assertThat(told.details("id").toString()).doesNotContain("secret").doesNotContain("IllegalState");
    }

    @Test
    void everyKindOfProblemButABugHasAStatusOfItsOwn() {
        assertThat(CATALOGUE.all())
                .filteredOn(kind -> kind.status() != 500)
                .allSatisfy(kind -> assertThat(statusOf(kind)).as(kind.slug()).isNotEqualTo(GrpcStatus.INTERNAL));
    }

    private static GrpcStatus statusOf(ProblemCatalogue.Kind kind) {
        return GrpcStatuses.of(kind.status());
    }
}
